// SPDX-License-Identifier: GPL-2.0
/*
 * failnth - repeats a call: its first allocation fails in the first repetition,
 * its second in the second, and so on, until the call has no such allocation
 *
 *	failnth [OPTION...] OPERATION [ARGUMENT...]
 *
 *	load MODULE FILE [PARAMETERS]	finit_module(2)
 *	unload MODULE FILE
 *	mkdir, rmdir PATH
 *	open PATH
 *	get KNOB
 *	put KNOB VALUE OLD	writes OLD afterwards; if OLD is a path, reads a
 *				byte of that file instead
 *	read NODE METHOD	METHOD: read readv pread preadv preadv2 splice
 *				sendfile poll epoll epoll-wait
 *				aio aio-preadv aio-poll
 *				uring uring-readv uring-fixed uring-async
 *				uring-poll uring-splice
 *				or nowait: preadv2(2) with RWF_NOWAIT
 *
 *	-e ERRNO	the call may fail with ERRNO too, not only with ENOMEM;
 *			may be given up to three times
 *	-l NUMBER	up to NUMBER calls may succeed and lose a uevent (0)
 *	-0		the call makes no allocation
 *	-m NUMBER	the call makes at least NUMBER allocations (1)
 *	-n		open files with O_NONBLOCK
 *	-w		read: read a frame first, so that the call waits
 *	-r		rmdir: open the node and read a byte first
 *	-c		make the call in a child, because it may be killed
 *	-W		fail allocations of io_uring's worker, not of the caller
 *	-k		fail allocations of kthreadd, not of the caller
 *	-N NTH		only this failure; the kernel dumps its stack
 *
 * The first call is made without a failure, and its result and the state are
 * recorded. Each further call must do one of these:
 *
 *	return the same result and bytes, and leave the same state
 *	fail with an allowed errno and leave the state unchanged; the same call
 *	without a failure must then succeed
 *
 * If a read of a roulette fails, the log may say that its hit could not fire.
 * Such a hit counts, so the state must then be as after the first call.
 * failnth.h records the states.
 *
 * Prints each problem, then "N failure points, E errors". Exits 1 if there was
 * a problem, and 2 if the test could not run. Every 30 s prints its progress on
 * standard error.
 */
#include "failnth-calls.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

#define DEBUG		"/sys/kernel/debug/"
#define ARMED		"/sys/module/roulette/parameters/armed"
#define MANY		1000000000
#define MAX_ERRNOS	4
#define SETTLE_MS	2000

static const struct operation *operation;
static int allowed[MAX_ERRNOS] = { ENOMEM };
static int allowed_count = 1;
static int lost_allowed;
static bool no_points, in_child, arm_kthreadd;
static unsigned int only, at_least = 1;
static int fail_nth = -1;

/* Return: number of allocations that were made to fail, in all tasks. */
static long failures(void)
{
	return 2L * MANY - number_in(DEBUG "failslab/times") -
	       number_in(DEBUG "fail_page_alloc/times");
}

static void arm(unsigned int nth)
{
	char text[16];
	int len = snprintf(text, sizeof(text), "%u", nth);

	need(pwrite(fail_nth, text, len, 0) == len, "fail-nth");
}

/*
 * Opens fail-nth of the task whose allocations are to fail. Without -k, must be
 * called in the process that makes the call.
 */
static void open_fail_nth(void)
{
	struct dirent **tasks;
	char path[512] = "/proc/self/fail-nth", comm[32];
	int count;

	if (arm_kthreadd)
		strcpy(path, "/proc/2/fail-nth");
	if (arm_worker) {
		count = scandir("/proc/self/task", &tasks, NULL, alphasort);
		while (count--) {
			snprintf(path, sizeof(path), "/proc/self/task/%s/comm",
				 tasks[count]->d_name);
			slurp(path, comm, sizeof(comm));
			strcpy(strrchr(path, '/'), "/fail-nth");
			if (!strncmp(comm, "iou-wrk", 7))
				break;
		}
		need(count >= 0, "io_uring has no worker");
	}
	fail_nth = opened(path, O_RDWR);
}

static void make_call(unsigned int nth)
{
	long ret;

	if (method)
		before_method();
	memset(outcome->bytes, 0, sizeof(outcome->bytes));
	arm(nth);
	ret = operation->call();
	/*
	 * A worker or kthreadd may allocate until the request has ended. The
	 * caller's allocations after its call must not fail.
	 */
	if (method && (arm_worker || arm_kthreadd))
		ret = after_method(ret);
	arm(0);
	if (method && !arm_worker && !arm_kthreadd)
		ret = after_method(ret);
	outcome->ret = ret;
}

static void make_call_in_child(unsigned int nth)
{
	int status;
	pid_t pid = fork();

	need(pid >= 0, "fork: %s", errname(errno));
	if (!pid) {
		operation->prepare();
		close(fail_nth);
		open_fail_nth();
		make_call(nth);
		_exit(0);
	}
	need(waitpid(pid, &status, 0) == pid, "waitpid: %s", errname(errno));
	if (arm_kthreadd)
		arm(0);
	if (WIFSIGNALED(status)) {
		need(WTERMSIG(status) == SIGKILL,
		     "signal %d has killed the child", WTERMSIG(status));
		outcome->ret = KILLED;
	} else {
		need(!WEXITSTATUS(status), "the child could not make the call");
	}
}

static void call(unsigned int nth)
{
	if (in_child)
		make_call_in_child(nth);
	else
		make_call(nth);
}

static void prepare(void)
{
	if (!in_child)
		operation->prepare();
	if (!method || access(knob_of(args[0], "reset"), F_OK))
		return;
	/* Cancel the delayed hits of earlier calls. */
	if (!access(ARMED, F_OK)) {
		set(ARMED, "N");
		set(ARMED, "Y");
	}
	set(knob_of(args[0], "reset"), "1");
}

static void finish(long ret)
{
	if (!in_child)
		operation->finish(ret);
}

/*
 * @now is the current state. The others belong to the first call, without a
 * failure: states before and after the call, result, uevents, log messages, and hits that
 * wait for their delay.
 */
static struct view now, before, after;
static struct outcome want;
static struct told want_told;
static unsigned long long want_pending;

static unsigned int nth;
static int problems;

__attribute__((format(printf, 1, 2)))
static void problem(const char *format, ...)
{
	va_list list;

	problems++;
	printf("failure %u: %s: ", nth, ending(outcome->ret));
	va_start(list, format);
	vprintf(format, list);
	va_end(list);
	printf("\n");
}

/* Work in the background may change the state for up to SETTLE_MS. */
static void expect_state(const struct view *view, const char *when)
{
	int ms;

	for (ms = 0; ms < SETTLE_MS; ms += 10) {
		look(&now);
		if (!strcmp(now.text, view->text))
			return;
		usleep(10000);
	}
	problem("the state differs %s", when);
	print_difference(now.text, view->text);
}

static unsigned long long pending(void)
{
	return method ? number_in(knob_of(args[0], "pending")) : 0;
}

static void expect_pending(unsigned long long wanted)
{
	int ms;

	for (ms = 0; ms < SETTLE_MS && pending() != wanted; ms += 10)
		usleep(10000);
	if (pending() != wanted)
		problem("%llu hits are pending, expected %llu", pending(),
			wanted);
}

static bool is_allowed(long ret)
{
	int i;

	for (i = 0; i < allowed_count; i++)
		if (ret == -allowed[i])
			return true;
	return false;
}

static unsigned long long frames_read(void)
{
	return method ? number_in(knob_of(args[0], "frames_read")) : 0;
}

static bool want_is_bytes(void)
{
	return method && !strstr(method, "poll");
}

/* A read may return fewer bytes, if they are the first of those expected. */
static bool as_wanted(void)
{
	if (outcome->ret > 0 && outcome->ret < want.ret && want_is_bytes())
		return !memcmp(outcome->bytes, want.bytes, outcome->ret);
	return outcome->ret == want.ret &&
	       !memcmp(outcome->bytes, want.bytes, sizeof(want.bytes));
}

/* @lost: number of calls that may still succeed without their uevent */
static void judge_success(const struct told *told, int *lost)
{
	if (!as_wanted())
		problem("expected %s, with the same bytes", ending(want.ret));
	if (told->adds > want_told.adds || told->removes > want_told.removes)
		problem("%d uevents add, %d remove", told->adds, told->removes);
	else if (!told->overrun &&
		 told->adds + told->removes < want_told.adds + want_told.removes &&
		 --*lost < 0)
		problem("%d uevents add, %d remove: a uevent is lost", told->adds,
			told->removes);
	if (told->bangs != want_told.bangs || told->could_not_fire ||
	    told->crashes != want_told.crashes)
		problem("%d bangs, %d could not fire, %d crash reports", told->bangs,
			told->could_not_fire, told->crashes);
	expect_state(&after, "after it");
	expect_pending(want_pending);
}

static void judge_error(const struct told *told)
{
	bool shot = told->could_not_fire == 1 && told->bangs == 1;

	if (!is_allowed(outcome->ret))
		problem("this errno is not allowed");
	if (!told->overrun && told->adds != told->removes)
		problem("%d uevents add, %d remove", told->adds, told->removes);
	if (told->crashes || (!shot && (told->bangs || told->could_not_fire)))
		problem("%d bangs, %d could not fire, %d crash reports", told->bangs,
			told->could_not_fire, told->crashes);
	expect_state(shot ? &after : &before, "after an error");
	expect_pending(0);
	if (shot)
		set(knob_of(args[0], "reset"), "1");
}

static void progress(void)
{
	static time_t last;
	time_t now = time(NULL);

	if (last && now < last + 30)
		return;
	if (last)
		fprintf(stderr, "# %s: at failure %u\n", operation->name, nth);
	last = now;
}

/* Makes the call with failure nth. Return: whether an allocation failed. */
static bool visit(int *errors, int *lost)
{
	unsigned long long frames;
	struct told news;
	int none = 0;
	long failed;

	progress();
	prepare();
	expect_state(&before, "before it");
	told();
	frames = frames_read();
	failed = failures();
	call(nth);
	failed = failures() - failed;
	news = told();
	if (!failed || as_wanted()) {
		judge_success(&news, lost);
	} else {
		++*errors;
		judge_error(&news);
		if (frames_read() != frames)
			problem("the call has begun a frame");
		call(0);
		news = told();
		judge_success(&news, &none);
	}
	finish(outcome->ret);
	return failed;
}

/* Waits until the state is stable, because later states must equal it. */
static void look_at_rest(struct view *view)
{
	int ms;

	look(view);
	for (ms = 0; ms < SETTLE_MS; ms += 100) {
		now = *view;
		usleep(100000);
		look(view);
		if (!strcmp(now.text, view->text))
			return;
	}
}

static void without_failure(void)
{
	prepare();
	look_at_rest(&before);
	told();
	call(0);
	need(outcome->ret >= 0 || outcome->ret == KILLED, "without a failure: %s",
	     errname(-outcome->ret));
	want = *outcome;
	want_told = told();
	look_at_rest(&after);
	want_pending = pending();
	finish(outcome->ret);
}

static void set_up(void)
{
	static const char *const folders[] = {
		DEBUG "failslab/", DEBUG "fail_page_alloc/",
	};
	char path[128];
	size_t i;

#define SET(file, value)						\
	set((snprintf(path, sizeof(path), "%s" file, folders[i]), path), value)
	for (i = 0; i < 2; i++) {
		SET("ignore-gfp-wait", "N");
		SET("verbose", only ? "2" : "0");
		SET("times", "1000000000");
	}
	i = 1;
	SET("ignore-gfp-highmem", "N");
	SET("min-order", "0");
#undef SET
	need(told_open(), "cannot read uevents or the kernel log");
	outcome = mmap(NULL, sizeof(*outcome), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	need(outcome != MAP_FAILED, "no memory");
	if (in_child)
		fail_nth = opened(arm_kthreadd ? "/proc/2/fail-nth" :
				  "/proc/self/fail-nth", O_RDWR);
	else
		open_fail_nth();
}

static int errno_of(const char *name)
{
	int err;

	for (err = 1; err < 134; err++)
		if (!strcmp(errname(err), name))
			return err;
	broken("unknown errno: %s", name);
}

static void options(int argc, char **argv)
{
	int option;
	size_t i;

	while ((option = getopt(argc, argv, "+e:l:0m:nwrcWkN:")) != -1) {
		switch (option) {
		case 'e':
			need(allowed_count < MAX_ERRNOS, "too many errnos");
			allowed[allowed_count++] = errno_of(optarg);
			break;
		case 'l':
			lost_allowed = atoi(optarg);
			break;
		case '0':
			no_points = true;
			break;
		case 'm':
			at_least = atoi(optarg);
			break;
		case 'n':
			open_flags = O_NONBLOCK;
			break;
		case 'w':
			waiting = true;
			break;
		case 'r':
			reading = true;
			break;
		case 'c':
			in_child = true;
			break;
		case 'W':
			arm_worker = true;
			break;
		case 'k':
			arm_kthreadd = true;
			break;
		case 'N':
			only = atoi(optarg);
			break;
		default:
			exit(2);
		}
	}
	for (i = 0; i < sizeof(operations) / sizeof(operations[0]); i++)
		if (optind < argc &&
		    !strcmp(argv[optind], operations[i].name))
			operation = &operations[i];
	need(operation && argc > optind + 1, "wrong arguments; see the top of tests/tools/failnth.c");
	args = argv + optind + 1;
	if (operation->call == call_method)
		method = args[1];
	if (operation->call == call_read || operation->call == call_put) {
		subject = strrchr(args[0], '/');
		subject = memrchr(args[0], '/', subject - args[0]) + 1;
		subject = strndup(subject, strcspn(subject, "/"));
	} else if (operation->call == call_open || method) {
		subject = strrchr(args[0], '/') + 1;
	}
}

int main(int argc, char **argv)
{
	int errors = 0, lost;

	setvbuf(stdout, NULL, _IOLBF, 0);
	options(argc, argv);
	lost = lost_allowed;
	set_up();
	without_failure();
	nth = only ?: 1;
	while (visit(&errors, &lost) && !only && problems < 3)
		nth++;
	if (!only && (no_points ? nth > 1 : nth <= at_least))
		problem("it makes %u allocations", nth - 1);
	printf("%u failure points, %d errors\n", only ? 1 : nth - 1, errors);
	return problems ? 1 : 0;
}
