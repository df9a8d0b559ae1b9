// SPDX-License-Identifier: GPL-2.0
/*
 * A function for GNU make, $(end-with-status FILE): removes FILE, and ends make
 * with the exit status that FILE contains. make itself would exit with 2 for
 * every failure.
 */
#include <gnumake.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int plugin_is_GPL_compatible;
int make_status_gmk_setup(const gmk_floc *where);

static char *end_with_status(const char *name, unsigned int argc, char **argv)
{
	FILE *file = fopen(argv[0], "r");
	int status = 1;

	(void)name;
	(void)argc;
	if (!file || fscanf(file, "%d", &status) != 1)
		return NULL;
	fclose(file);
	unlink(argv[0]);
	if (status)
		fprintf(stderr, "make: *** [play] Error %d\n", status);
	fflush(NULL);
	_exit(status);
}

int make_status_gmk_setup(const gmk_floc *where)
{
	(void)where;
	gmk_add_function("end-with-status", end_with_status, 1, 1, GMK_FUNC_DEFAULT);
	return 1;
}
