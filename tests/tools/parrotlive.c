// SPDX-License-Identifier: GPL-2.0
/*
 * parrotlive CASE - changes the knobs of a parrot while it is read
 *
 *	wake	a higher rate wakes waiting tasks, for each way to wait
 *	due	when the next frame is due after a change of the rate
 *	pause	at rate 0 all readers wait; then the frame numbers continue
 *	max	at rate max no reader waits or misses a frame; then a rate again
 *	whole	knobs do not change a frame that is being read
 *	cut	replacing the animation ends a frame that is being read
 *	cycle	color cycle never has the same colour twice in a row
 */
#include "parrot.h"

#define ROUNDS	4

/* Return: the highest number of frames that can begin between two times. */
static int most_frames(double from, double to, double rate)
{
	return (to - from) * rate + 1;
}

/* @last: the frame read last. Return: the first frame after the change. */
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
		need(got == (EPOLLIN | EPOLLRDNORM), "%s returned events 0x%lx",
		     waiter->name, got);
		got = frame(fd);
	}
	need(got >= 0, "%s: %s", waiter->name, said(got));
	/* At max the reader gets exactly the next frame. */
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

/* A frame that began between @from and @to. @from is 0 if it is unknown. */
struct began {
	long number;
	double from, to;
};

/* Waits for the next frame. The file is O_NONBLOCK. */
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
 * Changes the rate from 5 to @rate, 0.1 s after a frame has begun, and checks
 * when the next frame begins. Return: false if it checked nothing, because the
 * change was too late, or too close to the time at which that frame is due.
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
		     "5 to %s: frame +%d began after %.3f s, too soon", rate,
		     frames, next.to - old.from);
		need(next.from - old.to <= interval,
		     "5 to %s: the next frame did not begin within %.3f s", rate,
		     next.from - old.to);
	} else if (asked - old.to >= interval) {
		next = next_frame(fd);
		frames = after(old.number, next.number);
		need(frames >= 1 && next.to - asked >= (frames - 1) * interval,
		     "5 to %s: frame +%d began at once", rate, frames);
		need(next.from <= changed,
		     "5 to %s: no frame began at once, though one was due", rate);
	} else {
		return false;
	}
	return true;
}

static void case_due(void)
{
	static const char *const rates[] = {
		"2.5",		/* later than at rate 5 */
		"8",		/* sooner than at rate 5 */
		"20",		/* before the change, so at once */
	};
	size_t i;
	int fd;

	make("due", "5", "count", "none");
	fd = node("due", O_NONBLOCK);
	frame(fd);
	for (i = 0; i < ARRAY_SIZE(rates); i++) {
		double end = now() + 3 * LATE;

		while (!change_rate(fd, rates[i]))
			need(now() < end, "this machine is too slow for the test");
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
	need(ready(pollfds[1].fd), "poll does not report the rest of a frame");
	got = read(pollfds[1].fd, bytes + 4, sizeof(bytes) - 4);
	need(got > 0, "the rest of a frame while paused: %s", said(result(got)));
	number(bytes, got + 4);
	got = frame(pollfds[1].fd);
	need(got == -EAGAIN, "paused: read returned %s", said(got));
	got = poll(pollfds, 3, 250);
	need(got == 0, "paused for 0.25 s: poll returned %ld", got);

	begin(&old, &waiters[0], pollfds[0].fd);
	begin(&fresh, &waiters[0], pollfds[2].fd);
	resumed = now();
	set("pause", "frame_rate", "20");
	got = end(&old);
	got_fresh = end(&fresh);
	/* Frames before and after the pause, and one that began at its end. */
	most = most_frames(asked, paused, 20) + most_frames(resumed, now(), 20) + 1;
	need(got >= 0 && after(last, got) >= 1 && after(last, got) <= most,
	     "frame %s was read after frame %ld and a pause", said(got), last);
	need(got_fresh >= 0 && after(last, got_fresh) <= most,
	     "a new reader read frame %s after frame %ld and a pause",
	     said(got_fresh), last);
	for (i = 0; i < 3; i++)
		close(pollfds[i].fd);
	drop("pause");
}

static long read_in_turn(int fd, long last, int count)
{
	while (count--) {
		long got = frame(fd);

		need(got >= 0, "at max, read returned %s", said(got));
		need(last < 0 || after(last, got) == 1,
		     "at max, frame %ld was read after frame %ld", got, last);
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
	need(ready(ahead) && ready(behind), "at max, poll reports no frame");
	need(get("max", "frames_read") == 1502, "frames_read is %lu, not 1502",
	     get("max", "frames_read"));
	need(get("max", "frames_dropped") == 0, "at max %lu frames were dropped",
	     get("max", "frames_dropped"));

	/*
	 * Now the clock continues at the newest frame. The reader that has it
	 * waits for one interval at most, and the one behind does not wait.
	 */
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
		     "max to 20: frame %ld was read after frame %ld", got, ahead_last);
		ahead_last = got;
	}
	need(best < 0.25, "max to 20: waited for %.3f s at best", best);
	got = frame(behind);
	need(got >= 0, "max to 20: the reader behind: %s", said(got));
	need(get("max", "frames_dropped") >= 1000,
	     "the reader 1000 frames behind has dropped %lu",
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
	need(frame(fd) >= 0, "the next frame cannot be read");
	close(fd);
	close(other);
	drop("whole");
}

static bool is_cut(const char *bytes, long len)
{
	return len == strlen(CUT) && !memcmp(bytes, CUT, len);
}

#define RED_PICTURE	"\033[31mred" ROW_END

/* An animation "red" of one frame, RED_PICTURE. */
static void make_red_animation(void)
{
	FILE *file;

	make_firmware_folder();
	file = fopen(FIRMWARE "/red.anim", "w");
	need(file, "cannot write in " FIRMWARE);
	fputs("\033[31mred\n", file);
	fclose(file);
}

/* The animation that cut_at() and replace_in_tail() replace, and set again. */
static const char *shown = "party";

/*
 * Reads @pos bytes of a frame, replaces the animation by setting @knob, and
 * reads the end of the frame @size bytes at a time.
 */
static void cut_at(size_t pos, size_t size, const char *knob, const char *value)
{
	int fd = node("cut", O_NONBLOCK);
	char bytes[8192];
	size_t done = 0;
	long got;

	need(pos == read_on(fd, bytes, pos), "a read did not return %zu bytes", pos);
	set("cut", knob, value);
	while ((got = result(read(fd, bytes + done, size))) > 0)
		done += got;
	need(is_cut(bytes, done),
	     "cut at %zu by %s, in pieces of %zu, the frame ends with %zu bytes: %.*s",
	     pos, knob, size, done, (int)done, bytes);
	need(got == -EAGAIN, "after a cut frame: %s", said(got));
	set("cut", knob, strcmp(knob, "flip") ? shown : "0");
	close(fd);
}

/*
 * Replaces the animation while @left bytes after the picture of a coloured frame
 * are to be read. These are not cut.
 */
static void replace_in_tail(size_t left)
{
	const char *tail = RESET END;
	int fd = node("cut", O_NONBLOCK);
	char bytes[8192];
	size_t len;

	/* The clock stands, so both files get the same frame. */
	len = read_on(fd, bytes, sizeof(bytes));
	close(fd);
	fd = node("cut", O_NONBLOCK);
	read_on(fd, bytes, len - left);
	set("cut", "animation", "count");
	need(read_on(fd, bytes, sizeof(bytes)) == left &&
	     !memcmp(bytes, tail + strlen(tail) - left, left),
	     "replaced %zu bytes before its end, a frame of %s ends otherwise",
	     left, shown);
	set("cut", "animation", shown);
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
	/* The whole frame has been read, so nothing is left to cut. */
	set("cut", "animation", "count");
	need(read(fd, bytes, sizeof(bytes)) < 0 && errno == EAGAIN,
	     "a frame that was read completely has more bytes");
	set("cut", "animation", "party");
	/* Only bytes of the picture are cut, not those after it. */
	len -= strlen(END);
	for (i = 1; i < len; i += i < 10 ? 1 : 97)
		cut_at(i, sizeof(bytes), "animation", i & 1 ? "count" : "party");
	cut_at(len - 1, 1, "animation", "count");
	cut_at(len / 2, 3, "flip", "1");

	/* In the head, which has two sequences, and in the tail of a coloured frame. */
	set("cut", "color", "red");
	for (i = 1; i < 10; i++)
		cut_at(i, sizeof(bytes), "animation", "count");
	for (i = 1; i < strlen(RESET END); i++)
		replace_in_tail(i);
	set("cut", "color", "none");

	/* In the head, picture and tail of a frame with colours of its own. */
	make_red_animation();
	shown = "red";
	set("cut", "animation", shown);
	for (i = 1; i < strlen(HOME RED_PICTURE); i++)
		cut_at(i, sizeof(bytes), "animation", "count");
	for (i = 1; i < strlen(RESET END); i++)
		replace_in_tail(i);
	shown = "party";
	set("cut", "animation", shown);

	/* Replace the animation again while that end is being read. */
	close(fd);
	fd = node("cut", O_NONBLOCK);
	read_on(fd, bytes, 100);
	set("cut", "animation", "count");
	read_on(fd, bytes, 5);
	set("cut", "animation", "party");
	len = 5 + read_on(fd, bytes + 5, sizeof(bytes) - 5);
	need(is_cut(bytes, len), "cut twice, the frame ends with %.*s", (int)len, bytes);

	/* The next frame is a whole one, of the animation that is shown now. */
	set("cut", "animation", "count");
	set("cut", "frame_rate", "max");
	need(frame(fd) >= 0, "no whole frame after a cut one");
	close(fd);
	drop("cut");
}

/* Reads a frame. Return: the number of its colour, 0 to 7. */
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
	/* Tries each fixed colour at each position of the cycle. */
	for (round = 0; round < 8; round++) {
		for (i = 0; i < ARRAY_SIZE(fixed); i++) {
			int more = round + 2;

			set("cycle", "color", fixed[i]);
			last = read_color(fd);
			need(last == (int)i, "colour 3%d is not %s", last, fixed[i]);
			set("cycle", "color", "cycle");
			while (more--) {
				got = read_color(fd);
				need(got != last, "colour 3%d twice in a row", got);
				last = got;
				seen |= 1 << got;
			}
		}
	}
	need(__builtin_popcount(seen) >= 4, "only the colours 0x%x in all", seen);
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
