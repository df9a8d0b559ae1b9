// SPDX-License-Identifier: GPL-2.0
/*
 * parrotbench CASE - the cost of a parrot, and that of a similar operation
 *
 *	frames	a frame at rate max; peer: a file of the same length in tmpfs
 *	splice	a frame, and 64 KiB of a large frame, spliced into a pipe; peer:
 *		read(2) of the same bytes
 *	crowd	a frame of each of 100, 1,000 and 10,000 waiting readers; peer:
 *		threads that sleep until a frame begins, and read tmpfs
 *	epoll	a frame of each of 1,000 parrots in one epoll set; peer: timerfds
 *	jitter	how evenly a reader gets its frames; peer: clock_nanosleep
 *
 * Prints rows and points, see tests/bench/run. Must run in a guest with one
 * processor whose clock counts instructions, one per nanosecond. There the costs
 * are repeatable.
 */
#include "parrot.h"
#include "bench.h"

#include <sys/resource.h>
#include <sys/timerfd.h>

#define TMPFS		"/dev/shm/parrotbench"
#define MAX_READERS	10000
#define PARROTS		1000

static char bytes[65536];

static int tmpfs_file(size_t size)
{
	int fd = open(TMPFS, O_RDWR | O_CREAT | O_TRUNC, 0600);

	need(fd >= 0 && write(fd, bytes, size) == (ssize_t)size,
	     "cannot write " TMPFS ": %s", errname(errno));
	unlink(TMPFS);
	return fd;
}

#define READS		1000
#define BUFFER		4096

static ssize_t sizes[READS];

static void read_frames(int fd)
{
	int i;

	for (i = 0; i < READS; i++)
		need((sizes[i] = read(fd, bytes, BUFFER)) > 0, "no frame");
}

/* The frames of an animation differ in length, so this reads as many bytes. */
static void read_files(int fd)
{
	int i;

	for (i = 0; i < READS; i++)
		need(pread(fd, bytes, sizes[i], 0) == sizes[i], "no bytes");
}

static void bench_frames(const char *key, const char *color)
{
	int parrot, file;
	double cost;

	make("bench", "max", "party", color);
	parrot = node("bench", 0);
	file = tmpfs_file(BUFFER);
	cost = fastest(read_frames, NULL, parrot);
	row(key, cost / READS, fastest(read_files, NULL, file) / READS);
	close(parrot);
	close(file);
	drop("bench");
}

static void case_frames(void)
{
	bench_frames("parrot-frame", "cycle");
	bench_frames("parrot-frame-plain", "none");
}

#define PIPE_SIZE	(1 << 20)
#define SPLICES		15

static int ends[2];
static size_t splice_len;

static void empty_pipe(int fd)
{
	(void)fd;
	while (read(ends[0], bytes, sizeof(bytes)) > 0)
		;
}

static void splices(int fd)
{
	int i;

	for (i = 0; i < SPLICES; i++)
		need(splice(fd, NULL, ends[1], NULL, splice_len, 0) > 0,
		     "splice: %s", errname(errno));
}

static void reads(int fd)
{
	int i;

	for (i = 0; i < SPLICES; i++)
		need(read(fd, bytes, splice_len) > 0, "read: %s",
		     errname(errno));
}

static void bench_splice(const char *key, const char *animation, size_t len)
{
	int parrot;
	double cost;

	make("bench", "max", animation, "cycle");
	parrot = node("bench", 0);
	splice_len = len;
	need(!pipe2(ends, O_NONBLOCK) &&
	     fcntl(ends[1], F_SETPIPE_SZ, PIPE_SIZE) == PIPE_SIZE,
	     "cannot create a pipe: %s", errname(errno));
	cost = fastest(splices, empty_pipe, parrot);
	empty_pipe(parrot);
	row(key, cost / SPLICES, fastest(reads, NULL, parrot) / SPLICES);
	close(ends[0]);
	close(ends[1]);
	close(parrot);
	drop("bench");
}

static void case_splice(void)
{
	make_big_animation();
	bench_splice("parrot-splice-frame", "party", BUFFER);
	bench_splice("parrot-splice-64k", "big", 65536);
}

/*
 * Waiting readers. All threads wait for the same moments. The cost is the time
 * in which the processor was busy: tasks, and the timer interrupts between.
 */
#define STACK		16384

static pthread_barrier_t begun;
static int frames, fps, peer_file;
static ssize_t frame_len;
static double epoch;

static void *parrot_reader(void *data)
{
	int fd = (long)data, i;
	char frame[BUFFER];

	pthread_barrier_wait(&begun);
	for (i = 0; i < frames; i++)
		need(read(fd, frame, sizeof(frame)) > 0, "no frame");
	return NULL;
}

static void *sleeping_reader(void *data)
{
	char frame[BUFFER];
	struct timespec ts;
	double due;
	int i;

	(void)data;
	pthread_barrier_wait(&begun);
	for (i = 0; i < frames; i++) {
		due = epoch + (double)i / fps;
		ts = (struct timespec){ due, (due - (long)due) * 1e9 };
		clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
		need(pread(peer_file, frame, frame_len, 0) == frame_len,
		     "no bytes");
	}
	return NULL;
}

/* Return: cost of a frame and reader in s. */
static double crowd(int readers, void *(*reader)(void *), const int *fds)
{
	static pthread_t threads[MAX_READERS];
	pthread_attr_t attr;
	char *stacks, rate[16];
	double busy;
	int i;

	stacks = mmap(NULL, (size_t)readers * STACK, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	need(stacks != MAP_FAILED, "no memory for stacks");
	pthread_barrier_init(&begun, NULL, readers + 1);
	pthread_attr_init(&attr);
	for (i = 0; i < readers; i++) {
		pthread_attr_setstack(&attr, stacks + (size_t)i * STACK, STACK);
		need(!pthread_create(&threads[i], &attr, reader,
				     (void *)(long)(fds ? fds[i] : 0)),
		     "cannot create thread %d", i);
	}
	/* All threads wait when the first frame begins, in a second. */
	if (fds)
		set("bench", "frame_rate", "0");
	epoch = now() + 1;
	pthread_barrier_wait(&begun);
	nap(epoch - now());
	if (fds) {
		snprintf(rate, sizeof(rate), "%d", fps);
		set("bench", "frame_rate", rate);
	}
	/* Omit the first frame, for which the rate was changed. */
	nap(0.9 / fps);
	busy = busy_time();
	nap((double)(frames - 2) / fps);
	busy = busy_time() - busy;
	for (i = 0; i < readers; i++)
		pthread_join(threads[i], NULL);
	munmap(stacks, (size_t)readers * STACK);
	return busy / readers / (frames - 2);
}

static void bench_crowd(int readers, int wanted_frames, int rate)
{
	static int fds[MAX_READERS];
	double cost, peer;
	char key[32];
	int i;

	frames = wanted_frames;
	fps = rate;
	make("bench", "max", "party", "cycle");
	for (i = 0; i < readers; i++)
		fds[i] = node("bench", 0);
	frame_len = read(fds[0], bytes, BUFFER);
	peer_file = tmpfs_file(BUFFER);
	cost = crowd(readers, parrot_reader, fds);
	for (i = 0; i < readers; i++)
		close(fds[i]);
	peer = crowd(readers, sleeping_reader, NULL);
	snprintf(key, sizeof(key), "parrot-readers-%d", readers);
	row(key, cost, peer);
	printf("point\treaders/parrot\t%d\t%.1f\n", readers, cost * 1e9);
	printf("point\treaders/clock_nanosleep\t%d\t%.1f\n", readers,
	       peer * 1e9);
	close(peer_file);
	drop("bench");
}

static void case_crowd(void)
{
	const struct rlimit limit = { MAX_READERS + 64, MAX_READERS + 64 };

	need(!setrlimit(RLIMIT_NOFILE, &limit), "setrlimit: %s", errname(errno));
	/* Without it the sleeping threads would wake 50 us late. */
	prctl(PR_SET_TIMERSLACK, 1);
	start_idler();
	bench_crowd(100, 22, 500);
	bench_crowd(1000, 12, 50);
	bench_crowd(10000, 5, 5);
	stop_idler();
}

#define EVENTS_MAX	64

/* Return: cost in s of an event and its read, over @rounds of all files. */
static double serve(int epfd, int rounds)
{
	struct epoll_event events[EVENTS_MAX];
	long left = (long)rounds * PARROTS;
	double busy;
	int i, got;

	busy = busy_time();
	while (left > 0) {
		got = epoll_wait(epfd, events, EVENTS_MAX, -1);
		for (i = 0; i < got; i++)
			need(read(events[i].data.fd, bytes, BUFFER) > 0,
			     "no bytes after an event");
		left -= got;
	}
	return (busy_time() - busy) / rounds / PARROTS;
}

static void watch(int epfd, int fd)
{
	struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };

	need(!epoll_ctl(epfd, EPOLL_CTL_ADD, fd, &event), "EPOLL_CTL_ADD: %s",
	     errname(errno));
}

static const char *nth_parrot(int i)
{
	static char name[16];

	snprintf(name, sizeof(name), "bench%d", i);
	return name;
}

static void case_epoll(void)
{
	const struct rlimit limit = { PARROTS + 64, PARROTS + 64 };
	const struct itimerspec each = { { 0, 50000000 }, { 0, 50000000 } };
	static int fds[PARROTS];
	double cost, peer;
	int epfd, i;

	need(!setrlimit(RLIMIT_NOFILE, &limit), "setrlimit: %s", errname(errno));
	epfd = epoll_create1(0);
	for (i = 0; i < PARROTS; i++) {
		make(nth_parrot(i), "20", "party", "cycle");
		fds[i] = node(nth_parrot(i), O_NONBLOCK);
		watch(epfd, fds[i]);
	}
	start_idler();
	serve(epfd, 2);
	cost = serve(epfd, 5);
	close(epfd);
	for (i = 0; i < PARROTS; i++) {
		close(fds[i]);
		drop(nth_parrot(i));
	}
	epfd = epoll_create1(0);
	for (i = 0; i < PARROTS; i++) {
		fds[i] = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
		timerfd_settime(fds[i], 0, &each, NULL);
		watch(epfd, fds[i]);
		/* Like the parrots, not all in one interrupt. */
		nap(0.00002);
	}
	serve(epfd, 2);
	peer = serve(epfd, 5);
	stop_idler();
	row("parrot-epoll", cost, peer);
}

#define TICKS	1000
/* No multiple of the kernel's tick. */
#define RATE	300
#define TICK	(1.0 / RATE)	/* s */

/* Both wait for the next of the ticks, which are TICK apart. */
static void wait_frame(int fd, double due)
{
	(void)due;
	need(read(fd, bytes, BUFFER) > 0, "no frame");
}

static void wait_sleeping(int fd, double due)
{
	struct timespec ts = { due, (due - (long)due) * 1e9 };

	(void)fd;
	clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &ts, NULL);
}

static int compare_doubles(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/*
 * Return: the 99th percentile of the deviations, in s, of the times between two
 * ticks from TICK.
 */
static double jitter(void (*wait)(int fd, double due), int fd)
{
	static double deviations[TICKS];
	double start, last, this;
	int i;

	/* The parrot's first frame does not wait for a tick. */
	wait(fd, 0);
	wait(fd, 0);
	start = last = now();
	for (i = 0; i < TICKS; i++, last = this) {
		wait(fd, start + (i + 1) * TICK);
		this = now();
		deviations[i] = fabs(this - last - TICK);
	}
	qsort(deviations, TICKS, sizeof(deviations[0]), compare_doubles);
	return deviations[TICKS * 99 / 100];
}

static void case_jitter(void)
{
	char rate[16];
	double cost;
	int parrot;

	prctl(PR_SET_TIMERSLACK, 1);
	snprintf(rate, sizeof(rate), "%d", RATE);
	make("bench", rate, "party", "cycle");
	parrot = node("bench", 0);
	cost = jitter(wait_frame, parrot);
	close(parrot);
	drop("bench");
	row("parrot-jitter", cost, jitter(wait_sleeping, -1));
}

int main(int argc, char **argv)
{
	static const struct test_case cases[] = {
		{ "frames", case_frames }, { "splice", case_splice },
		{ "crowd", case_crowd }, { "epoll", case_epoll },
		{ "jitter", case_jitter },
	};

	return run_case(cases, ARRAY_SIZE(cases), argc, argv);
}
