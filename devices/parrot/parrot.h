/* SPDX-License-Identifier: GPL-2.0 */
/* State of a parrot and of its open files. */
#ifndef PARROT_H
#define PARROT_H

#include <linux/bvec.h>
#include <linux/fs.h>
#include <linux/hrtimer.h>
#include <linux/ktime.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/uio.h>
#include <linux/wait.h>

#include "animation.h"
#include "clock.h"
#include "roulette.h"

/*
 * Number of pages that a read takes from a frame at a time. They stay allocated
 * until they are copied. So a read that must wait for user memory keeps 16 KiB
 * of a replaced animation, which is no more than a kernel stack.
 */
#define PARROT_READ_PAGES	4

/* Values of the knob color. The colours have their ANSI numbers. */
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

/*
 * Indices of parrot_edges. Below PARROT_COLOR_NONE they are enum parrot_color:
 * cursor home and that colour, which precede a picture. The edge of
 * PARROT_COLOR_NONE is empty, because the animation has cursor home.
 */
enum parrot_edge {
	PARROT_EDGE_TAIL = PARROT_COLOR_NONE + 1,
	PARROT_EDGE_TAIL_COLORED,	/* if the animation was replaced in it */
	PARROT_EDGE_TAIL_CUT,		/* after a picture cut within a row */
	PARROT_EDGES,
};

/**
 * struct parrot - private data of a parrot
 * @setup: serialises changes of @flip and @base, because both replace @shown.
 *	Held while a mirror image is created, but not while a file is loaded.
 *	Taken before @lock
 * @lock: guards all members below, and each &struct parrot_reader of the
 *	device. The only locks taken under it are those of hrtimer functions
 * @clock: computes the frame number
 * @color: value of the knob color
 * @flip: value of the knob flip
 * @base: the animation as loaded
 * @shown: the animation that readers get: @base, or its mirror image if @flip
 * @generation: number of changes of @shown
 * @readers: number of open files
 * @frames_read: number of frames begun by readers
 * @frames_dropped: number of frames skipped by readers
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
 * struct parrot_view - a frame as a reader gets it: head, body, tail
 * @generation: &parrot.generation of the animation that contains the body
 * @start: offset of the body in that animation. The body is the picture, with
 *	PARROT_HOME if it has no @head, and PARROT_TAIL_COLORED if it has no @tail
 * @len: length of the body
 * @head: bytes before the body, in parrot_edges; may be empty
 * @tail: bytes after the body, in parrot_edges; may be empty
 * @end: number of bytes of the frame up to the end of the picture
 */
struct parrot_view {
	u64 generation;
	u32 start;
	u32 len;
	struct bio_vec head;
	struct bio_vec tail;
	size_t end;
};

/**
 * struct parrot_reader - an open file
 * @parrot: private data of the device
 * @rdev: the device; the file holds a reference to it
 * @wait: wait queue for readers and pollers of the file
 * @timer: wakes @wait when the next frame begins; started by parrot_arm()
 * @relay: entry in &roulette_device.wait, to wake @wait with that queue
 * @fresh: no frame has begun yet
 * @number: number of the frame that began last
 * @view: frame @number; empty if @fresh
 * @pos: number of bytes of @view that were read
 * @color: colour of @view, or PARROT_COLOR_NONE
 * @cycle: index of the next colour of the cycle
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
 * struct parrot_chunk - bytes that parrot_take() gives to a reader
 * @number: number of the frame
 * @view: frame @number; not set if parrot_take() took fewer than
 *	PARROT_READ_PAGES pages
 * @from: offset of the first byte in the frame
 * @len: number of bytes
 * @pages: references to the pages of the bytes that are copied next
 * @page_count: number of @pages
 *
 * Declared __uninitialized, because some kernels zero local variables. That
 * would add 2 % to a frame at rate max. To set @view each time would add 1 %.
 */
struct parrot_chunk {
	u64 number;
	struct parrot_view view;
	size_t from;
	size_t len;
	struct bio_vec pages[PARROT_READ_PAGES];
	unsigned int page_count;
};

static inline struct parrot *to_parrot(struct roulette_device *rdev)
{
	return rdev->priv;
}

/* party.c */
struct parrot_animation *parrot_party_make(void);

/* edges.c */
extern struct bio_vec parrot_edges[PARROT_EDGES];
int parrot_edges_make(void);
void parrot_edges_free(void);

/* main.c */
extern struct parrot_animation *parrot_party;

/* wait.c */
void parrot_wait_init(struct parrot_reader *reader);
void parrot_wait_exit(struct parrot_reader *reader);
void parrot_arm(struct parrot_reader *reader, u64 now);
bool parrot_due(struct parrot_reader *reader);
int parrot_wait(struct parrot_reader *reader);
ssize_t parrot_wait_take(struct parrot_reader *reader, size_t count,
			 struct parrot_chunk *chunk);

/* stream.c */
u64 parrot_now(const struct parrot *parrot);
bool parrot_ready(const struct parrot_reader *reader, u64 now);
size_t parrot_take(struct parrot_reader *reader, size_t count,
		   struct parrot_chunk *chunk);
void parrot_take_more(struct parrot_reader *reader, struct parrot_chunk *chunk,
		      size_t done);
void parrot_give_back(struct parrot_reader *reader,
		      const struct parrot_chunk *chunk, size_t used);
unsigned int parrot_take_pages(struct parrot_reader *reader, size_t count,
			       struct bio_vec *pages, unsigned int max);

/* copy.c */
ssize_t parrot_copy(struct parrot_reader *reader, struct parrot_chunk *chunk,
		    char __user *user, struct iov_iter *iter);

/* splice.c */
ssize_t parrot_splice_read(struct file *file, loff_t *ppos,
			   struct pipe_inode_info *pipe, size_t len,
			   unsigned int flags);

/* file.c */
extern const struct file_operations parrot_file_ops;

/* knobs.c */
extern struct roulette_knob *const parrot_knobs[];

#endif
