// SPDX-License-Identifier: GPL-2.0
/*
 * parrotcost CASE - what an unprivileged reader of a parrot costs others
 *
 *	timers	20,000 epoll items on 1,000 open files: the duration of the
 *		longest timer callback, which blocks its CPU.
 *		PARROT_EPOLLS: number of items of each file, instead of 20
 *	memory	animations that are replaced while readers are within a frame or
 *		in the middle of a copy, and while pipes have some of their
 *		pages: how much of their memory is not freed.
 *		PARROT_CHANGES: number of replacements, instead of 6
 *	charge	the memory of open files is charged to the memory cgroup of the
 *		task that opens them, and a splice allocates none. Requires
 *		that cgroup2 is mounted at /run/cgroup2
 */
#include "parrot.h"

#include <linux/userfaultfd.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

#define NOBODY		65534
#define PIPE_SIZE	65536

static void write_file(const char *name, const char *text)
{
	int fd = open(name, O_WRONLY);

	need(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text),
	     "cannot write %s to %s: %s", text, name, errname(errno));
	close(fd);
}

/* Sets the limit of open files to @files, then drops all privileges. */
static void become_nobody(rlim_t files)
{
	const struct rlimit limit = { files, files };

	need(!setrlimit(RLIMIT_NOFILE, &limit), "setrlimit: %s", errname(errno));
	need(!setgid(NOBODY) && !setuid(NOBODY), "setuid: %s", errname(errno));
}

static void child_succeeded(pid_t pid)
{
	int status;

	need(waitpid(pid, &status, 0) == pid && status == 0,
	     "the child ended with status 0x%x", status);
}

/* Two processes alternate: one waits in hear() until the other calls tell(). */
static void tell(int fd)
{
	need(write(fd, "", 1) == 1, "the other process has ended");
}

static void hear(int fd)
{
	char byte;

	need(read(fd, &byte, 1) == 1, "the other process has ended");
}

#define TRACES		"/sys/kernel/tracing/"
#define INSTANCE	TRACES "instances/parrotcost/"
#define FILES		1000
#define ROUNDS		2
#define CALLBACKS_MAX	4096

static void stay_on_one_processor(void)
{
	cpu_set_t first;

	CPU_ZERO(&first);
	CPU_SET(0, &first);
	need(!sched_setaffinity(0, sizeof(first), &first),
	     "sched_setaffinity: %s", errname(errno));
}

static void crowd_of_items(int epolls, int orders, int done)
{
	struct epoll_event event = { .events = EPOLLIN | EPOLLET };
	static struct pollfd files[FILES];
	int i, k;

	/* Callbacks on several CPUs would wait for each other. */
	stay_on_one_processor();
	become_nobody(FILES + epolls + 16);
	for (i = 0; i < FILES; i++)
		files[i] = (struct pollfd){ node("timers", 0), POLLIN, 0 };
	for (k = 0; k < epolls; k++) {
		int epfd = epoll_create1(0);

		for (i = 0; i < FILES; i++)
			need(!epoll_ctl(epfd, EPOLL_CTL_ADD, files[i].fd, &event),
			     "EPOLL_CTL_ADD: %s", errname(errno));
	}
	for (i = 0; i < ROUNDS; i++) {
		tell(done);
		hear(orders);
		/* poll() starts the timer of each file. */
		need(poll(files, FILES, 0) == FILES, "no frame in %d files", FILES);
	}
	tell(done);
	hear(orders);
}

static void clear_trace(void)
{
	close(open(INSTANCE "trace", O_WRONLY | O_TRUNC));
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? 1 : x > y ? -1 : 0;
}

/*
 * Return: duration of the longest timer callback in the trace, in s. Omits the
 * longest tenth, because other work of the machine can prolong callbacks. The
 * trace has pairs of lines:
 *
 *	TASK-PID [CPU] FLAGS SECONDS: hrtimer_expire_entry: ... function=F ...
 *	TASK-PID [CPU] FLAGS SECONDS: hrtimer_expire_exit: ...
 */
static double longest_callback(size_t *count)
{
	static double took[CALLBACKS_MAX];
	FILE *trace = fopen(INSTANCE "trace", "r");
	double begun[64] = { 0 };
	char line[512];

	need(trace, "no " INSTANCE "trace");
	*count = 0;
	while (fgets(line, sizeof(line), trace) && *count < CALLBACKS_MAX) {
		char *event = strstr(line, ": hrtimer_expire_"), *at = event;
		char *cpu = strstr(line, " [");
		unsigned int i;

		if (!event || !cpu || cpu > event)
			continue;
		while (at > line && at[-1] != ' ')
			at--;
		i = strtoul(cpu + 2, NULL, 10) % ARRAY_SIZE(begun);
		if (strstr(event, "function=parrot_tick")) {
			begun[i] = strtod(at, NULL);
		} else if (strstr(event, "_exit") && begun[i]) {
			took[(*count)++] = strtod(at, NULL) - begun[i];
			begun[i] = 0;
		}
	}
	fclose(trace);
	need(*count, "no timer of a parrot has expired");
	qsort(took, *count, sizeof(took[0]), by_size);
	return took[*count / 10];
}

static void case_timers(void)
{
	const char *wanted = getenv("PARROT_EPOLLS");
	int orders[2], done[2], epolls = wanted ? atoi(wanted) : 20, i;
	double callback = LATE, all = LATE, took;
	size_t count;
	pid_t pid;

	mkdir(INSTANCE, 0755);
	write_file(INSTANCE "events/timer/hrtimer_expire_entry/enable", "1");
	write_file(INSTANCE "events/timer/hrtimer_expire_exit/enable", "1");
	make("timers", "0.001", "count", "none");
	need(!pipe(orders) && !pipe(done), "pipe: %s", errname(errno));
	fflush(stdout);
	pid = fork();
	if (!pid) {
		close(orders[1]);
		close(done[0]);
		crowd_of_items(epolls, orders[0], done[1]);
		_exit(0);
	}
	close(orders[0]);
	close(done[1]);
	for (i = 0; i < ROUNDS; i++) {
		hear(done[0]);
		/* This takes as long as a callback that wakes all items. */
		took = now();
		set("timers", "frame_rate", "5");
		took = now() - took;
		if (took < all)
			all = took;
		clear_trace();
		tell(orders[1]);
		nap(0.3);
		took = longest_callback(&count);
		printf("%d items, %zu callbacks, the longest %.0f us; all items woken in %.0f us\n",
		       FILES * epolls, count, took * 1e6, all * 1e6);
		if (took < callback)
			callback = took;
		set("timers", "frame_rate", "0.001");
	}
	hear(done[0]);
	tell(orders[1]);
	child_succeeded(pid);
	drop("timers");
	rmdir(INSTANCE);
	/* A callback should wake the items of one file, a thousandth of all. */
	need(callback < all / 10, "a callback takes %.0f us, to wake all items takes %.0f us",
	     callback * 1e6, all * 1e6);
}

/* Return: sum of the numbers that match @format in the lines of a file. */
static long sum_of(const char *name, const char *format)
{
	FILE *file = fopen(name, "r");
	char line[256];
	long sum = 0, value;

	need(file, "no %s", name);
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, format, &value) == 1)
			sum += value;
	fclose(file);
	return sum;
}

/*
 * Return: available memory in KiB. Includes freed pages that the CPUs keep, up
 * to some 50 MiB.
 */
static long available(void)
{
	return sum_of("/proc/meminfo", "MemAvailable: %ld") +
	       sum_of("/proc/zoneinfo", " count: %ld") *
	       (sysconf(_SC_PAGESIZE) >> 10);
}

/*
 * Maps memory: a task that touches it waits until give_memory() is called.
 * Return: the userfaultfd.
 */
static int stalling_memory(char **memory, size_t size)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register area = { .mode = UFFDIO_REGISTER_MODE_MISSING };
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC);

	need(fd >= 0 && !ioctl(fd, UFFDIO_API, &api), "userfaultfd: %s",
	     errname(errno));
	*memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	area.range.start = (unsigned long)*memory;
	area.range.len = size;
	need(*memory != MAP_FAILED && !ioctl(fd, UFFDIO_REGISTER, &area),
	     "UFFDIO_REGISTER: %s", errname(errno));
	return fd;
}

static void give_memory(int uffd, char *memory, size_t size)
{
	struct uffdio_zeropage zero = {
		.range = { (unsigned long)memory, size },
	};

	need(!ioctl(uffd, UFFDIO_ZEROPAGE, &zero), "UFFDIO_ZEROPAGE: %s",
	     errname(errno));
}

/* More than a read takes from an animation at a time. */
#define STALLED_SIZE	65536

struct stalled {
	pthread_t thread;
	int fd;
	char *memory;
	long got;
};

static void *read_stalled(void *data)
{
	struct stalled *stalled = data;

	stalled->got = result(read(stalled->fd, stalled->memory,
				   STALLED_SIZE));
	return NULL;
}

/* Checks that the file has the end of a cut frame, and then no more bytes. */
static void check_cut(int fd)
{
	char bytes[4096];
	long got = result(read(fd, bytes, sizeof(bytes)));

	need(got == strlen(CUT) && !memcmp(bytes, CUT, got),
	     "not the end of a cut frame: %s", said(got));
	got = result(read(fd, bytes, sizeof(bytes)));
	need(got == -EAGAIN, "after the end of a cut frame: %s", said(got));
}

/* The knob was opened before privileges were dropped, so this may write. */
static void change(int knob, const char *value)
{
	long got = result(pwrite(knob, value, strlen(value), 0));

	need(got == (long)strlen(value), "animation: %s", said(got));
}

/*
 * Splices as much of a frame into a new pipe as the pipe takes. Return: the
 * pipe's end to read.
 */
static int fill_pipe(int fd)
{
	int ends[2];
	long got;

	need(!pipe(ends), "pipe: %s", errname(errno));
	got = result(splice(fd, NULL, ends[1], NULL, PIPE_SIZE, 0));
	need(got > PIPE_SIZE / 2, "splice: %s", said(got));
	return ends[0];
}

static void case_memory(void)
{
	const char *wanted = getenv("PARROT_CHANGES");
	int changes = wanted ? atoi(wanted) : 6, knob, uffd, i;
	struct stalled *stalled = calloc(changes, sizeof(*stalled));
	int *within = calloc(changes, sizeof(*within));
	int *spliced = calloc(changes, sizeof(*spliced));
	int *pipes = calloc(changes, sizeof(*pipes));
	struct uffd_msg message;
	char bytes[4096], old[4096], *memory;
	long before, kept;

	make_big_animation();
	make("memory", "0.001", "big", "none");
	knob = open(path(CLASS, "memory", "animation"), O_WRONLY);
	need(knob >= 0, "cannot open the knob animation");
	uffd = stalling_memory(&memory, (size_t)changes * STALLED_SIZE);
	become_nobody(6 * changes + 16);
	for (i = 0; i < changes; i++) {
		within[i] = node("memory", O_NONBLOCK);
		stalled[i].fd = node("memory", O_NONBLOCK);
		stalled[i].memory = memory + (size_t)i * STALLED_SIZE;
		spliced[i] = node("memory", O_NONBLOCK);
	}

	before = available();
	for (i = 0; i < changes; i++) {
		need(read(within[i], bytes, sizeof(bytes)) == sizeof(bytes),
		     "no %zu bytes of a frame", sizeof(bytes));
		pipes[i] = fill_pipe(spliced[i]);
		need(!pthread_create(&stalled[i].thread, NULL, read_stalled,
				     &stalled[i]), "no thread");
		need(read(uffd, &message, sizeof(message)) == sizeof(message),
		     "no fault: %s", errname(errno));
		change(knob, "big");
	}
	kept = before - available();
	printf("%d animations of 4 MiB replaced under %d readers: %ld KiB not freed\n",
	       changes, 3 * changes, kept);
	need(kept < changes * (BIG_SIZE >> 10) / 4,
	     "%d animations of 4 MiB replaced: %ld KiB not freed", changes,
	     kept);

	for (i = 0; i < changes; i++) {
		give_memory(uffd, stalled[i].memory, STALLED_SIZE);
		pthread_join(stalled[i].thread, NULL);
		need(stalled[i].got > 0 && stalled[i].got < STALLED_SIZE,
		     "a copy during which the animation was replaced: %s",
		     said(stalled[i].got));
		check_cut(stalled[i].fd);
		check_cut(within[i]);
		check_cut(spliced[i]);
		need(read(pipes[i], old, sizeof(old)) == sizeof(old) &&
		     !memcmp(old, bytes, sizeof(old)),
		     "a pipe has lost the frame of a replaced animation");
	}
}

#define GROUPS		"/run/cgroup2/"
#define GROUP		GROUPS "reader/"
#define CHARGED_FILES	20000
#define PIPES		64

/*
 * Minimum charge in bytes for an open file of our modules. A roulette's slab
 * object has 128 bytes. The kernel charges a CPU up to 64 pages in advance, so
 * the difference of two charges is off by 512 KiB at most. That is less than 28
 * bytes for each of CHARGED_FILES.
 */
#define CHARGE_MIN	100

static long charged(void)
{
	char text[32] = "";
	int fd = open(GROUP "memory.current", O_RDONLY);

	need(fd >= 0 && read(fd, text, sizeof(text) - 1) > 0,
	     "no memory.current: %s", errname(errno));
	close(fd);
	return strtol(text, NULL, 10);
}

static void open_many(const char *name)
{
	int i;

	for (i = 0; i < CHARGED_FILES; i++)
		need(open(name, O_RDONLY) >= 0, "cannot open %s: %s", name,
		     errname(errno));
}

static void fill_pipes(const char *name)
{
	int fd = open(name, O_RDONLY), i;

	need(fd >= 0, "cannot open %s: %s", name, errname(errno));
	for (i = 0; i < PIPES; i++)
		fill_pipe(fd);
}

/*
 * Return: number of bytes that a cgroup is charged when a process in it calls
 * @take. Creates a new cgroup each time, because the kernel uncharges freed
 * memory with a delay.
 */
static long charge_of(const char *what, void (*take)(const char *name),
		      const char *name)
{
	int ends[2];
	long bytes;
	pid_t pid;

	need(!mkdir(GROUP, 0755), "no cgroup: %s", errname(errno));
	need(!pipe(ends), "pipe: %s", errname(errno));
	fflush(stdout);
	pid = fork();
	if (!pid) {
		write_file(GROUP "cgroup.procs", "0");
		stay_on_one_processor();
		become_nobody(CHARGED_FILES + 100);
		/* Grow the table of open files before the measurement. */
		need(dup2(0, CHARGED_FILES + 50) > 0, "dup2: %s", errname(errno));
		bytes = charged();
		take(name);
		bytes = charged() - bytes;
		need(write(ends[1], &bytes, sizeof(bytes)) == sizeof(bytes),
		     "write: %s", errname(errno));
		_exit(0);
	}
	child_succeeded(pid);
	need(read(ends[0], &bytes, sizeof(bytes)) == sizeof(bytes), "read: %s",
	     errname(errno));
	close(ends[0]);
	close(ends[1]);
	need(!rmdir(GROUP), "rmdir of the cgroup: %s", errname(errno));
	printf("%s: %ld KiB\n", what, bytes >> 10);
	return bytes;
}

static void case_charge(void)
{
	const long least = (long)CHARGED_FILES * CHARGE_MIN;
	const char *old = "/tmp/parrotcost-node";
	long none, parrot, roulette, pages;
	struct stat st;

	make_big_animation();
	make("charge", "0.001", "big", "none");
	/* A node of the roulette that all users may read. */
	need(!stat("/dev/kernel-roulette", &st) &&
	     !mknod(old, S_IFCHR | 0444, st.st_rdev) && !chmod(old, 0444),
	     "mknod: %s", errname(errno));
	write_file(GROUPS "cgroup.subtree_control", "+memory");
	none = charge_of("20000 open files of null", open_many, "/dev/null");
	parrot = charge_of("of a parrot", open_many, "/dev/roulette/charge") - none;
	roulette = charge_of("of a roulette", open_many, old) - none;
	pages = charge_of("4096 KiB in pipes", fill_pipes, "/dev/roulette/charge");
	need(parrot > least, "a parrot's open files: %ld bytes charged", parrot);
	need(roulette > least, "a roulette's open files: %ld bytes charged", roulette);
	/* Only the pipes themselves, see CHARGE_MIN for the error. */
	need(pages < PIPES * PIPE_SIZE * 3 / 4, "splice: %ld bytes charged", pages);
	unlink(old);
	drop("charge");
}

int main(int argc, char **argv)
{
	static const struct test_case cases[] = {
		{ "timers", case_timers }, { "memory", case_memory },
		{ "charge", case_charge },
	};

	return run_case(cases, ARRAY_SIZE(cases), argc, argv);
}
