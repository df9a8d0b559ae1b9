// SPDX-License-Identifier: GPL-2.0
/*
 * The stream of frames of an open file: selects the frame that is due, adds
 * head and tail, and tracks the bytes that were read. copy.c copies them,
 * splice.c takes their pages.
 *
 * No open file holds a reference to an animation, so readers cannot keep an
 * animation in memory. A view has the generation of its animation and a
 * location in it. References to single pages are taken under the lock, and
 * these pages are copied without it. If the animation has been replaced
 * meanwhile, the frame ends at the reader's position.
 */
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/string.h>
#include <linux/wait.h>

#include "parrot.h"
#include "parrot_trace.h"

/* Colours of the cycle. Black and white may be invisible on a terminal. */
static const enum parrot_color parrot_wheel[] = {
	PARROT_COLOR_RED, PARROT_COLOR_YELLOW, PARROT_COLOR_GREEN,
	PARROT_COLOR_CYAN, PARROT_COLOR_BLUE, PARROT_COLOR_MAGENTA,
};

/* Number of bytes of the reader's frame that were not read. */
static size_t parrot_rest(const struct parrot_reader *reader)
{
	const struct parrot_view *view = &reader->view;

	return view->head.bv_len + view->len + view->tail.bv_len - reader->pos;
}

/**
 * parrot_now() - get the time for the clock of a parrot
 * @parrot: the parrot
 *
 * Context: Process context, with &parrot.lock held.
 *
 * Return: the time in ns; or 0 if the clock does not run, because then the frame
 * does not depend on the time. That makes a frame at rate max 4 % cheaper.
 */
u64 parrot_now(const struct parrot *parrot)
{
	lockdep_assert_held(&parrot->lock);
	return parrot_clock_runs(&parrot->clock) ? ktime_get_ns() : 0;
}

#define PARROT_NO_FRAME		U64_MAX

/*
 * Return: number of the frame that a reader at the end of its frame begins; or
 * PARROT_NO_FRAME if none is due. Inline, because a call would add 1 % to a frame
 * at rate max.
 */
static inline u64 parrot_next(const struct parrot_reader *reader, u64 now)
{
	const struct parrot_clock *clock = &reader->parrot->clock;
	u64 number;

	if (clock->rate == PARROT_RATE_MAX)
		return reader->fresh ? clock->frame : reader->number + 1;
	if (clock->rate == PARROT_RATE_PAUSED)
		return PARROT_NO_FRAME;
	number = parrot_clock_frame(clock, now);
	if (!reader->fresh && number == reader->number)
		return PARROT_NO_FRAME;
	return number;
}

/**
 * parrot_ready() - check whether there is anything to read
 * @reader: the open file
 * @now: the time in ns
 *
 * Context: Process context, with &parrot.lock held.
 *
 * Return: true if a read would not wait.
 */
bool parrot_ready(const struct parrot_reader *reader, u64 now)
{
	lockdep_assert_held(&reader->parrot->lock);
	return parrot_rest(reader) ||
	       parrot_next(reader, now) != PARROT_NO_FRAME;
}

static enum parrot_color parrot_pick_color(struct parrot_reader *reader)
{
	enum parrot_color color = reader->parrot->color;

	if (color != PARROT_COLOR_CYCLE)
		return color;
	/* The previous frame may have this colour, if the knob was changed. */
	do {
		color = parrot_wheel[reader->cycle];
		if (++reader->cycle == ARRAY_SIZE(parrot_wheel))
			reader->cycle = 0;
	} while (color == reader->color);
	return color;
}

/* The bytes of @edge from @pos on. */
static struct bio_vec parrot_edge_from(struct bio_vec edge, size_t pos)
{
	edge.bv_offset += pos;
	edge.bv_len -= pos;
	return edge;
}

/* Sets the reader's view to a frame of the current animation. */
static void parrot_set_view(struct parrot_reader *reader,
			    const struct parrot_frame *frame)
{
	struct parrot_view *view = &reader->view;

	view->generation = reader->parrot->generation;
	view->start = frame->start;
	view->len = frame->len;
	view->head = parrot_edges[reader->color];
	if (reader->color == PARROT_COLOR_NONE) {
		view->start -= strlen(PARROT_HOME);
		view->len += strlen(PARROT_HOME);
	}
	view->end = view->head.bv_len + view->len;
	if (reader->color == PARROT_COLOR_NONE && !frame->color) {
		view->tail = parrot_edges[PARROT_EDGE_TAIL];
	} else {
		view->len += strlen(PARROT_TAIL_COLORED);
		view->tail.bv_len = 0;
	}
}

static void parrot_begin(struct parrot_reader *reader, u64 number)
{
	struct parrot *parrot = reader->parrot;
	struct parrot_clock *clock = &parrot->clock;
	u32 index;

	lockdep_assert_held(&parrot->lock);
	if (clock->rate == PARROT_RATE_MAX)
		clock->newest = max(clock->newest, number);
	else if (!reader->fresh)
		parrot->frames_dropped += number - reader->number - 1;
	parrot->frames_read++;
	trace_parrot_frame(parrot->rdev, number);
	reader->number = number;
	reader->fresh = false;
	reader->pos = 0;
	reader->color = parrot_pick_color(reader);
	div_u64_rem(number, parrot->shown->count, &index);
	parrot_set_view(reader, &parrot->shown->frames[index]);
}

/* Ends the body at the reader's position if the animation was replaced. */
static void parrot_cut(struct parrot_reader *reader)
{
	struct parrot_view *view = &reader->view;
	const size_t pos = reader->pos;

	lockdep_assert_held(&reader->parrot->lock);
	if (view->generation == reader->parrot->generation ||
	    pos >= view->head.bv_len + view->len)
		return;
	if (pos < view->end)
		view->tail = parrot_edges[PARROT_EDGE_TAIL_CUT];
	else
		view->tail = parrot_edge_from(parrot_edges[PARROT_EDGE_TAIL_COLORED],
					      pos - view->end);
	view->head.bv_len = min_t(size_t, view->head.bv_len, pos);
	view->len = pos - view->head.bv_len;
}

/*
 * Ensures that the reader has bytes at its position. Return: false if there is
 * nothing to read; then the file's timer wakes waiters for the next frame.
 */
static bool parrot_advance(struct parrot_reader *reader)
{
	u64 now = parrot_now(reader->parrot), number;

	if (parrot_rest(reader)) {
		parrot_cut(reader);
		return true;
	}
	number = parrot_next(reader, now);
	if (number == PARROT_NO_FRAME) {
		parrot_arm(reader, now);
		return false;
	}
	parrot_begin(reader, number);
	return true;
}

/* At most @max bytes of the current animation from @at on, within a page. */
static struct bio_vec parrot_body_from(const struct parrot *parrot, u32 at,
				       u32 max)
{
	return (struct bio_vec){
		.bv_page = parrot->shown->pages[at >> PAGE_SHIFT],
		.bv_offset = offset_in_page(at),
		.bv_len = min_t(u32, max, PAGE_SIZE - offset_in_page(at)),
	};
}

/*
 * Takes references to at most @max pages, for @left bytes of @view from @pos on.
 * Gives none for the body if the animation was replaced. Return: number of pages.
 */
static unsigned int parrot_get_pages(const struct parrot *parrot,
				     const struct parrot_view *view, size_t pos,
				     size_t left, struct bio_vec *pages,
				     unsigned int max)
{
	const size_t body = view->head.bv_len, tail = body + view->len;
	unsigned int count;

	lockdep_assert_held(&parrot->lock);
	for (count = 0; count < max && left; count++) {
		struct bio_vec *part = &pages[count];

		if (pos < body)
			*part = parrot_edge_from(view->head, pos);
		else if (pos >= tail)
			*part = parrot_edge_from(view->tail, pos - tail);
		else if (view->generation == parrot->generation)
			*part = parrot_body_from(parrot,
						 view->start + (pos - body),
						 tail - pos);
		else
			break;
		part->bv_len = min_t(size_t, part->bv_len, left);
		get_page(part->bv_page);
		pos += part->bv_len;
		left -= part->bv_len;
	}
	return count;
}

/**
 * parrot_take() - take the next bytes from a stream, or start the timer
 * @reader: the open file
 * @count: maximum number of bytes, at least 1
 * @chunk: the bytes; the caller must pass them to parrot_copy()
 *
 * Two threads never take the same bytes from one open file.
 *
 * Context: Process context.
 *
 * Return: number of bytes; 0 if there is nothing to read. Then the file's timer
 * wakes waiters for the next frame.
 */
size_t parrot_take(struct parrot_reader *reader, size_t count,
		   struct parrot_chunk *chunk)
{
	struct parrot *parrot = reader->parrot;
	size_t len = 0;

	spin_lock(&parrot->lock);
	if (parrot_advance(reader)) {
		len = min(count, parrot_rest(reader));
		chunk->number = reader->number;
		chunk->from = reader->pos;
		chunk->len = len;
		chunk->page_count = parrot_get_pages(parrot, &reader->view,
						     reader->pos, len,
						     chunk->pages,
						     PARROT_READ_PAGES);
		/*
		 * Fewer pages have all @len bytes, because parrot_advance()
		 * leaves no bytes of a replaced animation to read.
		 */
		if (chunk->page_count == PARROT_READ_PAGES)
			chunk->view = reader->view;
		reader->pos += len;
	}
	spin_unlock(&parrot->lock);
	return len;
}

/**
 * parrot_take_more() - take references to the next pages of a chunk
 * @reader: the open file
 * @chunk: a chunk for which parrot_take() took PARROT_READ_PAGES pages, which
 *	were put
 * @done: number of its bytes that were copied
 *
 * Gives no pages if the animation has been replaced.
 *
 * Context: Process context.
 */
void parrot_take_more(struct parrot_reader *reader, struct parrot_chunk *chunk,
		      size_t done)
{
	struct parrot *parrot = reader->parrot;

	spin_lock(&parrot->lock);
	chunk->page_count = parrot_get_pages(parrot, &chunk->view,
					     chunk->from + done,
					     chunk->len - done, chunk->pages,
					     PARROT_READ_PAGES);
	spin_unlock(&parrot->lock);
}

/**
 * parrot_take_pages() - take references to the pages of the next bytes
 * @reader: the open file
 * @count: maximum number of bytes, at least 1
 * @pages: receives the pages
 * @max: maximum number of pages, at least 1
 *
 * Context: Process context.
 *
 * Return: number of pages; 0 if there is nothing to read. Then the file's timer
 * wakes waiters for the next frame.
 */
unsigned int parrot_take_pages(struct parrot_reader *reader, size_t count,
			       struct bio_vec *pages, unsigned int max)
{
	struct parrot *parrot = reader->parrot;
	unsigned int taken = 0, i;

	spin_lock(&parrot->lock);
	if (parrot_advance(reader)) {
		taken = parrot_get_pages(parrot, &reader->view, reader->pos,
					 min(count, parrot_rest(reader)), pages,
					 max);
		for (i = 0; i < taken; i++)
			reader->pos += pages[i].bv_len;
	}
	spin_unlock(&parrot->lock);
	return taken;
}

/**
 * parrot_give_back() - return bytes of a chunk to the stream
 * @reader: the open file
 * @chunk: the chunk
 * @used: number of its bytes that were copied
 *
 * Context: Process context.
 */
void parrot_give_back(struct parrot_reader *reader,
		      const struct parrot_chunk *chunk, size_t used)
{
	struct parrot *parrot = reader->parrot;

	spin_lock(&parrot->lock);
	/* They are lost if another thread has taken bytes in the meantime. */
	if (reader->number == chunk->number &&
	    reader->pos == chunk->from + chunk->len)
		reader->pos = chunk->from + used;
	spin_unlock(&parrot->lock);
	/* Another thread may sleep, because it found nothing to read. */
	wake_up_all(&reader->wait);
}
