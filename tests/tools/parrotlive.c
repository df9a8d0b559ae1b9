// SPDX-License-Identifier: GPL-2.0
/*
 * parrotlive CASE - turns the knobs of a parrot while it is being read.
 *
 *	wake	a higher rate wakes who waits, in each way to wait
 *	due	when the next frame comes after a change of the rate
 *	pause	at rate 0 everybody waits, and frames go on where they were
 *	max	nobody waits, nobody misses a frame; and back to a rate
 *	whole	the frame that is being read stays as it was
 *	cut	but for one of an animation that is replaced, which ends there
 *	cycle	never the same colour twice running
 */
#include "parrot.h"

#define ROUNDS	4

/* The most frames that can begin between two times at a rate. */
static int most_frames(double from, double to, double rate)
{
	return (to - from) * rate + 1;
}

/* @last: the frame read last. Return: the one that the change brings. */
static long wake_one(const struct waiter *waiter, int fd, long last, bool to_max,
		     double *best)
{
	struct job job;
	double from;
	long got;

	set("wake", "frame_rate", "0.001");
	last = drain(fd, last);
	begin(&job, waiter, fd);
	from = now();
	set("wake", "frame_rate", to_max ? "max" : "60");
	got = end(&job);
	if (waiter->events) {
		need(got == (EPOLLIN | EPOLLRDNORM), "%s said %lx", waiter->name,
		     got);
		got = frame(fd);
	}
	need(got >= 0, "%s: %s", waiter->name, said(got));
	/* At max it is exactly the next one. */
	if (to_max)
		need(after(last, got) == 1, "%s: %ld after %ld", waiter->name,
		     got, last);
	else
		need(after(last, got) >= 1 &&
		     after(last, got) <= most_frames(from, now(), 60),
		     "%s: %ld after %ld", waiter->name, got, last);
	if (job.ended - from < *best)
		*best = job.ended - from;
	return got;
}

static void case_wake(void)
{
	long last;
	size_t i;
	int fd;

	make("wake", "60", "count", "none");
	fd = node("wake", 0);
	last = frame(fd);
	for (i = 0; i < ARRAY_SIZE(waiters); i++) {
		double best = LATE;
		int round;

		for (round = 0; round < ROUNDS || (best >= 0.2 &&
		     round < 10 * ROUNDS); round++)
			last = wake_one(&waiters[i], fd, last, round & 1, &best);
		need(best < 0.2, "%s woke after %.3f s at best", waiters[i].name,
		     best);
	}
	close(fd);
	drop("wake");
}

/* A frame, and when it began: not before, where that is known, and not after. */
struct began {
	long number;
	double from, to;
};

/* Waits, on a file that is O_NONBLOCK, for the next frame. */
static struct began next_frame(int fd)
{
	struct began began = { .from = 0 };
	double end = now() + LATE;

	for (;;) {
		double asked = now();

		began.number = frame(fd);
		began.to = now();
		if (began.number >= 0)
			return began;
		need(began.number == -EAGAIN, "read: %s", said(began.number));
		need(asked < end, "no frame for %.0f s", LATE);
		began.from = asked;
		nap(0.001);
	}
}

/*
 * Changes the rate from 5 to another 0.1 s after a frame has begun. Return:
 * whether it was done early enough, and for sure before or after the time at
 * which the next frame is due, so that anything can be said about that.
 */
static bool change_rate(int fd, const char *rate)
{
	double interval = 1 / atof(rate), asked, changed;
	struct began old, next;
	int frames;

	set("due", "frame_rate", "5");
	drain(fd, 0);
	old = next_frame(fd);
	nap(0.1);
	asked = now();
	set("due", "frame_rate", rate);
	changed = now();
	if (!old.from || changed - old.from >= 0.2)
		return false;

	if (changed - old.from < interval) {
		next = next_frame(fd);
		frames = after(old.number, next.number);
		need(next.to - old.from >= frames * interval,
		     "5 to %s: frame +%d came after %.3f s, too soon", rate,
		     frames, next.to - old.from);
		need(next.from - old.to <= interval,
		     "5 to %s: the next frame did not come in %.3f s", rate,
		     next.from - old.to);
	} else if (asked - old.to >= interval) {
		next = next_frame(fd);
		frames = after(old.number, next.number);
		need(frames >= 1 && next.to - asked >= (frames - 1) * interval,
		     "5 to %s: frame +%d came at once", rate, frames);
		need(next.from <= changed,
		     "5 to %s: no frame came at once, though one was due", rate);
	} else {
		return false;
	}
	return true;
}

static void case_due(void)
{
	static const char *const rates[] = {
		"2.5",		/* later than it would have been */
		"8",		/* sooner */
		"20",		/* so soon that this is over */
	};
	size_t i;
	int fd;

	make("due", "5", "count", "none");
	fd = node("due", O_NONBLOCK);
	frame(fd);
	for (i = 0; i < ARRAY_SIZE(rates); i++) {
		double end = now() + 3 * LATE;

		while (!change_rate(fd, rates[i]))
			need(now() < end, "this machine is too slow to tell");
	}
	close(fd);
	drop("due");
}

static void case_pause(void)
{
	struct pollfd pollfds[3];
	struct job old, fresh;
	char bytes[64];
	double asked, paused, resumed;
	long last, got, got_fresh;
	int i, most;

	make("pause", "20", "count", "none");
	for (i = 0; i < 3; i++)
		pollfds[i] = (struct pollfd){ .events = POLLIN };
	pollfds[0].fd = node("pause", 0);
	pollfds[1].fd = node("pause", O_NONBLOCK);
	got = read(pollfds[1].fd, bytes, 4);
	need(got == 4, "read 4 bytes: %s", said(result(got)));
	asked = now();
	last = frame(pollfds[0].fd);
	set("pause", "frame_rate", "0");
	paused = now();
	pollfds[2].fd = node("pause", 0);

	last = drain(pollfds[0].fd, last);
	need(ready(pollfds[1].fd), "poll does not know of the rest of a frame");
	got = read(pollfds[1].fd, bytes + 4, sizeof(bytes) - 4);
	need(got > 0, "the rest of a frame while paused: %s", said(result(got)));
	number(bytes, got + 4);
	got = frame(pollfds[1].fd);
	need(got == -EAGAIN, "paused, and read says %s", said(got));
	got = poll(pollfds, 3, 250);
	need(got == 0, "paused for 0.25 s, and poll says %ld", got);

	begin(&old, &waiters[0], pollfds[0].fd);
	begin(&fresh, &waiters[0], pollfds[2].fd);
	resumed = now();
	set("pause", "frame_rate", "20");
	got = end(&old);
	got_fresh = end(&fresh);
	/* Up to the pause and since its end; and one that began at its end. */
	most = most_frames(asked, paused, 20) + most_frames(resumed, now(), 20) + 1;
	need(got >= 0 && after(last, got) >= 1 && after(last, got) <= most,
	     "%s came after %ld and a pause", said(got), last);
	need(got_fresh >= 0 && after(last, got_fresh) <= most,
	     "%s came first after %ld and a pause", said(got_fresh), last);
	for (i = 0; i < 3; i++)
		close(pollfds[i].fd);
	drop("pause");
}

static long read_in_turn(int fd, long last, int count)
{
	while (count--) {
		long got = frame(fd);

		need(got >= 0, "at max, read says %s", said(got));
		need(last < 0 || after(last, got) == 1,
		     "at max, %ld came after %ld", got, last);
		last = got;
	}
	return last;
}

static void case_max(void)
{
	long ahead_last, behind_last, got;
	int ahead, behind, round;
	double earliest, from, best = LATE;

	make("max", "0.001", "count", "none");
	ahead = node("max", O_NONBLOCK);
	behind = node("max", O_NONBLOCK);
	ahead_last = frame(ahead);
	behind_last = frame(behind);
	set("max", "frame_rate", "max");
	ahead_last = read_in_turn(ahead, ahead_last, 1200);
	behind_last = read_in_turn(behind, behind_last, 300);
	need(ready(ahead) && ready(behind), "at max, poll sees no frame");
	need(get("max", "frames_read") == 1502, "frames_read is %lu, not 1502",
	     get("max", "frames_read"));
	need(get("max", "frames_dropped") == 0, "at max %lu frames were dropped",
	     get("max", "frames_dropped"));

	/* Who is ahead waits no longer for that; who is behind not at all. */
	fcntl(ahead, F_SETFL, 0);
	for (round = 0; round < ROUNDS || (best >= 0.25 &&
	     round < 10 * ROUNDS); round++) {
		set("max", "frame_rate", "max");
		ahead_last = read_in_turn(ahead, ahead_last, 100);
		earliest = now();
		set("max", "frame_rate", "20");
		from = now();
		got = frame(ahead);
		need(now() - from < LATE, "max to 20: waited for %.3f s",
		     now() - from);
		if (now() - from < best)
			best = now() - from;
		need(after(ahead_last, got) >= 1 && after(ahead_last, got) <=
		     most_frames(earliest, now(), 20) + 1,
		     "max to 20: %ld came after %ld", got, ahead_last);
		ahead_last = got;
	}
	need(best < 0.25, "max to 20: waited for %.3f s at best", best);
	got = frame(behind);
	need(got >= 0, "max to 20: who is behind: %s", said(got));
	need(get("max", "frames_dropped") >= 1000,
	     "who was 1000 frames behind has dropped %lu",
	     get("max", "frames_dropped"));
	close(ahead);
	close(behind);
	drop("max");
}

static size_t read_on(int fd, char *bytes, size_t size)
{
	ssize_t got = read(fd, bytes, size);

	need(got > 0, "read: %s", said(result(got)));
	return got;
}

static void case_whole(void)
{
	static const char *const changes[][2] = {
		{ "color", "none" }, { "frame_rate", "0" },
		{ "color", "green" }, { "frame_rate", "max" },
		{ "frame_rate", "1000" }, { "color", "none" },
	};
	char frame_bytes[8192], bytes[8192];
	size_t len, done, i;
	int fd, other;

	make("whole", "0.001", "party", "red");
	fd = node("whole", O_NONBLOCK);
	other = node("whole", O_NONBLOCK);
	len = read_on(other, frame_bytes, sizeof(frame_bytes));
	done = read_on(fd, bytes, 3);
	for (i = 0; i < ARRAY_SIZE(changes); i++) {
		set("whole", changes[i][0], changes[i][1]);
		done += read_on(fd, bytes + done, 20);
	}
	done += read_on(fd, bytes + done, sizeof(bytes) - done);
	need(done == len && !memcmp(bytes, frame_bytes, len),
	     "a frame changed while it was read:\n%.*s\nwas\n%.*s", (int)done,
	     bytes, (int)len, frame_bytes);
	set("whole", "animation", "count");
	fcntl(fd, F_SETFL, 0);
	need(frame(fd) >= 0, "the next frame is not as the knobs say");
	close(fd);
	close(other);
	drop("whole");
}

static bool is_cut(const char *bytes, long len)
{
	return len == strlen(CUT) && !memcmp(bytes, CUT, len);
}

/* Has its frame read up to @pos, then replaced; in pieces of @size from there. */
static void cut_at(size_t pos, size_t size, const char *knob, const char *value)
{
	int fd = node("cut", O_NONBLOCK);
	char bytes[8192];
	size_t done = 0;
	long got;

	need(pos == read_on(fd, bytes, pos), "no %zu bytes in one read", pos);
	set("cut", knob, value);
	while ((got = result(read(fd, bytes + done, size))) > 0)
		done += got;
	need(is_cut(bytes, done),
	     "cut at %zu by %s, in pieces of %zu, it ends with %zu bytes: %.*s",
	     pos, knob, size, done, (int)done, bytes);
	need(got == -EAGAIN, "after a cut frame: %s", said(got));
	set("cut", knob, strcmp(knob, "flip") ? "party" : "0");
	close(fd);
}

static void case_cut(void)
{
	char bytes[8192];
	size_t len, i;
	int fd;

	make_count_animation();
	make("cut", "0.001", "party", "none");
	fd = node("cut", O_NONBLOCK);
	len = read_on(fd, bytes, sizeof(bytes));
	/* The whole frame has been read: nothing is left to cut. */
	set("cut", "animation", "count");
	need(read(fd, bytes, sizeof(bytes)) < 0 && errno == EAGAIN,
	     "there is an end of a frame that was read to its end");
	set("cut", "animation", "party");
	/* Up to the last byte of the picture; what is after that is no picture's. */
	len -= strlen(END);
	for (i = 1; i < len; i += i < 10 ? 1 : 97)
		cut_at(i, sizeof(bytes), "animation", i & 1 ? "count" : "party");
	cut_at(len - 1, 1, "animation", "count");
	cut_at(len / 2, 3, "flip", "1");

	/* Replaced again while that end is being read. */
	close(fd);
	fd = node("cut", O_NONBLOCK);
	read_on(fd, bytes, 100);
	set("cut", "animation", "count");
	read_on(fd, bytes, 5);
	set("cut", "animation", "party");
	len = 5 + read_on(fd, bytes + 5, sizeof(bytes) - 5);
	need(is_cut(bytes, len), "cut twice, it ends with %.*s", (int)len, bytes);

	/* What comes next is the animation that is shown now, from its start. */
	set("cut", "animation", "count");
	set("cut", "frame_rate", "max");
	need(frame(fd) >= 0, "no whole frame after a cut one");
	close(fd);
	drop("cut");
}

/* Reads a frame. Return: the number of its colour. */
static int read_color(int fd)
{
	char bytes[64];
	ssize_t got = read(fd, bytes, sizeof(bytes));

	need(got > 0, "read: %s", said(result(got)));
	number(bytes, got);
	need(!memcmp(bytes, HOME "\033[3", 6) && bytes[6] >= '0' &&
	     bytes[6] <= '7', "a frame without colour");
	return bytes[6] - '0';
}

static void case_cycle(void)
{
	static const char *const fixed[] = {
		"black", "red", "green", "yellow", "blue", "magenta", "cyan",
		"white",
	};
	int seen = 0, last = -1, got, round;
	size_t i;
	int fd;

	make("cycle", "max", "count", "cycle");
	fd = node("cycle", 0);
	/* Each fixed colour at each place of the cycle. */
	for (round = 0; round < 8; round++) {
		for (i = 0; i < ARRAY_SIZE(fixed); i++) {
			int more = round + 2;

			set("cycle", "color", fixed[i]);
			last = read_color(fd);
			need(last == (int)i, "3%d is not %s", last, fixed[i]);
			set("cycle", "color", "cycle");
			while (more--) {
				got = read_color(fd);
				need(got != last, "3%d twice running", got);
				last = got;
				seen |= 1 << got;
			}
		}
	}
	need(__builtin_popcount(seen) >= 4, "only colours 0x%x in all", seen);
	close(fd);
	drop("cycle");
}

int main(int argc, char **argv)
{
	static const struct test_case cases[] = {
		{ "wake", case_wake }, { "due", case_due },
		{ "pause", case_pause }, { "max", case_max },
		{ "whole", case_whole }, { "cut", case_cut },
		{ "cycle", case_cycle },
	};

	return run_case(cases, ARRAY_SIZE(cases), argc, argv);
}
