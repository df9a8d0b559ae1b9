// SPDX-License-Identifier: GPL-2.0
/*
 * The stream of frames of an open file: selects the frame that is due, adds
 * head and tail, and tracks the bytes that were read. Both read() and splice()
 * take chunks from here.
 *
 * No open file holds a reference to an animation, so readers cannot keep an
 * animation in memory. A view has the generation of its animation and a
 * location in it. Bytes are copied under the lock, in pieces. If the animation
 * has been replaced meanwhile, the frame ends at the reader's position.
 */
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "parrot.h"
#include "parrot_trace.h"

#define PARROT_HOME		"\033[H"
/* Bytes after the last row: newline, erase below. */
#define PARROT_TAIL		"\n\033[J"
#define PARROT_TAIL_COLORED	"\033[0m" PARROT_TAIL

/* Bytes after a picture that was cut within a row. */
#define PARROT_TAIL_CUT		"\033[0m\033[K" PARROT_TAIL

/* Maximum number of bytes copied under the lock at a time. */
#define PARROT_PIECE		512

/* Colours of the cycle. Black and white may be invisible on a terminal. */
static const enum parrot_color parrot_wheel[] = {
	PARROT_COLOR_RED, PARROT_COLOR_YELLOW, PARROT_COLOR_GREEN,
	PARROT_COLOR_CYAN, PARROT_COLOR_BLUE, PARROT_COLOR_MAGENTA,
};

static size_t parrot_view_len(const struct parrot_view *view)
{
	return view->head_len + view->picture.len + strlen(view->tail);
}

static bool parrot_has_rest(const struct parrot_reader *reader)
{
	return !reader->fresh && reader->pos < parrot_view_len(&reader->view);
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
	/* The previous frame may have this colour, if the knob was changed. */
	do {
		color = parrot_wheel[reader->cycle++ % ARRAY_SIZE(parrot_wheel)];
	} while (color == reader->color);
	return color;
}

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
	view->generation = parrot->generation;
	view->picture = parrot->shown->frames[index];
	view->head_len = scnprintf(view->head, sizeof(view->head), PARROT_HOME);
	view->tail = PARROT_TAIL;
	if (reader->color != PARROT_COLOR_NONE)
		view->head_len += scnprintf(view->head + view->head_len,
					    sizeof(view->head) - view->head_len,
					    "\033[%um", 30 + reader->color);
	if (reader->color != PARROT_COLOR_NONE || view->picture.color)
		view->tail = PARROT_TAIL_COLORED;
}

/* Ends the picture at the reader's position if the animation was replaced. */
static void parrot_cut(struct parrot_reader *reader)
{
	struct parrot_view *view = &reader->view;

	lockdep_assert_held(&reader->parrot->lock);
	if (view->generation == reader->parrot->generation ||
	    reader->pos >= view->head_len + view->picture.len)
		return;
	view->head_len = min(view->head_len, reader->pos);
	view->picture.len = reader->pos - view->head_len;
	view->tail = PARROT_TAIL_CUT;
}

/**
 * parrot_take() - take the next bytes from a stream, without waiting
 * @reader: the open file
 * @count: maximum number of bytes, at least 1
 * @chunk: the bytes; the caller must pass them to parrot_give_back()
 *
 * Two threads never take the same bytes from one open file.
 *
 * Context: Process context.
 *
 * Return: true, or false with @chunk unchanged if there is nothing to read.
 */
bool parrot_take(struct parrot_reader *reader, size_t count,
		 struct parrot_chunk *chunk)
{
	struct parrot *parrot = reader->parrot;
	u64 now;

	spin_lock(&parrot->lock);
	now = ktime_get_ns();
	if (!parrot_ready(reader, now)) {
		spin_unlock(&parrot->lock);
		return false;
	}
	if (parrot_has_rest(reader))
		parrot_cut(reader);
	else
		parrot_begin(reader, now);
	chunk->number = reader->number;
	chunk->view = reader->view;
	chunk->from = reader->pos;
	chunk->len = min(count, parrot_view_len(&reader->view) - reader->pos);
	reader->pos += chunk->len;
	spin_unlock(&parrot->lock);
	return true;
}

/**
 * parrot_give_back() - return the unused bytes of a chunk to the stream
 * @reader: the open file
 * @chunk: the chunk from parrot_take()
 * @used: the return value of parrot_copy(), or less
 *
 * Unused bytes are lost if another thread has taken bytes in the meantime.
 *
 * Context: Process context.
 */
void parrot_give_back(struct parrot_reader *reader,
		      const struct parrot_chunk *chunk, ssize_t used)
{
	struct parrot *parrot = reader->parrot;

	spin_lock(&parrot->lock);
	if (reader->number == chunk->number &&
	    reader->pos == chunk->from + chunk->len)
		reader->pos = chunk->from + max_t(ssize_t, used, 0);
	spin_unlock(&parrot->lock);
	/* Another thread may sleep, because it found nothing to read. */
	if (used < (ssize_t)chunk->len)
		wake_up_all(&reader->wait);
}

/*
 * Copies at most @size bytes of a frame, from @pos on. Return: number of bytes;
 * 0 if the animation was replaced.
 */
static size_t parrot_piece(struct parrot *parrot, const struct parrot_view *view,
			   size_t pos, char *to, size_t size)
{
	if (pos < view->head_len) {
		size = min(size, view->head_len - pos);
		memcpy(to, view->head + pos, size);
		return size;
	}
	pos -= view->head_len;
	if (pos < view->picture.len) {
		size = min(size, view->picture.len - pos);
		spin_lock(&parrot->lock);
		if (view->generation == parrot->generation)
			memcpy(to, parrot->shown->data + view->picture.start +
			       pos, size);
		else
			size = 0;
		spin_unlock(&parrot->lock);
		return size;
	}
	pos -= view->picture.len;
	size = min(size, strlen(view->tail) - pos);
	memcpy(to, view->tail + pos, size);
	return size;
}

/**
 * parrot_copy() - copy the bytes of a chunk
 * @reader: the open file
 * @chunk: the chunk
 * @to: the destination, with room for the chunk
 *
 * If the animation is replaced meanwhile, stops there. The next parrot_take()
 * then gives bytes that end the cut frame.
 *
 * Context: Process context. May sleep, without a time limit if @to is user
 * memory.
 *
 * Return: number of bytes copied; 0 if the animation was replaced before the
 * first byte; or -EFAULT.
 */
ssize_t parrot_copy(struct parrot_reader *reader,
		    const struct parrot_chunk *chunk, struct iov_iter *to)
{
	char piece[PARROT_PIECE];
	size_t done, len, copied;

	for (done = 0; done < chunk->len; done += len) {
		len = parrot_piece(reader->parrot, &chunk->view,
				   chunk->from + done, piece,
				   min(chunk->len - done, sizeof(piece)));
		if (!len)
			break;
		copied = copy_to_iter(piece, len, to);
		if (copied < len)
			return done + copied ?: -EFAULT;
	}
	return done;
}
