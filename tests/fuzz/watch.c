// SPDX-License-Identifier: GPL-2.0
/* The supervisor: replaces killed workers and reports threads that hang. */
#include <dirent.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "errname.h"
#include "fuzz.h"

static pid_t pids[MAX_WORKERS];
static bool hung;

static time_t seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec;
}

static void print_file(const char *path)
{
	char line[300];
	FILE *file = fopen(path, "r");

	while (file && fgets(line, sizeof(line), file))
		printf("#     %s%s", line, strchr(line, '\n') ? "" : "\n");
	if (file)
		fclose(file);
}

/* Prints where each thread of a process is. */
static void print_process(const char *pid)
{
	char path[700];
	struct dirent *task;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%s/task", pid);
	dir = opendir(path);
	while (dir && (task = readdir(dir))) {
		static const char *const files[] = { "wchan", "syscall", "stack" };

		if (task->d_name[0] == '.')
			continue;
		printf("#   process %s, thread %s\n", pid, task->d_name);
		for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
			snprintf(path, sizeof(path), "/proc/%s/task/%s/%s", pid,
				 task->d_name, files[i]);
			print_file(path);
		}
	}
	if (dir)
		closedir(dir);
}

/* Prints all fuzzer processes, because a hung thread may wait for a child. */
static void print_all(void)
{
	struct dirent *process;
	DIR *dir = opendir("/proc");

	while (dir && (process = readdir(dir))) {
		char path[300], name[16] = "";
		FILE *file;

		/* Skip self and other names that are not a process ID. */
		if (!atoi(process->d_name))
			continue;
		snprintf(path, sizeof(path), "/proc/%s/comm", process->d_name);
		file = fopen(path, "r");
		if (!file)
			continue;
		if (fgets(name, sizeof(name), file) && !strncmp(name, "fuzz", 4) &&
		    atoi(process->d_name) != getpid())
			print_process(process->d_name);
		fclose(file);
	}
	if (dir)
		closedir(dir);
}

static void check_beats(void)
{
	for (unsigned int w = 0; w < options.workers; w++)
		for (unsigned int i = 0; i < THREADS; i++) {
			struct beat *beat = &board->beats[w][i];

			if (hung || beat->over || !beat->since ||
			    seconds() - beat->since <= options.hang)
				continue;
			hung = true;
			printf("# thread %u.%u (%d) hangs in operation %llu, %s\n",
			       w, i, beat->tid, (unsigned long long)beat->op,
			       beat->kind);
			print_all();
			fflush(stdout);
		}
}

static void start(unsigned int worker)
{
	fflush(stdout);
	for (unsigned int i = 0; i < THREADS; i++)
		board->beats[worker][i].since = seconds();
	pids[worker] = fork();
	if (!pids[worker])
		work(worker);
	if (pids[worker] < 0)
		abort();
}

static void replace(unsigned int worker, int status)
{
	pids[worker] = 0;
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return;
	if (!options.crash || !WIFSIGNALED(status) ||
	    WTERMSIG(status) != SIGKILL) {
		printf("# worker %u ended with status %#x\n", worker, status);
		board->failures++;
		board->stop = 1;
		return;
	}
	board->good[KIND_shot]++;
	/* The worker may have died during a reload of modules. */
	board->calm = 0;
	board->reloading = 0;
	for (unsigned int i = 0; i < THREADS; i++)
		if (!board->beats[worker][i].over)
			board->beats[worker][i].op++;
	if (!board->stop)
		start(worker);
}

/* Return: whether a worker is left. */
static bool reap(void)
{
	bool left = false;
	int status;

	for (unsigned int w = 0; w < options.workers; w++) {
		if (pids[w] && waitpid(pids[w], &status, WNOHANG) == pids[w])
			replace(w, status);
		left |= pids[w];
	}
	return left;
}

static uint64_t operations(void)
{
	uint64_t sum = 0;

	for (unsigned int w = 0; w < options.workers; w++)
		for (unsigned int i = 0; i < THREADS; i++)
			sum += board->beats[w][i].op;
	return sum;
}

/* Each module must unload within 20 s: debug kernels delay releases. */
static bool clean_up(void)
{
	static const char *const modules[] = { "parrot", "roulette", "roulette_core" };
	bool good = true;
	struct stat status;
	int ret;

	remove_all();
	for (size_t i = 0; i < ARRAY_SIZE(modules); i++) {
		time_t begun = seconds();

		do {
			ret = module_unload(modules[i]);
			if (!ret || ret == -ENOENT)
				break;
			usleep(10000);
		} while (seconds() - begun < 20);
		if (ret && ret != -ENOENT) {
			printf("# rmmod %s at the end failed: %s\n", modules[i],
			       errname(-ret));
			good = false;
		}
	}
	if (!stat("/sys/class/roulette", &status) ||
	    !stat("/sys/kernel/config/roulette", &status) ||
	    !stat("/dev/parrot", &status) || !stat("/dev/kernel-roulette", &status)) {
		printf("# files are left in /sys or /dev after the last rmmod\n");
		good = false;
	}
	return good;
}

/* In a child process, because an unload may wait for ever. */
static bool clean_up_watched(void)
{
	time_t begun = seconds();
	int status = 0;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		abort();
	if (!pid) {
		bool good = clean_up();

		fflush(stdout);
		_exit(!good);
	}
	while (!waitpid(pid, &status, WNOHANG)) {
		usleep(20000);
		if (seconds() - begun <= options.hang)
			continue;
		printf("# the final removal of devices and modules hangs\n");
		print_all();
		return false;
	}
	return !status;
}

static bool print_counts(void)
{
	static const struct {
		const char *name;
		unsigned int enough_tries;
	} kinds[] = {
#define K(name, tries) { #name, tries },
		KIND_TABLE(K)
#undef K
	};
	bool good = true;

	for (int kind = 0; kind < KINDS; kind++) {
		uint64_t tried = board->good[kind];

		printf("# %-16s %8llu good", kinds[kind].name,
		       (unsigned long long)board->good[kind]);
		for (int err = 0; err < ERRNOS; err++) {
			if (!board->bad[kind][err])
				continue;
			tried += board->bad[kind][err];
			printf(", %llu %s", (unsigned long long)board->bad[kind][err],
			       errname(err));
		}
		printf("\n");
		if (kinds[kind].enough_tries && !board->good[kind] &&
		    tried >= kinds[kind].enough_tries) {
			printf("# %s never succeeded\n", kinds[kind].name);
			good = false;
		}
	}
	return good;
}

/* Return: the exit status. */
int supervise(void)
{
	time_t begun = seconds(), said = begun, ended = 0;
	bool good;

	post_open();
	for (unsigned int w = 0; w < options.workers; w++)
		start(w);
	while (reap() && !hung) {
		usleep(50000);
		check_beats();
		if (!board->stop && options.seconds &&
		    seconds() - begun >= options.seconds)
			board->stop = 1;
		if (seconds() - said >= 20) {
			said = seconds();
			printf("# %ld s, %llu operations\n", (long)(said - begun),
			       (unsigned long long)operations());
			fflush(stdout);
		}
	}
	ended = seconds();
	for (unsigned int w = 0; w < options.workers; w++)
		if (pids[w])
			kill(pids[w], SIGKILL);
	post_close();
	good = !hung && clean_up_watched();
	good &= print_counts();
	if (board->failures) {
		printf("# %s\n", board->failure[0] ? board->failure :
		       "a worker died");
		good = false;
	}
	printf("# seed %#llx: %llu operations by %u threads in %ld s, %s\n",
	       (unsigned long long)options.seed,
	       (unsigned long long)operations(), options.workers * THREADS,
	       (long)(ended - begun), good ? "good" : "FAILED");
	return !good;
}
