// SPDX-License-Identifier: GPL-2.0
/*
 * churn - creates and removes many devices and modules, also while other
 * threads use them
 *
 *	churn many TYPE COUNT PROCESSES
 *		Each process creates COUNT instances, then removes them. Checks
 *		that the configfs directory, the sysfs directory and the node
 *		exist when mkdir returns, and do not exist when rmdir returns.
 *	churn race TYPE NAME KNOB VALUE SECONDS
 *		Threads create and remove the instance NAME. Other threads
 *		open, poll and read its node. Others open, read and write its
 *		KNOB in sysfs and configfs, or list the instances of TYPE.
 *	churn modules COUNT DEVICE TYPE FILE...
 *		Loads the modules in this order and unloads them in reverse
 *		order, COUNT times. Meanwhile threads open DEVICE, read its
 *		sysfs file "type", and create, remove and list instances of
 *		TYPE.
 *
 * For race and modules, SECONDS and COUNT are minimums. The run continues until
 * each thread has succeeded once, but for at most PATIENCE seconds: whether a
 * thread succeeds depends on timing. Then churn prints how often each thread
 * succeeded and failed.
 *
 * Exits 1 if a call failed with an errno that is not allowed, or if a thread
 * never succeeded; exits 2 on wrong arguments.
 */
#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "errname.h"

#define CLASS	"/sys/class/roulette"
#define CONFIG	"/sys/kernel/config/roulette"
#define PATIENCE 60

/* What the threads use: paths, and the value that they write. */
static char instance[256], node[256], class_knob[256], config_knob[256];
static char type_dir[256];
static const char *knob_value;
static bool stop;

static int many_one(const char *type, int process, int number, bool there)
{
	const char * const where[] = { CONFIG, CLASS, "/dev/roulette" };
	char path[256];
	size_t i;
	int ret;

	snprintf(path, sizeof(path), "%s/%s/m%d-%d", CONFIG, type, process,
		 number);
	ret = there ? mkdir(path, 0755) : rmdir(path);
	if (ret) {
		printf("%s %s: %s\n", there ? "mkdir" : "rmdir", path,
		       errname(errno));
		return 1;
	}
	for (i = 0; i < 3; i++) {
		snprintf(path, sizeof(path), "%s%s%s/m%d-%d", where[i],
			 i ? "" : "/", i ? "" : type, process, number);
		if (!access(path, F_OK) == there)
			continue;
		printf("%s is %s\n", path, there ? "missing" : "not removed");
		return 1;
	}
	return 0;
}

static int many(const char *type, int count, int processes)
{
	int i, process, status, ret = 0;

	for (process = 0; process < processes; process++) {
		if (fork())
			continue;
		for (i = 0; i < count && !ret; i++)
			ret = many_one(type, process, i, true);
		for (i = 0; i < count && !ret; i++)
			ret = many_one(type, process, i, false);
		exit(ret);
	}
	for (process = 0; process < processes; process++)
		if (wait(&status) < 0 || status)
			ret = 1;
	return ret;
}

/* The operations of the threads. Each thread repeats one of them. */

static int make(void)
{
	return mkdir(instance, 0755) ? -errno : 0;
}

static int unmake(void)
{
	return rmdir(instance) ? -errno : 0;
}

static int use_node(void)
{
	int fd = open(node, O_RDONLY);
	struct pollfd pollfd = { .fd = fd, .events = POLLIN };
	char line[8192];
	int ret = 0;

	if (fd < 0)
		return -errno;
	poll(&pollfd, 1, 0);
	if (read(fd, line, sizeof(line)) < 0)
		ret = -errno;
	close(fd);
	return ret;
}

static int open_node(void)
{
	int fd = open(node, O_RDONLY);

	return fd < 0 ? -errno : close(fd);
}

static int use_knob(const char *knob, bool set)
{
	int fd = open(knob, set ? O_RDWR : O_RDONLY);
	char value[256];
	int ret = 0;

	if (fd < 0)
		return -errno;
	if (read(fd, value, sizeof(value)) < 0 ||
	    (set && write(fd, knob_value, strlen(knob_value)) < 0))
		ret = -errno;
	close(fd);
	return ret;
}

static int use_class_knob(void)
{
	return use_knob(class_knob, true);
}

static int use_config_knob(void)
{
	return use_knob(config_knob, true);
}

static int read_class_knob(void)
{
	return use_knob(class_knob, false);
}

static int list(void)
{
	DIR *dir = opendir(type_dir);

	if (!dir)
		return -errno;
	while (readdir(dir))
		;
	closedir(dir);
	return 0;
}

/**
 * struct worker - a thread that repeats one operation
 * @name: name of the operation, for messages
 * @once: performs the operation once; returns 0 or a negative errno
 * @may: errnos that are allowed, because another thread may be faster
 * @pause_us: pause after each operation, in microseconds
 * @thread: the thread
 * @good: number of operations that succeeded
 * @bad: number of operations that failed
 * @unexpected: first errno that is not in @may, or 0
 */
struct worker {
	const char *name;
	int (*once)(void);
	int may[5];
	int pause_us;
	pthread_t thread;
	unsigned long good, bad;
	int unexpected;
};

#define WORKER(_name, _once, ...) \
	{ .name = _name, .once = _once, .may = { __VA_ARGS__ } }
/* A worker that pauses, so that loads and unloads get enough CPU time. */
#define SLOW_WORKER(_name, _once, ...) \
	{ .name = _name, .once = _once, .pause_us = 500, .may = { __VA_ARGS__ } }
#define MAKERS	3	/* the first workers, which create and remove */

static struct worker race_workers[] = {
	WORKER("mkdir", make, EEXIST),
	WORKER("mkdir", make, EEXIST),
	WORKER("rmdir", unmake, ENOENT),
	WORKER("node", use_node, ENOENT, ENXIO, ENODEV),
	WORKER("node", use_node, ENOENT, ENXIO, ENODEV),
	WORKER("sysfs", use_class_knob, ENOENT, ENODEV),
	WORKER("configfs", use_config_knob, ENOENT, ENODEV),
	WORKER("list", list),
};

static struct worker module_workers[] = {
	/* mkdir fails with EAGAIN while the type's module loads or unloads. */
	WORKER("mkdir", make, ENOENT, EEXIST, EAGAIN),
	SLOW_WORKER("mkdir", make, ENOENT, EEXIST, EAGAIN),
	SLOW_WORKER("rmdir", unmake, ENOENT),
	SLOW_WORKER("node", open_node, ENOENT, ENXIO),
	SLOW_WORKER("sysfs", read_class_knob, ENOENT, ENODEV),
	SLOW_WORKER("list", list, ENOENT),
};

static void *work(void *data)
{
	struct worker *worker = data;
	bool allowed;
	size_t i;
	int ret;

	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		ret = worker->once();
		if (worker->pause_us)
			usleep(worker->pause_us);
		if (!ret) {
			__atomic_fetch_add(&worker->good, 1, __ATOMIC_RELAXED);
			continue;
		}
		allowed = false;
		for (i = 0; i < 5; i++)
			allowed |= ret == -worker->may[i];
		if (!allowed && !worker->unexpected)
			worker->unexpected = -ret;
		worker->bad++;
	}
	return NULL;
}

static void start(struct worker *workers, int count)
{
	int i;

	for (i = 0; i < count; i++) {
		if (pthread_create(&workers[i].thread, NULL, work, &workers[i])) {
			perror("churn");
			exit(2);
		}
	}
}

/* Return: whether a worker has not succeeded yet, and time is left. */
static bool wait_for(struct worker *workers, int count, time_t since)
{
	int i;

	for (i = 0; i < count; i++)
		if (!__atomic_load_n(&workers[i].good, __ATOMIC_RELAXED))
			return time(NULL) < since + PATIENCE;
	return false;
}

static int end(struct worker *workers, int count)
{
	int i, ret = 0;

	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	for (i = 0; i < count; i++) {
		/* The makers have ended: wake workers that wait for data. */
		if (i == MAKERS)
			rmdir(instance);
		pthread_join(workers[i].thread, NULL);
	}
	for (i = 0; i < count; i++) {
		printf("%s: %lu succeeded, %lu failed%s%s\n", workers[i].name,
		       workers[i].good, workers[i].bad,
		       workers[i].unexpected ? ", unexpected error " : "",
		       workers[i].unexpected ? errname(workers[i].unexpected) : "");
		if (workers[i].unexpected || !workers[i].good)
			ret = 1;
	}
	return ret;
}

#define RUN(what, workers, ...) \
	what(workers, sizeof(workers) / sizeof(workers[0]), ##__VA_ARGS__)

static int race(const char *type, const char *name, const char *knob,
		const char *value, int seconds)
{
	time_t since = time(NULL);

	knob_value = value;
	snprintf(type_dir, sizeof(type_dir), CONFIG "/%s", type);
	snprintf(instance, sizeof(instance), CONFIG "/%s/%s", type, name);
	snprintf(config_knob, sizeof(config_knob), CONFIG "/%s/%s/%s", type,
		 name, knob);
	snprintf(class_knob, sizeof(class_knob), CLASS "/%s/%s", name, knob);
	snprintf(node, sizeof(node), "/dev/roulette/%s", name);
	RUN(start, race_workers);
	do {
		sleep(seconds);
	} while (RUN(wait_for, race_workers, since));
	return RUN(end, race_workers);
}

/* Retries on EAGAIN. Return: 0, another errno, or ETIMEDOUT after 120 s. */
static int unload(const char *file)
{
	const char *base = strrchr(file, '/');
	time_t limit = time(NULL) + 120;
	char name[64], *dot;

	snprintf(name, sizeof(name), "%s", base ? base + 1 : file);
	dot = strchr(name, '.');
	if (dot)
		*dot = '\0';
	while (syscall(SYS_delete_module, name, O_NONBLOCK)) {
		if (errno != EAGAIN)
			return errno;
		if (time(NULL) > limit)
			return ETIMEDOUT;
	}
	return 0;
}

static int load(const char *file)
{
	int fd = open(file, O_RDONLY | O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return errno;
	if (syscall(SYS_finit_module, fd, "", 0))
		err = errno;
	close(fd);
	return err;
}

static int modules(int count, const char *device, const char *type,
		   char **files, int files_count)
{
	time_t since = time(NULL);
	const char *what = "load";
	int round, i = 0, err = 0;

	snprintf(type_dir, sizeof(type_dir), CONFIG "/%s", type);
	snprintf(instance, sizeof(instance), CONFIG "/%s/race", type);
	snprintf(class_knob, sizeof(class_knob), CLASS "/%s/type", device);
	snprintf(node, sizeof(node), "/dev/%s", device);
	RUN(start, module_workers);
	for (round = 0; !err && (round < count ||
	     RUN(wait_for, module_workers, since)); round++) {
		what = "load";
		for (i = 0; i < files_count && !err; i++)
			err = load(files[i]);
		if (err)
			break;
		what = "unload";
		for (i = files_count; i-- > 0 && !err;)
			err = unload(files[i]);
	}
	if (err)
		printf("round %d: %s: %s\n", round, what, errname(err));
	return RUN(end, module_workers) || err;
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (argc == 5 && !strcmp(what, "many"))
		return many(argv[2], atoi(argv[3]), atoi(argv[4]));
	if (argc == 7 && !strcmp(what, "race"))
		return race(argv[2], argv[3], argv[4], argv[5], atoi(argv[6]));
	if (argc > 5 && !strcmp(what, "modules"))
		return modules(atoi(argv[2]), argv[3], argv[4], argv + 5,
			       argc - 5);
	fprintf(stderr, "churn: wrong arguments; see the top of tests/tools/churn.c\n");
	return 2;
}
