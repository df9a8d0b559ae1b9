// SPDX-License-Identifier: GPL-2.0
/*
 * parrotread NODE COLOR ANIMATION WAY:SIZE... - checks that a parrot shows
 * exactly this animation
 *
 * NODE is a parrot at frame rate max whose knob color has the value COLOR.
 * ANIMATION is a file in the format of animations that sets no background. For
 * each WAY (read, readv, preadv2, uring, splice) the program opens NODE and
 * reads SIZE bytes at a time. It reads all frames twice, or once if they have
 * 1 MiB or more. It checks:
 *
 *	The frames are those of ANIMATION, in order, starting with any of them.
 *	Each frame has the form that parrot.h defines.
 *	No call returns bytes of two frames.
 *	A frame of at most SIZE bytes arrives in one call. splice is excepted,
 *	because it returns only what the pipe has room for.
 */
#include "parrot.h"

#define FRAMES_MAX	1024
#define LONG		(1 << 20)

/* The expected bytes of each frame, from after its colour to its end. */
static struct {
	const char *bytes;
	size_t len;
} frames[FRAMES_MAX];
static size_t frame_count;
static size_t round_len;	/* of all frames, with HOME and colour */
static const char *color;
static int color_code;		/* 0 to 7, or -1 for none and cycle */

static const char *read_file(const char *name, size_t *len)
{
	int fd = open(name, O_RDONLY);
	struct stat st;
	char *text;

	need(fd >= 0 && !fstat(fd, &st), "cannot open %s", name);
	text = calloc(1, st.st_size + 1);
	need(read(fd, text, st.st_size) == st.st_size, "cannot read %s", name);
	close(fd);
	*len = st.st_size;
	return text;
}

static void add_frame(const char *picture, size_t len)
{
	bool colored = strcmp(color, "none") || memchr(picture, '\033', len);
	const char *end = picture + len, *row, *eol;
	size_t i = frame_count++;
	FILE *file;

	file = open_memstream((char **)&frames[i].bytes, &frames[i].len);
	need(file, "no memory for frame %zu", i);
	for (row = picture; row < end; row = eol + 1) {
		eol = memchr(row, '\n', end - row) ?: end;
		if (row > picture)
			fputs("\n", file);
		fwrite(row, 1, eol - row, file);
		fputs(ROW_END, file);
	}
	fprintf(file, "%s%s", colored ? RESET : "", END);
	fclose(file);
	round_len += strlen(HOME) + frames[i].len;
	if (strcmp(color, "none"))
		round_len += strlen("\033[30m");
}

static void read_animation(const char *name)
{
	size_t len;
	const char *text = read_file(name, &len), *end = text + len, *eol, *from;

	for (from = text; text < end; text = eol + 1) {
		eol = memchr(text, '\n', end - text) ?: end;
		if (eol - text == 1 && *text == '\f') {
			add_frame(from, text - from);
			from = eol + 1;
		}
	}
	add_frame(from, end - from);
}

static void read_color(const char *name)
{
	static const char *const names[] = {
		"black", "red", "green", "yellow", "blue", "magenta", "cyan",
		"white",
	};
	size_t i;

	color = name;
	color_code = -1;
	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (strcmp(names[i], name) == 0)
			color_code = i;
}

static ssize_t read_vectors(int fd, char *bytes, size_t size, bool positional)
{
	size_t third = size / 3;
	struct iovec iov[] = {
		{ bytes, third },
		{ bytes + third, 0 },
		{ bytes + third, third },
		{ bytes + 2 * third, size - 2 * third },
	};

	return positional ? preadv2(fd, iov, 4, -1, 0) : readv(fd, iov, 4);
}

static ssize_t read_by_splice(int fd, char *bytes, size_t size)
{
	static int ends[2];
	ssize_t len, got, done = 0;

	if (!ends[0])
		need(!pipe(ends), "pipe: %s", errname(errno));
	len = splice(fd, NULL, ends[1], NULL, size, 0);
	while (done < len) {
		got = read(ends[0], bytes + done, len - done);
		need(got > 0, "the pipe lacks %zd of the bytes that splice returned",
		     len - done);
		done += got;
	}
	return len;
}

static ssize_t read_some(const char *way, int fd, char *bytes, size_t size)
{
	ssize_t ret = -1;

	errno = EDOM;
	if (strcmp(way, "read") == 0)
		return read(fd, bytes, size);
	if (strcmp(way, "readv") == 0)
		return read_vectors(fd, bytes, size, false);
	if (strcmp(way, "preadv2") == 0)
		return read_vectors(fd, bytes, size, true);
	if (strcmp(way, "splice") == 0)
		return read_by_splice(fd, bytes, size);
	if (strcmp(way, "uring") == 0)
		ret = uring_read(fd, bytes, size, 0);
	if (ret < -1)
		errno = -ret;
	return ret;
}

/*
 * Compares @bytes, which follow a colour, with frame @i. Return: the length of
 * the frame, or 0 if it is another one.
 */
static size_t is_frame(const char *bytes, const char *end, size_t i)
{
	if ((size_t)(end - bytes) < frames[i].len ||
	    memcmp(bytes, frames[i].bytes, frames[i].len))
		return 0;
	return frames[i].len;
}

/* Checks the colour sequence. Return: its length. */
static size_t check_color(const char *bytes, const char *end, int *last)
{
	int code;

	if (strcmp(color, "none") == 0)
		return 0;
	need(end - bytes > 5 && !memcmp(bytes, "\033[3", 3) && bytes[4] == 'm',
	     "no colour after the home sequence");
	code = bytes[3] - '0';
	need(code >= 0 && code <= 7, "unknown colour: 3%c", bytes[3]);
	if (color_code >= 0)
		need(code == color_code, "colour 3%d is not %s", code, color);
	else
		need(code != *last, "colour 3%d twice in a row", code);
	*last = code;
	return 5;
}

/* @calls: nonzero at the first byte that each call returned */
static void check_stream(const char *bytes, size_t len, const char *calls,
			 const char *way, size_t size)
{
	const char *from = bytes, *end = bytes + len, *frame;
	size_t i = 0, found, total;
	bool first = true;
	int last = -1;

	while (from < end) {
		frame = from;
		need(end - from > 3 && !memcmp(from, HOME, strlen(HOME)),
		     "no home sequence at the start of frame %zu", i);
		need(calls[from - bytes], "a call returned bytes of two frames");
		from += strlen(HOME);
		from += check_color(from, end, &last);
		if (first)
			for (i = 0; i < frame_count; i++)
				if (is_frame(from, end, i))
					break;
		need(i < frame_count, "the first picture is not in the animation");
		found = is_frame(from, end, i);
		need(found, "picture %zu was expected, not this one:\n%.*s", i,
		     (int)(end - from < 2000 ? end - from : 2000), from);
		from += found;
		total = from - frame;
		if (total <= size && strcmp(way, "splice"))
			need(!memchr(calls + (frame - bytes) + 1, 1, total - 1),
			     "a call for %zu bytes got only a part of a frame of %zu bytes",
			     size, total);
		i = (i + 1) % frame_count;
		first = false;
	}
}

static void try_way(const char *name, char *way)
{
	size_t len = round_len < LONG ? 2 * round_len : round_len;
	char *colon = strchr(way, ':');
	char *bytes, *calls;
	size_t size, done;
	ssize_t got;
	int fd;

	need(colon, "%s is not WAY:SIZE", way);
	*colon = '\0';
	size = strtoul(colon + 1, NULL, 10);
	bytes = malloc(len + size);
	calls = calloc(1, len + size);
	fd = open(name, O_RDONLY);
	need(fd >= 0, "cannot open %s: %s", name, errname(errno));
	for (done = 0; done < len; done += got) {
		calls[done] = 1;
		got = read_some(way, fd, bytes + done, size);
		need(got > 0, "%s of %zu bytes: %s", way, size,
		     got ? errname(errno) : "no bytes");
	}
	/* check_stream() requires whole frames. */
	need(done == len, "read %zu bytes, but the frames have %zu: other frames, or not whole ones",
	     done, len);
	check_stream(bytes, len, calls, way, size);
	close(fd);
	free(bytes);
	free(calls);
}

int main(int argc, char **argv)
{
	int i;

	if (argc < 5) {
		fprintf(stderr, "usage: parrotread NODE COLOR ANIMATION WAY:SIZE...\n");
		return 2;
	}
	read_color(argv[2]);
	read_animation(argv[3]);
	for (i = 4; i < argc; i++)
		try_way(argv[1], argv[i]);
	return 0;
}
