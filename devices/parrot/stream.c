// SPDX-License-Identifier: GPL-2.0
/*
 * The stream of frames that an open file reads: which one is due, what it looks
 * like, and which of its bytes have been read. Reading and splicing both take
 * chunks from here.
 */
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "parrot.h"
#include "parrot_trace.h"

#define PARROT_HOME		"\033[H"
/* What comes after the last row: newline, erase below. */
#define PARROT_TAIL		"\n\033[J"
#define PARROT_TAIL_COLORED	"\033[0m" PARROT_TAIL

/* Round the colour wheel; black and white would hide on a terminal. */
static const enum parrot_color parrot_wheel[] = {
	PARROT_COLOR_RED, PARROT_COLOR_YELLOW, PARROT_COLOR_GREEN,
	PARROT_COLOR_CYAN, PARROT_COLOR_BLUE, PARROT_COLOR_MAGENTA,
};

static size_t parrot_view_len(const struct parrot_view *view)
{
	return view->head_len + view->picture->len + view->tail_len;
}

static bool parrot_has_rest(const struct parrot_reader *reader)
{
	return !reader->fresh && reader->pos < parrot_view_len(&reader->view);
}

/**
 * parrot_ready() - is there a byte to read?
 * @reader: the open file, its device's lock held
 * @now: the time in ns
 *
 * Return: true if a read would not wait.
 */
bool parrot_ready(const struct parrot_reader *reader, u64 now)
{
	const struct parrot_clock *clock = &reader->parrot->clock;

	lockdep_assert_held(&reader->parrot->lock);
	if (parrot_has_rest(reader) || clock->rate == PARROT_RATE_MAX)
		return true;
	return parrot_clock_runs(clock) &&
	       (reader->fresh ||
		parrot_clock_frame(clock, now) != reader->number);
}

static enum parrot_color parrot_pick_color(struct parrot_reader *reader)
{
	enum parrot_color color = reader->parrot->color;

	if (color != PARROT_COLOR_CYCLE)
		return color;
	/* The knob may have stood at the colour that would come next. */
	do {
		color = parrot_wheel[reader->cycle++ % ARRAY_SIZE(parrot_wheel)];
	} while (color == reader->color);
	return color;
}

/* The caller holds the lock, and drops the old view's animation. */
static void parrot_begin(struct parrot_reader *reader, u64 now)
{
	struct parrot *parrot = reader->parrot;
	struct parrot_clock *clock = &parrot->clock;
	struct parrot_view *view = &reader->view;
	u64 number = parrot_clock_frame(clock, now);
	u32 index;

	lockdep_assert_held(&parrot->lock);
	if (clock->rate == PARROT_RATE_MAX) {
		if (!reader->fresh)
			number = reader->number + 1;
		clock->newest = max(clock->newest, number);
	} else if (!reader->fresh) {
		parrot->frames_dropped += number - reader->number - 1;
	}
	parrot->frames_read++;
	trace_parrot_frame(roulette_name(parrot->rdev), number);
	reader->number = number;
	reader->fresh = false;
	reader->pos = 0;
	reader->color = parrot_pick_color(reader);

	div_u64_rem(number, parrot->shown->count, &index);
	view->anim = parrot_animation_get(parrot->shown);
	view->picture = &view->anim->frames[index];
	view->head_len = scnprintf(view->head, sizeof(view->head), PARROT_HOME);
	view->tail = PARROT_TAIL;
	if (reader->color != PARROT_COLOR_NONE)
		view->head_len += scnprintf(view->head + view->head_len,
					    sizeof(view->head) - view->head_len,
					    "\033[%um", 30 + reader->color);
	if (reader->color != PARROT_COLOR_NONE || view->picture->color)
		view->tail = PARROT_TAIL_COLORED;
	view->tail_len = strlen(view->tail);
}

/**
 * parrot_take() - give a reader its next bytes
 * @reader: the open file
 * @count: at most so many, at least 1
 * @chunk: the bytes, to be ended by parrot_give_back()
 *
 * May sleep, but does not wait for a frame. Bytes that two threads take from
 * one open file are never the same.
 *
 * Return: false if there is nothing to read, and @chunk is untouched.
 */
bool parrot_take(struct parrot_reader *reader, size_t count,
		 struct parrot_chunk *chunk)
{
	struct parrot *parrot = reader->parrot;
	struct parrot_animation *old = NULL;
	u64 now;

	spin_lock(&parrot->lock);
	now = ktime_get_ns();
	if (!parrot_ready(reader, now)) {
		spin_unlock(&parrot->lock);
		return false;
	}
	if (!parrot_has_rest(reader)) {
		old = reader->view.anim;
		parrot_begin(reader, now);
	}
	chunk->number = reader->number;
	chunk->view = reader->view;
	parrot_animation_get(chunk->view.anim);
	chunk->from = reader->pos;
	chunk->len = min(count, parrot_view_len(&reader->view) - reader->pos);
	reader->pos += chunk->len;
	spin_unlock(&parrot->lock);

	parrot_animation_put(old);
	return true;
}

/**
 * parrot_give_back() - end a chunk; what was not used is read again
 * @reader: the open file
 * @chunk: from parrot_take()
 * @used: how many of its bytes reached the reader
 *
 * May sleep. Unused bytes are lost only if another thread has read on since.
 */
void parrot_give_back(struct parrot_reader *reader, struct parrot_chunk *chunk,
		      size_t used)
{
	struct parrot *parrot = reader->parrot;

	spin_lock(&parrot->lock);
	if (reader->number == chunk->number &&
	    reader->pos == chunk->from + chunk->len)
		reader->pos -= chunk->len - used;
	spin_unlock(&parrot->lock);
	parrot_animation_put(chunk->view.anim);
}

/**
 * parrot_copy() - copy a chunk's bytes
 * @chunk: the chunk
 * @to: where they go; has room for them
 *
 * May sleep.
 *
 * Return: how many bytes could be copied.
 */
size_t parrot_copy(const struct parrot_chunk *chunk, struct iov_iter *to)
{
	const struct parrot_view *view = &chunk->view;
	const struct {
		const char *data;
		size_t len;
	} parts[] = {
		{ view->head, view->head_len },
		{ view->anim->data + view->picture->start, view->picture->len },
		{ view->tail, view->tail_len },
	};
	size_t skip = chunk->from, done = 0, i;

	for (i = 0; i < ARRAY_SIZE(parts) && done < chunk->len; i++) {
		size_t len, copied;

		if (skip >= parts[i].len) {
			skip -= parts[i].len;
			continue;
		}
		len = min(parts[i].len - skip, chunk->len - done);
		copied = copy_to_iter(parts[i].data + skip, len, to);
		done += copied;
		if (copied < len)
			break;
		skip = 0;
	}
	return done;
}
