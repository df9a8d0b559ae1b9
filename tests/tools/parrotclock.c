// SPDX-License-Identifier: GPL-2.0
/*
 * parrotclock CASE - checks a parrot with many readers, and its clock
 *
 *	rates	three parrots with 10, 30 and 60 frames a second, for 6 s: the
 *		interval of each, whether all readers of a parrot see the same
 *		frame at the same time, and the number of dropped frames
 *	crowd	20 readers, while two threads change the knobs: each frame is
 *		whole, or cut because its animation was replaced, and all are
 *		counted
 *
 * A busy machine may delay a reader, so no check depends on this delay. Each
 * frame must have been current at some time between its request and its
 * arrival. If the clock has the right rate, this holds for every frame.
 */
#include "parrot.h"

#define SECONDS		6.0
#define OBSERVED_MAX	4096

/* A reader's frame: @number was current at a time between @asked and @had. */
struct observed {
	double asked, had;
	long number;
};

struct reader {
	pthread_t thread;
	int fd;
	double nap;		/* pause after each frame, in s */
	size_t count;
	unsigned long dropped;
	struct observed observed[OBSERVED_MAX];
};

#define READERS	3		/* of each parrot; the last one is slow */

struct parrot {
	const char *name;
	double rate;
	struct reader readers[READERS];
};

static void *watch(void *data)
{
	struct reader *reader = data;
	long unwrapped = -1;
	double until = 0;

	do {
		struct observed *o = &reader->observed[reader->count];

		o->asked = now();
		o->number = frame(reader->fd);
		o->had = now();
		if (!reader->count)
			until = o->had + SECONDS;
		need(o->number >= 0, "read: %s", said(o->number));
		need(++reader->count < OBSERVED_MAX, "more than OBSERVED_MAX frames");
		if (unwrapped >= 0) {
			int step = after(unwrapped, o->number);

			need(step, "the same frame twice");
			reader->dropped += step - 1;
			o->number = unwrapped + step;
		}
		unwrapped = o->number;
		if (reader->nap)
			nap(reader->nap);
	} while (now() < until);
	return NULL;
}

/*
 * Makes the numbers of different readers comparable: some readers may have
 * begun before the number wrapped from 1023 to 0, and some after that.
 */
static void unwrap(struct parrot *parrot)
{
	long first = parrot->readers[0].observed[0].number;
	size_t i, k;

	for (i = 1; i < READERS; i++) {
		struct reader *reader = &parrot->readers[i];
		long from = reader->observed[0].number;
		long add = first + after(first, from) - from;

		if (after(first, from) > COUNT_FRAMES / 2)
			add -= COUNT_FRAMES;
		for (k = 0; k < reader->count; k++)
			reader->observed[k].number += add;
	}
}

/*
 * Return: the frame that the reader had with the least delay, in its first or
 * its last half second. The two frames give the interval.
 */
static const struct observed *promptest(const struct reader *reader, bool last,
					double interval)
{
	const struct observed *o = reader->observed, *found = NULL;
	const struct observed *end = o + reader->count;
	double from = last ? end[-1].had - 0.5 : 0;
	double to = last ? end[-1].had : o->had + 0.5;

	for (; o < end; o++) {
		if (o->had < from || o->had > to)
			continue;
		if (!found || o->had - o->number * interval <
			      found->had - found->number * interval)
			found = o;
	}
	return found;
}

static void check_interval(const struct parrot *parrot,
			   const struct reader *reader)
{
	const struct observed *a = promptest(reader, false, 1 / parrot->rate);
	const struct observed *b = promptest(reader, true, 1 / parrot->rate);
	double span = b->had - a->had;
	double interval = span / (b->number - a->number);

	need(span > 4.5, "only %.3f s at rate %g", span, parrot->rate);
	printf("%g frames a second: intervals of %.3f ms (%+.2f %%), %zu read, %lu dropped\n",
	       parrot->rate, interval * 1e3,
	       (interval * parrot->rate - 1) * 100, reader->count,
	       reader->dropped);
	need(interval * parrot->rate > 0.98 && interval * parrot->rate < 1.02,
	     "the interval is off by more than 2 %%");
}

/* Checks that all observed frames fit one clock of this rate. */
static void check_in_step(const struct parrot *parrot)
{
	double interval = 1 / parrot->rate, start = 1e18, slack = 1e-4;
	size_t i, k;

	for (i = 0; i < READERS; i++) {
		const struct reader *reader = &parrot->readers[i];

		for (k = 0; k < reader->count; k++) {
			const struct observed *o = &reader->observed[k];

			if (o->had - o->number * interval < start)
				start = o->had - o->number * interval;
		}
	}
	for (i = 0; i < READERS; i++) {
		const struct reader *reader = &parrot->readers[i];

		for (k = 0; k < reader->count; k++) {
			const struct observed *o = &reader->observed[k];
			double over = start + (o->number + 1) * interval;

			need(o->asked < over + slack,
			     "rate %g, reader %zu: asked %.3f s after the end of frame %ld, and got it",
			     parrot->rate, i, o->asked - over, o->number);
		}
	}
}

static void check_counters(const struct parrot *parrot)
{
	unsigned long count = 0, dropped = 0;
	size_t i;

	for (i = 0; i < READERS; i++) {
		count += parrot->readers[i].count;
		dropped += parrot->readers[i].dropped;
	}
	need(get(parrot->name, "frames_read") == count,
	     "%s: frames_read is %lu, %lu were read", parrot->name,
	     get(parrot->name, "frames_read"), count);
	need(get(parrot->name, "frames_dropped") == dropped,
	     "%s: frames_dropped is %lu, %lu were dropped", parrot->name,
	     get(parrot->name, "frames_dropped"), dropped);
}

static void case_rates(void)
{
	static struct parrot parrots[] = {
		{ .name = "ten", .rate = 10 },
		{ .name = "thirty", .rate = 30 },
		{ .name = "sixty", .rate = 60 },
	};
	size_t i, k;

	for (i = 0; i < ARRAY_SIZE(parrots); i++) {
		char rate[16];

		snprintf(rate, sizeof(rate), "%g", parrots[i].rate);
		make(parrots[i].name, rate, "count", "cycle");
	}
	for (i = 0; i < ARRAY_SIZE(parrots); i++) {
		for (k = 0; k < READERS; k++) {
			struct reader *reader = &parrots[i].readers[k];

			reader->fd = node(parrots[i].name, 0);
			reader->nap = k == READERS - 1 ? 0.4 : 0;
			need(!pthread_create(&reader->thread, NULL, watch, reader),
			     "no thread");
		}
	}
	for (i = 0; i < ARRAY_SIZE(parrots); i++)
		for (k = 0; k < READERS; k++)
			pthread_join(parrots[i].readers[k].thread, NULL);

	for (i = 0; i < ARRAY_SIZE(parrots); i++) {
		struct parrot *parrot = &parrots[i];

		unwrap(parrot);
		for (k = 0; k < READERS; k++)
			if (!parrot->readers[k].nap)
				check_interval(parrot, &parrot->readers[k]);
		check_in_step(parrot);
		check_counters(parrot);
		/* The slow reader pauses for 0.4 s: 4 frames or more. */
		k = READERS - 1;
		need(parrot->readers[k].dropped >= 2 * parrot->readers[k].count,
		     "the slow reader of %s dropped %lu frames and read %zu",
		     parrot->name, parrot->readers[k].dropped,
		     parrot->readers[k].count);
		for (k = 0; k < READERS; k++)
			close(parrot->readers[k].fd);
		drop(parrot->name);
	}
}

#define CROWD		20
#define CROWD_SECONDS	2.0
#define CROWD_PATIENCE	100.0
#define FRAME_MAX	8192

enum how { WHOLE, PIECES, POLLED, SPLICED, SPLICED_PIECES, HOWS };

struct member {
	pthread_t thread;
	enum how how;
	int fd;
	unsigned long frames;
};

/* The pictures of party and of its mirror image. */
static struct {
	char bytes[FRAME_MAX];
	size_t len;
} pictures[64];
static size_t picture_count;
static bool crowd_over;

static bool is_over(void)
{
	return __atomic_load_n(&crowd_over, __ATOMIC_ACQUIRE);
}

/*
 * Return: whether the bytes are the start of a picture that may be shown; if
 * @whole, whether they are such a picture.
 */
static bool is_picture(const char *bytes, size_t len, bool whole)
{
	size_t i, digits = len < 4 ? len : 4;

	for (i = 0; i < picture_count; i++)
		if ((whole ? len == pictures[i].len : len <= pictures[i].len) &&
		    !memcmp(bytes, pictures[i].bytes, len))
			return true;
	/* Pictures of "count" are four digits, also when mirrored. */
	return (whole ? len == 7 : len <= 7) &&
	       strspn(bytes, "0123456789") >= digits &&
	       !memcmp(bytes + digits, ROW_END, len - digits);
}

/* Checks a frame of any colour, which may be cut. */
static void check_frame(const char *bytes, size_t len)
{
	const char *from = bytes + strlen(HOME), *end = bytes + len;
	bool cut = len > strlen(CUT) &&
		   !memcmp(end - strlen(CUT), CUT, strlen(CUT));

	if (cut) {
		end -= strlen(CUT);
		/* The frame may have been cut before its picture. */
		if (end < from || (end - from < 5 && *from == '\033'))
			return;
	}
	need(len > 10 && !memcmp(bytes, HOME, strlen(HOME)), "no home sequence");
	if (!cut) {
		end -= strlen(END);
		need(!memcmp(end, END, strlen(END)), "no end sequence: %.*s", (int)len,
		     bytes);
	}
	if (*from == '\033' && from[2] == '3') {
		if (!cut)
			end -= strlen(RESET);
		need(end - from >= 5 && from[4] == 'm' &&
		     (cut || !memcmp(end, RESET, strlen(RESET))),
		     "coloured, but no reset sequence: %.*s", (int)len, bytes);
		from += 5;
	}
	need(is_picture(from, end - from, !cut), "not a frame:\n%.*s", (int)len,
	     bytes);
}

static ssize_t crowd_read(struct member *member, int ends[2], char *bytes,
			  size_t size)
{
	struct pollfd pollfd = { .fd = member->fd, .events = POLLIN };
	ssize_t got;

	switch (member->how) {
	case PIECES:
		return result(read(member->fd, bytes, 61));
	case POLLED:
		while ((got = result(read(member->fd, bytes, size))) == -EAGAIN)
			need(poll(&pollfd, 1, 1000 * LATE) == 1, "poll: no frame");
		return got;
	case SPLICED_PIECES:
		size = 61;
		/* fallthrough */
	case SPLICED:
		got = result(splice(member->fd, NULL, ends[1], NULL, size, 0));
		return got < 0 ? got : read(ends[0], bytes, size);
	default:
		return result(read(member->fd, bytes, size));
	}
}

static void *crowd_member(void *data)
{
	struct member *member = data;
	char bytes[2 * FRAME_MAX];
	size_t have = 0;
	int ends[2];

	need(!pipe(ends), "pipe: %s", errname(errno));
	while (!is_over()) {
		ssize_t got = crowd_read(member, ends, bytes + have, FRAME_MAX);

		need(got > 0, "read: %s", said(got));
		if (got >= 3 && !memcmp(bytes + have, HOME, strlen(HOME))) {
			if (have)
				check_frame(bytes, have);
			memmove(bytes, bytes + have, got);
			have = 0;
			__atomic_add_fetch(&member->frames, 1, __ATOMIC_RELAXED);
		}
		have += got;
		need(have <= FRAME_MAX, "a frame of more than FRAME_MAX bytes");
	}
	close(ends[0]);
	close(ends[1]);
	return NULL;
}

static void *turn_rate(void *data)
{
	static const char *const rates[] = {
		"60", "max", "1000", "0", "7.5", "200", "0.001", "max", "33",
	};
	size_t i;

	for (i = 0; !is_over(); i++) {
		set(data, "frame_rate", rates[i % ARRAY_SIZE(rates)]);
		nap(0.005);
	}
	/* Wakes the readers, so that they see that the test is over. */
	set(data, "frame_rate", "1000");
	return NULL;
}

static void *turn_others(void *data)
{
	static const char *const turns[][2] = {
		{ "animation", "count" }, { "color", "none" }, { "flip", "1" },
		{ "animation", "party" }, { "color", "cycle" }, { "flip", "0" },
		{ "color", "white" },
	};
	size_t i;

	for (i = 0; !is_over(); i++) {
		const char *const *turn = turns[i % ARRAY_SIZE(turns)];

		set(data, turn[0], turn[1]);
		nap(0.003);
	}
	return NULL;
}

/* Reads all pictures from the device, whose rate is max. */
static void learn_pictures(const char *name, int fd)
{
	unsigned long frames = get(name, "frames");
	char bytes[FRAME_MAX];
	ssize_t got;

	need(picture_count + frames <= ARRAY_SIZE(pictures), "%lu pictures",
	     frames);
	while (frames--) {
		got = read(fd, bytes, sizeof(bytes));
		need(got > 10, "read: %s", said(result(got)));
		got -= strlen(HOME) + strlen(END);
		pictures[picture_count].len = got;
		memcpy(pictures[picture_count++].bytes, bytes + strlen(HOME), got);
	}
}

/*
 * Return: whether each reader has had more than two frames. With KCSAN that
 * takes long.
 */
static bool all_had_some(const struct member *members)
{
	int i;

	for (i = 0; i < CROWD; i++)
		if (__atomic_load_n(&members[i].frames, __ATOMIC_RELAXED) <= 2)
			return false;
	return true;
}

static void case_crowd(void)
{
	static struct member members[CROWD];
	pthread_t rate, others;
	unsigned long total;
	double begun;
	int fd, i;

	make_count_animation();
	make("crowd", "max", "party", "none");
	fd = node("crowd", 0);
	learn_pictures("crowd", fd);
	set("crowd", "flip", "1");
	learn_pictures("crowd", fd);
	set("crowd", "flip", "0");
	close(fd);
	total = picture_count;

	begun = now();
	for (i = 0; i < CROWD; i++) {
		members[i].how = i % HOWS;
		members[i].fd = node("crowd", members[i].how == POLLED ?
				     O_NONBLOCK : 0);
		need(!pthread_create(&members[i].thread, NULL, crowd_member,
				     &members[i]), "no thread");
	}
	need(get("crowd", "readers") == CROWD, "%lu readers, %d expected",
	     get("crowd", "readers"), CROWD);
	pthread_create(&rate, NULL, turn_rate, "crowd");
	pthread_create(&others, NULL, turn_others, "crowd");
	while (now() < begun + CROWD_SECONDS ||
	       (now() < begun + CROWD_PATIENCE && !all_had_some(members)))
		nap(0.05);
	__atomic_store_n(&crowd_over, true, __ATOMIC_RELEASE);
	pthread_join(rate, NULL);
	pthread_join(others, NULL);
	for (i = 0; i < CROWD; i++) {
		pthread_join(members[i].thread, NULL);
		need(members[i].frames > 2, "reader %d had %lu frames", i,
		     members[i].frames);
		total += members[i].frames;
		close(members[i].fd);
	}
	printf("%d readers had %lu frames\n", CROWD, total);
	need(get("crowd", "frames_read") == total,
	     "frames_read is %lu, and %lu were read",
	     get("crowd", "frames_read"), total);
	need(get("crowd", "readers") == 0, "%lu readers after the last close",
	     get("crowd", "readers"));
	drop("crowd");
}

int main(int argc, char **argv)
{
	static const struct test_case cases[] = {
		{ "rates", case_rates }, { "crowd", case_crowd },
	};

	return run_case(cases, ARRAY_SIZE(cases), argc, argv);
}
