// SPDX-License-Identifier: GPL-2.0
/* The command animation import. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "commands.h"
#include "common/file.h"
#include "common/run.h"
#include "parse.h"
#include "store.h"
#include "terminal.h"

#define SOURCE_MAX	(256 << 20)	/* bytes of a file to import */
#define SIDE_MAX	1000		/* columns and rows of a frame */

/* chafa moves the cursor, which takes a few bytes per frame. */
#define OUTPUT_MAX	(ANIMATION_MAX + 65536)

/**
 * struct request - what the command line asks for
 * @columns: maximum width
 * @rows: maximum height
 * @size: value of option --size, or NULL
 * @colors: value of option --colors, or NULL
 * @output: value of option --output, or NULL
 * @force: replace an existing file
 */
struct request {
	unsigned int columns;
	unsigned int rows;
	const char *size;
	const char *colors;
	const char *output;
	bool force;
};

/**
 * struct frames - the frames imported so far
 * @file: stream to @bytes
 * @bytes: the frames; valid after fflush()
 * @size: bytes in @bytes
 */
struct frames {
	FILE *file;
	char *bytes;
	size_t size;
};

static unsigned int side(double cells, unsigned int limit)
{
	return fmin(fmax(round(cells), 1), limit);
}

/* A cell is about twice as high as wide. */
static char *fit(const struct request *request, unsigned int width,
		 unsigned int height)
{
	double ratio = 2.0 * width / height;

	return text("%ux%u", side(request->rows * ratio, request->columns),
		    side(request->columns / ratio, request->rows));
}

static enum status chafa_failed(const char *path, int result)
{
	switch (result) {
	case RUN_NOT_FOUND:
		return complain(STATUS_IMPOSSIBLE, "Install chafa, for example with apt install chafa.",
				"the program chafa, which converts a GIF, is not installed");
	case RUN_TOO_LONG:
		return complain(STATUS_USAGE, "Import it with a smaller --size, or with fewer --colors.",
				"%s gives an animation larger than 4 MiB", path);
	default:
		return complain(STATUS_USAGE, "Check the file: chafa FILE.",
				"chafa could not convert %s", path);
	}
}

/*
 * chafa's defaults depend on the terminal, and differ between versions. So all
 * are given: with TERM=fbterm colours are not SGR, with TERM=vt220 1.18 draws
 * ASCII. 1.6 has no --scale, so the size is computed here, and --stretch fills
 * it. --clear gives the frames of all versions the same start.
 */
static enum status run_chafa(const struct request *request, const char *path,
			     const char *size, char **output)
{
	/* chafa has no option that is a file name. */
	char *file = text("%s%s", *path == '-' ? "./" : "", path);
	char *colors = text("--colors=%s", request->colors ?: "256");
	char *limits = text("--size=%s", size);
	char *const argv[] = { "chafa", "--format=symbols", "--clear",
			       "--duration=0", "--speed=max", "--stretch",
			       colors, limits, file, NULL };
	int result;

	setenv("TERM", "xterm-256color", 1);
	result = run(argv, RUN_ERRORS_SHOWN, output, OUTPUT_MAX);
	free(file);
	free(colors);
	free(limits);
	return result ? chafa_failed(path, result) : STATUS_OK;
}

static enum status convert_gif(const struct request *request, const char *path,
			       unsigned int width, unsigned int height,
			       char **converted, size_t *length)
{
	char *size = fit(request, width, height), *output = NULL;
	enum status status = run_chafa(request, path, size, &output);

	free(size);
	if (!status) {
		*converted = chafa_convert(output, length);
		if (!*converted)
			status = complain(STATUS_IMPOSSIBLE, "Report this, with the output of: chafa --version.",
					  "this version of chafa prints unknown escape sequences");
		else if (!*length)
			status = complain(STATUS_USAGE, "Check the file: chafa FILE.",
					  "chafa found no picture in %s", path);
	}
	free(output);
	return status;
}

static enum status refuse(const char *path, const char *fault)
{
	const char *advice = "docs/reference.md, section parrot, describes the format of animations.";

	if (strstr(fault, "control character 0x09"))
		advice = "Replace the tabs by spaces: expand FILE > NEW.";
	else if (strstr(fault, "is not UTF-8") ||
		 strstr(fault, "control character"))
		advice = "A file is a GIF, or text in UTF-8. Convert other text: iconv -f latin1 -t utf-8 FILE > NEW.";
	else if (strstr(fault, "MiB") || strstr(fault, "frames"))
		advice = "Import fewer or smaller frames.";
	return complain(STATUS_USAGE, advice, "%s: %s", path, fault);
}

/* The kernel's limits apply to each file too, and its lines have the number. */
static enum status check(const char *path, const char *bytes, size_t size)
{
	struct animation animation;
	char *fault = animation_parse(&animation, bytes, size);
	enum status status = STATUS_OK;

	if (!fault) {
		animation_free(&animation);
		return STATUS_OK;
	}
	status = refuse(path, fault);
	free(fault);
	return status;
}

static enum status import_file(struct frames *frames,
			       const struct request *request, const char *path,
			       bool *is_gif)
{
	size_t size, length = 0;
	char *bytes = read_bytes_at(AT_FDCWD, path, SOURCE_MAX, &size);
	enum status status = STATUS_OK;
	char *converted = NULL;
	unsigned int width, height;

	if (!bytes)
		return complain_errno(STATUS_USAGE, "Give a GIF or a text file.",
				      "could not read %s", path);
	*is_gif = gif_size(bytes, size, &width, &height);
	if (*is_gif)
		status = convert_gif(request, path, width, height, &converted,
				     &length);
	else
		converted = text_convert(bytes, size, &length);
	if (!status)
		status = check(path, converted, length);
	if (!status) {
		fflush(frames->file);
		fprintf(frames->file, "%s", frames->size ? "\f\n" : "");
		fwrite(converted, 1, length, frames->file);
	}
	free(converted);
	free(bytes);
	return status;
}

static enum status import_files(struct frames *frames,
				const struct request *request, int count,
				char **paths)
{
	enum status status = STATUS_OK;
	bool is_gif = false, any_gif = false;
	int i;

	for (i = 0; i < count && !status; i++) {
		status = import_file(frames, request, paths[i], &is_gif);
		any_gif |= is_gif;
	}
	if (!status && !any_gif && (request->size || request->colors))
		return complain(STATUS_USAGE, "Omit --size and --colors.",
				"text files keep their size and colours");
	return status;
}

static enum status write_out(const struct request *request, const char *name,
			     const char *path, const struct frames *frames)
{
	enum status status;

	/* Together the files may break a limit. */
	status = check(name ?: path, frames->bytes, frames->size);
	if (status)
		return status;
	if (request->output && !strcmp(request->output, "-")) {
		if (fwrite(frames->bytes, 1, frames->size, stdout) !=
		    frames->size || fflush(stdout))
			return complain_errno(STATUS_IMPOSSIBLE, NULL,
					      "could not write the output");
		return STATUS_OK;
	}
	return animation_write(path, frames->bytes, frames->size);
}

static void report(const struct request *request, const char *name,
		   const char *path, const struct frames *frames)
{
	struct animation animation;
	struct measure measure;

	if (animation_parse(&animation, frames->bytes, frames->size))
		return;
	animation_measure(&measure, frames->bytes, frames->size);
	printf("%s: %zu frame%s, %ux%u, colours %s, %zu bytes\n", path,
	       animation.count, animation.count == 1 ? "" : "s",
	       measure.columns, measure.rows, measure.colors, frames->size);
	animation_free(&animation);
	if (!request->output)
		printf("Play it: roulettectl set parrot animation=%s\n", name);
}

static enum status import(const struct request *request, const char *name,
			  int count, char **paths)
{
	char *path = request->output ? text("%s", request->output) :
				       animation_path(name);
	struct frames frames = {};
	enum status status;
	struct stat file;

	frames.file = open_memstream(&frames.bytes, &frames.size);
	need_memory(frames.file);
	if (!strcmp(path, "-") || stat(path, &file))
		status = import_files(&frames, request, count, paths);
	else if (!S_ISREG(file.st_mode))
		status = complain(STATUS_USAGE, "Choose another file.",
				  "%s is not a regular file", path);
	else if (!request->force)
		status = complain(STATUS_USAGE, "Choose another name, or replace the animation: --force.",
				  "%s exists", path);
	else
		status = import_files(&frames, request, count, paths);
	fclose(frames.file);
	if (!status)
		status = write_out(request, name, path, &frames);
	if (!status && strcmp(path, "-"))
		report(request, name, path, &frames);
	free(frames.bytes);
	free(path);
	return status;
}

static enum status check_options(const struct command *command,
				 struct request *request)
{
	static const char *const colors[] = { "none", "16", "256", "full" };
	size_t i;
	int end = 0;

	terminal_size(&request->columns, &request->rows);
	/* The erase at the end of a row, and the last newline. */
	request->columns -= request->columns > 1;
	request->rows -= request->rows > 1;
	if (request->size &&
	    (sscanf(request->size, "%ux%u%n", &request->columns,
		    &request->rows, &end) < 2 || request->size[end] ||
	     !request->columns || !request->rows ||
	     request->columns > SIDE_MAX || request->rows > SIDE_MAX))
		return wrong_usage(command, "'%s' is not a size: give COLSxROWS, each from 1 to %d",
				   request->size, SIDE_MAX);
	if (!request->colors)
		return STATUS_OK;
	for (i = 0; i < sizeof(colors) / sizeof(*colors); i++)
		if (!strcmp(request->colors, colors[i]))
			return STATUS_OK;
	return wrong_usage(command, "'%s' is not a number of colours: give none, 16, 256 or full",
			   request->colors);
}

static enum status run_import(const struct command *command, int argc,
			      char **argv)
{
	static const struct option options[] = {
		{ "size", required_argument, NULL, 's' },
		{ "colors", required_argument, NULL, 'c' },
		{ "output", required_argument, NULL, 'o' },
		{ "force", no_argument, NULL, 'f' },
		HELP_OPTION
	};
	struct request request = {};
	const char *name = NULL;
	enum status status;
	int option;

	while ((option = next_option(command, argc, argv, "s:c:o:fh", options)) >= 0) {
		if (option == 's')
			request.size = optarg;
		else if (option == 'c')
			request.colors = optarg;
		else if (option == 'o')
			request.output = optarg;
		else
			request.force = true;
	}
	status = check_options(command, &request);
	if (status)
		return status;
	if (!request.output) {
		if (argc - optind < 2)
			return wrong_usage(command, "give at least one file, and the name of the animation");
		name = argv[--argc];
		status = animation_check_name(name);
		if (status)
			return status;
	}
	if (optind == argc)
		return wrong_usage(command, "give at least one file");
	return import(&request, name, argc - optind, argv + optind);
}

const struct command animation_import_command = {
	.name = "animation import",
	.arguments = "[-f] [-s COLSxROWS] [-c COLORS] FILE... NAME",
	.summary = "Make an animation from a GIF or from text files.",
	.help = "  -s, --size COLSxROWS  the largest size of a GIF's frames\n"
		"  -c, --colors COLORS   the colours of a GIF: none, 16, 256 (default) or full\n"
		"  -f, --force           replace an existing animation\n"
		"  -o, --output FILE     write to this file; - is the standard output;\n"
		"                        then all arguments are files\n\n"
		"The animation is /lib/firmware/roulette/NAME.anim. The program chafa draws a GIF.\n"
		"Its frames are as large as the terminal, less one column and row, or 48x22\n"
		"without a terminal. The shape of the picture is kept. A text file is one frame, or\n"
		"several, if lines with only a form feed separate them.\n",
	.run = run_import,
};
