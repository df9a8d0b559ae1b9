// SPDX-License-Identifier: GPL-2.0
/* The command forget: removes the records of drills. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"
#include "drill/record.h"

/* A record that cannot be parsed can still be forgotten. */
static enum status check(int dir, const char *id)
{
	struct stat status;
	char *name;
	int err;

	if (!id_is_valid(id))
		return complain(STATUS_USAGE, "List the drills: roulettectl history.",
				"'%s' is not the id of a drill", id);
	name = text("%s.json", id);
	err = fstatat(dir, name, &status, AT_SYMLINK_NOFOLLOW);
	free(name);
	if (err)
		return complain_errno(STATUS_USAGE, "Nothing is removed. List the drills: roulettectl history.",
				      "could not find the record of %s", id);
	return STATUS_OK;
}

static enum status forget_one(int dir, const char *id)
{
	enum status status = STATUS_OK;
	char *name = text("%s.json", id);

	/* An id may be on the command line twice. */
	if (unlinkat(dir, name, 0) && errno != ENOENT)
		status = complain_errno(STATUS_IMPOSSIBLE, "Run the command as root.",
					"could not remove the record of %s", id);
	free(name);
	return status;
}

static enum status forget(const struct command *command, int argc, char **argv)
{
	enum status status = need_arguments(command, argc, argv, "id");
	int dir, i;

	if (status)
		return status;
	dir = open(RECORD_DIR, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		return complain_errno(STATUS_USAGE, "Nothing is removed. List the drills: roulettectl history.",
				      "could not open " RECORD_DIR);
	for (i = optind; !status && i < argc; i++)
		status = check(dir, argv[i]);
	for (i = optind; !status && i < argc; i++)
		status = forget_one(dir, argv[i]);
	fsync(dir);
	close(dir);
	return status;
}

const struct command forget_command = {
	.name = "forget",
	.arguments = "ID...",
	.summary = "Remove the records of drills. The evidence of the collectors remains.",
	.run = forget,
};
