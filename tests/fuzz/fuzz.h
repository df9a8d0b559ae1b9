/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Shared by all parts of the fuzzer.
 *
 * Each thread has its own stream of random numbers. The stream starts again
 * with each operation, and depends only on the seed, the thread and the number
 * of the operation. So a seed repeats the same operations, whatever the results
 * of earlier ones. Only the timing between threads is left to chance.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <errno.h>
#include <fcntl.h>
#include <libaio.h>
#include <liburing.h>
#include <pthread.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#include "errname.h"
#include "kinds.h"

#define CLASS		"/sys/class/roulette/"
#define CONFIG		"/sys/kernel/config/roulette/"
#define NODES		"/dev/roulette/"
#define FIRMWARE	"/lib/firmware/roulette"
#define SCRATCH		"/tmp/fuzz"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

#define THREADS		2	/* of each worker; they share open files */
#define MAX_WORKERS	16
#define SLOTS		12	/* open files of a worker */
#define ERRNOS		600	/* above all errnos, also EIOCBQUEUED */
#define ROOM		(256 * 1024)

struct options {
	uint64_t seed;
	unsigned int seconds;
	uint64_t ops;		/* of each thread; 0: no limit */
	unsigned int workers;
	unsigned int hang;	/* seconds without progress */
	bool crash;
	bool verbose;
};

/* A thread's progress, for the supervisor. Outlives the thread's process. */
struct beat {
	uint64_t op;		/* the current or the next operation */
	time_t since;
	pid_t tid;
	const char *kind;
	bool over;
};

/* Shared by all processes. */
struct board {
	struct beat beats[MAX_WORKERS][THREADS];
	uint64_t good[KINDS];
	uint64_t bad[KINDS][ERRNOS];
	int stop;
	int calm;		/* close all files, so modules can unload */
	int reloading;
	int failures;
	char failure[600];
};

enum type { ROULETTE, PARROT, EITHER };

/* An open file that the threads of a worker share. */
struct slot {
	int fd;			/* -1: none */
	unsigned int age;	/* incremented when the file changes */
	enum type type;
	int flags;
};

struct thread {
	unsigned int worker, number;
	uint64_t op;
	uint64_t random;
	struct beat *beat;
	struct io_uring ring;
	bool has_ring;
	io_context_t aio;
	bool has_aio;
	int epoll;
	int pipe[2], pipe2[2], null;
	int drain;		/* the read end of pipe, O_NONBLOCK */
	int held;		/* a knob that stays open, -1: none */
	const struct knob *held_knob;
	char held_name[32];
	timer_t timer;
	char *room;		/* ROOM bytes, then an inaccessible page */
	char *constant;		/* a read-only page */
	char doing[200];	/* the current call, for -v and failures */
};

/* A copy of a slot, for one operation. */
struct grip {
	struct slot *slot;
	int fd;
	unsigned int age;
	enum type type;
	int flags;
};

struct knob {
	const char *name;
	enum type type;		/* EITHER: all devices have it */
	bool store;
	const char *form;	/* regex of the value; NULL: write-only */
	const char *const *good;
	const char *const *wrong;	/* refused with EINVAL */
	const char *const *beyond;	/* refused with ERANGE */
};

extern struct options options;
extern struct board *board;

/* random.c */
uint64_t next(struct thread *t);
unsigned int below(struct thread *t, unsigned int limit);
bool chance(struct thread *t, unsigned int percent);
void random_begin(struct thread *t);
#define PICK(t, array) ((array)[below(t, ARRAY_SIZE(array))])

/* judge.c */
void judge_init(void);
void doing(struct thread *t, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void fail(struct thread *t, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void note(struct thread *t, enum kind kind, long ret);
void judge_list(struct thread *t, enum kind kind, long ret,
		const struct grip *g, const int *allowed);
/* @ret: not negative, or a negative errno that must be one of the arguments. */
#define judge(t, kind, ret, ...) \
	judge_list(t, kind, ret, NULL, (const int[]){ __VA_ARGS__, 0 })
/* The same for the file of a slot, where more errnos are allowed. */
#define judge_file(t, kind, ret, g, ...) \
	judge_list(t, kind, ret, g, (const int[]){ __VA_ARGS__, 0 })
void judge_line(struct thread *t, const char *text, size_t len);
void judge_frame(struct thread *t, int fd, const char *text, size_t len);

/* slots.c */
extern struct slot slots[SLOTS];
void slots_init(void);
void slots_close(void);
void post_open(void);
void post_close(void);
void slot_put(struct thread *t, int fd, enum type type, int flags);
struct grip grip(struct thread *t);
bool still(const struct grip *g);
enum type name_type(const char *name);
const char *some_name(struct thread *t);
void node_path(char *path, size_t size, const char *name);
int open_quietly(struct thread *t, const char *name, int flags);
void alarm_on(struct thread *t);
void alarm_off(struct thread *t);
void op_open(struct thread *t);
void op_close(struct thread *t);
void op_dup(struct thread *t);
void op_pass(struct thread *t);
void op_mknod(struct thread *t);

/* reads.c */
struct target {
	char *buf;
	size_t count;
	bool bad;		/* a copy to it may fail with EFAULT */
};

struct target some_target(struct thread *t);
void judge_bytes(struct thread *t, const struct grip *g,
		 const struct target *target, long ret);
void drain(int fd);
void op_read(struct thread *t);
void op_pull(struct thread *t);
void op_frame(struct thread *t);
void op_aio(struct thread *t);
void op_sendfile(struct thread *t);
void op_splice(struct thread *t);
void op_write(struct thread *t);

/* rings.c */
void op_uring(struct thread *t);

/* files.c */
void op_poll(struct thread *t);
void op_epoll(struct thread *t);
void op_fcntl(struct thread *t);
void op_ioctl(struct thread *t);
void op_mmap(struct thread *t);
void op_seek(struct thread *t);
void op_sync(struct thread *t);
void op_attr(struct thread *t);
void op_lock(struct thread *t);

/* knobs.c */
void knobs_init(void);
int disarmed_write(struct thread *t, int fd, const char *name,
		   const char *value, size_t len);
void op_knob_read(struct thread *t);
void op_knob_write(struct thread *t);
void op_knob_hold(struct thread *t);
void op_twin(struct thread *t);

/* tree.c */
void op_mkdir(struct thread *t);
void op_rmdir(struct thread *t);
void op_tree(struct thread *t);
void op_list(struct thread *t);
void op_uevent(struct thread *t);
void remove_all(void);

/* modules.c */
int module_load(const char *name, const char *parameters);
int module_unload(const char *name);
void op_module(struct thread *t);
void op_reload(struct thread *t);
void op_armed(struct thread *t);

/* child.c */
void op_child(struct thread *t);
void op_signal(struct thread *t);

/* work.c */
void work(unsigned int worker);

/* watch.c */
int supervise(void);

#endif
