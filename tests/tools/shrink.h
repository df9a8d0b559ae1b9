/* SPDX-License-Identifier: GPL-2.0 */
/* Makes the kernel release memory that nothing uses, so that counts are exact. */
#ifndef SHRINK_H
#define SHRINK_H

#include <dirent.h>
#include <stdio.h>
#include <unistd.h>

static void shrink_put(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	if (!file)
		return;
	fputs(text, file);
	fclose(file);
}

static void shrink_once(void)
{
	DIR *caches = opendir("/sys/kernel/slab");
	struct dirent *entry;
	char path[512];

	shrink_put("/proc/sys/vm/drop_caches", "3");
	if (!caches)
		return;
	while ((entry = readdir(caches))) {
		snprintf(path, sizeof(path), "/sys/kernel/slab/%s/shrink",
			 entry->d_name);
		shrink_put(path, "1");
	}
	closedir(caches);
}

/* Drops the caches, and the free objects that the slab caches keep. */
static void shrink_all(void)
{
	shrink_once();
	/* The second one releases the objects that RCU has freed by then. */
	usleep(100000);
	shrink_once();
}

#endif
