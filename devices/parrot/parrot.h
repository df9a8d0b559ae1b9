/* SPDX-License-Identifier: GPL-2.0 */
/* A device of type parrot. */
#ifndef PARROT_H
#define PARROT_H

#include <linux/fs.h>
#include <linux/hrtimer.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/uio.h>
#include <linux/wait.h>

#include "animation.h"
#include "clock.h"
#include "roulette.h"

/* What comes before a picture: home, colour. */
#define PARROT_HEAD_MAX	16

/* The colours by their ANSI numbers, and what else the knob takes. */
enum parrot_color {
	PARROT_COLOR_BLACK,
	PARROT_COLOR_RED,
	PARROT_COLOR_GREEN,
	PARROT_COLOR_YELLOW,
	PARROT_COLOR_BLUE,
	PARROT_COLOR_MAGENTA,
	PARROT_COLOR_CYAN,
	PARROT_COLOR_WHITE,
	PARROT_COLOR_NONE,
	PARROT_COLOR_CYCLE,
};

/**
 * struct parrot - what a device of type parrot carries
 * @setup: makes a change of @flip or @base whole, since both make @shown. Held
 *	while a mirror image is made, but not while a file is loaded. Outside of
 *	@lock
 * @lock: guards all below, and each &struct parrot_reader of the device. A
 *	leaf but for the timers' own lock; not held over a sleep
 * @clock: which frame it is
 * @color: value of the knob
 * @flip: value of the knob
 * @base: the animation as it was loaded
 * @shown: what readers see: @base, or its mirror image if @flip
 * @generation: counts the changes of @shown
 * @readers: number of open files
 * @frames_read: frames begun by readers
 * @frames_dropped: frames that readers skipped
 * @rdev: the device
 */
struct parrot {
	/* taken before lock */
	struct mutex setup;
	/* taken after setup */
	spinlock_t lock;
	struct parrot_clock clock;
	enum parrot_color color;
	bool flip;
	struct parrot_animation *base;
	struct parrot_animation *shown;
	u64 generation;
	u64 readers;
	u64 frames_read;
	u64 frames_dropped;
	struct roulette_device *rdev;
};

/**
 * struct parrot_view - a frame as a reader sees it
 * @generation: &parrot.generation of the animation that the picture is in
 * @picture: where in that one
 * @head: what comes before it
 * @head_len: length of @head
 * @tail: what comes after it
 */
struct parrot_view {
	u64 generation;
	struct parrot_frame picture;
	char head[PARROT_HEAD_MAX];
	size_t head_len;
	const char *tail;
};

/**
 * struct parrot_reader - an open file
 * @parrot: the device's state
 * @rdev: the device, a reference
 * @wait: where readers and pollers of the file sleep
 * @timer: wakes @wait when the next frame begins; parrot_due() starts it
 * @relay: in the device's queue; wakes @wait when that queue is woken
 * @fresh: has not begun any frame yet
 * @number: the number of the frame begun last
 * @view: that frame
 * @pos: how much of it has been read
 * @color: its colour, PARROT_COLOR_NONE if it had none
 * @cycle: place in the order of colours
 */
struct parrot_reader {
	struct parrot *parrot;
	struct roulette_device *rdev;
	wait_queue_head_t wait;
	struct hrtimer timer;
	struct wait_queue_entry relay;
	bool fresh;
	u64 number;
	struct parrot_view view;
	size_t pos;
	enum parrot_color color;
	unsigned int cycle;
};

/**
 * struct parrot_chunk - bytes that a reader has been given
 * @number: the frame's number
 * @view: the frame
 * @from: the first byte
 * @len: how many bytes
 */
struct parrot_chunk {
	u64 number;
	struct parrot_view view;
	size_t from;
	size_t len;
};

static inline struct parrot *to_parrot(struct roulette_device *rdev)
{
	return rdev->priv;
}

/* party.c */
struct parrot_animation *parrot_party_make(void);

/* main.c */
extern struct parrot_animation *parrot_party;

/* wait.c */
void parrot_wait_init(struct parrot_reader *reader);
void parrot_wait_exit(struct parrot_reader *reader);
bool parrot_due(struct parrot_reader *reader);
int parrot_wait(struct parrot_reader *reader);

/* stream.c */
bool parrot_ready(const struct parrot_reader *reader, u64 now);
bool parrot_take(struct parrot_reader *reader, size_t count,
		 struct parrot_chunk *chunk);
ssize_t parrot_copy(struct parrot_reader *reader,
		    const struct parrot_chunk *chunk, struct iov_iter *to);
void parrot_give_back(struct parrot_reader *reader,
		      const struct parrot_chunk *chunk, ssize_t used);

/* splice.c */
ssize_t parrot_splice_read(struct file *file, loff_t *ppos,
			   struct pipe_inode_info *pipe, size_t len,
			   unsigned int flags);

/* file.c */
extern const struct file_operations parrot_file_ops;

/* knobs.c */
extern struct roulette_knob *const parrot_knobs[];

#endif
