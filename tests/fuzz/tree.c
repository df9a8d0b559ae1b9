// SPDX-License-Identifier: GPL-2.0
/* Creates and removes instances, and makes other calls on directories. */
#include <dirent.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/time.h>
#include <sys/xattr.h>

#include "fuzz.h"

static const char *const types[] = { "roulette", "parrot" };

static void instance_path(struct thread *t, char *path, size_t size,
			  const char *name)
{
	enum type type = name_type(name);

	snprintf(path, size, CONFIG "%s/%s",
		 type == EITHER ? PICK(t, types) : types[type], name);
}

static void bad_mkdir(struct thread *t)
{
	static const char *const bad[] = {
		"-x", ".x", "_x", "a b", "a,b", "\xc3\xa4", "a\nb", "x%s", "x:",
		"0123456789012345678901234567890123456789012345678901234567890123",
	};
	char path[500], longest[300];
	int want = EINVAL;
	long ret;

	switch (below(t, 4)) {
	case 0:
		snprintf(path, sizeof(path), CONFIG "%s/%s", PICK(t, types),
			 PICK(t, bad));
		break;
	case 1:
		snprintf(path, sizeof(path), CONFIG "other%u", below(t, 3));
		want = EPERM;
		break;
	case 2:
		instance_path(t, path, sizeof(path), some_name(t));
		strcat(path, "/inner");
		want = EPERM;
		break;
	case 3:
		memset(longest, 'a', 256);
		longest[256] = '\0';
		snprintf(path, sizeof(path), CONFIG "%s/%s", PICK(t, types),
			 longest);
		want = ENAMETOOLONG;
		break;
	}
	doing(t, "mkdir %s", path);
	ret = result(mkdir(path, 0755));
	/* ENOENT: the type, or the instance, does not exist. */
	judge(t, KIND_mkdir_bad, ret, want, ENOENT);
	if (!ret)
		fail(t, "succeeded, but must fail");
}

void op_mkdir(struct thread *t)
{
	const char *name = some_name(t);
	char path[100];
	long ret;

	if (chance(t, 15)) {
		bad_mkdir(t);
		return;
	}
	instance_path(t, path, sizeof(path), name);
	doing(t, "mkdir %s", path);
	ret = result(mkdir(path, 0700 + below(t, 64)));
	/* ENOSPC: the core may have a small max_devices. */
	judge(t, KIND_mkdir, ret, EEXIST, ENOENT, EAGAIN, ENOSPC);
	if (!ret && board->calm)
		judge(t, KIND_rmdir, result(rmdir(path)), ENOENT);
}

void op_rmdir(struct thread *t)
{
	static const char *const bad[] = {
		CONFIG, CONFIG "roulette", CONFIG "parrot", CLASS,
		CLASS "parrot", NODES, CONFIG "roulette/r0/odds",
	};
	char path[100];
	long ret;

	if (chance(t, 15)) {
		snprintf(path, sizeof(path), "%s", PICK(t, bad));
		doing(t, "rmdir %s", path);
		ret = result(rmdir(path));
		judge(t, KIND_rmdir_bad, ret, EPERM, ENOENT, ENOTDIR, ENOTEMPTY,
		      EBUSY);
		/* An empty /dev/roulette can be removed; it is recreated. */
		if (!ret && strcmp(path, NODES))
			fail(t, "succeeded, but must fail");
		return;
	}
	instance_path(t, path, sizeof(path), some_name(t));
	doing(t, "rmdir %s", path);
	judge(t, KIND_rmdir, result(rmdir(path)), ENOENT);
}

/* A random file or directory of the modules. */
static void some_path(struct thread *t, char *path, size_t size)
{
	static const char *const knobs[] = { "odds", "type", "dev", "flip", "reset" };
	const char *name = some_name(t);
	char dir[120];

	instance_path(t, dir, sizeof(dir), name);
	switch (below(t, 6)) {
	case 0:
		snprintf(path, size, "%s", dir);
		break;
	case 1:
		snprintf(path, size, "%s/%s", dir, PICK(t, knobs));
		break;
	case 2:
		snprintf(path, size, CONFIG "%s", PICK(t, types));
		break;
	case 3:
		snprintf(path, size, CONFIG);
		break;
	case 4:
		snprintf(path, size, CLASS "%s/%s", name, PICK(t, knobs));
		break;
	case 5:
		snprintf(path, size, CLASS "%s/", name);
		break;
	}
}

static long inotify(struct thread *t, const char *path)
{
	int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	long ret = result(inotify_add_watch(fd, path, IN_ALL_EVENTS));

	if (ret > 0) {
		usleep(below(t, 3000));
		ret = result(read(fd, t->room, 4096));
		if (ret == -EAGAIN)
			ret = 0;
	}
	close(fd);
	return ret;
}

#define REFUSALS	ENOENT, EPERM, EACCES, EEXIST, EISDIR, ENOTDIR,		\
			ENOTEMPTY, EXDEV, EINVAL, EOPNOTSUPP, EBUSY, ELOOP,	\
			ENODEV

/* Calls that the kernel always refuses here, and calls that it allows. */
void op_tree(struct thread *t)
{
	static const mode_t modes[] = { 0, 0444, 0600, 0644, 0755, 0777 };
	struct timeval times[2] = { { .tv_sec = below(t, 1u << 30) } };
	char from[160], to[160];
	long ret = -EINVAL;
	bool refused = true;

	some_path(t, from, sizeof(from));
	some_path(t, to, sizeof(to));
	doing(t, "tree: %s, %s", from, to);
	switch (below(t, 10)) {
	case 0:
		ret = result(rename(from, to));
		/* A rename of a file to itself does nothing. */
		refused = strcmp(from, to);
		judge(t, KIND_rename, ret, REFUSALS);
		break;
	case 1:
		ret = result(symlink(from, to));
		judge(t, KIND_symlink, ret, REFUSALS);
		break;
	case 2:
		ret = result(link(from, to));
		judge(t, KIND_link, ret, REFUSALS);
		break;
	case 3:
		ret = result(unlink(from));
		judge(t, KIND_unlink, ret, REFUSALS);
		break;
	case 4:
		strncat(from, "/fuzz", sizeof(from) - strlen(from) - 1);
		ret = result(open(from, O_CREAT | O_RDWR, 0600));
		judge(t, KIND_creat, ret, REFUSALS);
		break;
	case 5:
		refused = false;
		judge(t, KIND_chmod, result(chmod(from, PICK(t, modes))), ENOENT);
		break;
	case 6:
		refused = false;
		judge(t, KIND_chown, result(chown(from, below(t, 3), below(t, 3))),
		      ENOENT);
		break;
	case 7:
		refused = false;
		judge(t, KIND_utimes, result(utimes(from, times)), ENOENT);
		break;
	case 8:
		refused = false;
		judge(t, KIND_setxattr,
		      result(setxattr(from, "user.x", "y", 1, 0)), REFUSALS);
		break;
	case 9:
		refused = false;
		judge(t, KIND_inotify, inotify(t, from), ENOENT);
		break;
	}
	if (refused && ret >= 0)
		fail(t, "succeeded, but must fail");
}

/* Lists a directory and reads one of its files. */
void op_list(struct thread *t)
{
	struct dirent *entry;
	unsigned int count = 0;
	char path[160], file[450] = "";
	DIR *dir;
	int fd;

	some_path(t, path, sizeof(path));
	if (chance(t, 20))
		snprintf(path, sizeof(path), chance(t, 50) ? CLASS : NODES);
	doing(t, "list %s", path);
	dir = opendir(path);
	judge(t, KIND_list, dir ? 0 : -errno, ENOENT, ENOTDIR, ENODEV);
	if (!dir)
		return;
	while ((entry = readdir(dir)))
		if (entry->d_type == DT_REG && !below(t, ++count))
			snprintf(file, sizeof(file), "%s/%s", path, entry->d_name);
	closedir(dir);
	if (!file[0])
		return;
	doing(t, "read %s", file);
	fd = result(open(file, O_RDONLY));
	judge(t, KIND_list_read, fd, ENOENT, ENODEV, EACCES);
	if (fd < 0)
		return;
	/* EIO: a write-only file whose mode was changed. */
	judge(t, KIND_list_read, result(read(fd, t->room, 4096)), ENOENT, ENODEV,
	      EIO);
	close(fd);
}

void op_uevent(struct thread *t)
{
	static const char *const events[] = {
		"add", "change", "remove\n", "online",
		"add 12345678-1234-1234-1234-123456789012 A=1",
	};
	static const char *const bad[] = { "x", "ADD", "add x", "\n" };
	bool good = chance(t, 60);
	const char *event = good ? PICK(t, events) : PICK(t, bad);
	char path[100];
	long ret;
	int fd;

	snprintf(path, sizeof(path), CLASS "%s/uevent", some_name(t));
	doing(t, "write '%s' to %s", event, path);
	fd = result(open(path, O_WRONLY));
	ret = fd < 0 ? fd : result(write(fd, event, strlen(event)));
	judge(t, KIND_uevent, ret, ENOENT, ENODEV, EINVAL);
	if (good && ret == -EINVAL)
		fail(t, "a valid event returned EINVAL");
	if (fd >= 0)
		close(fd);
}

void remove_all(void)
{
	char path[600];

	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		struct dirent *entry;
		DIR *dir;

		snprintf(path, sizeof(path), CONFIG "%s", types[i]);
		dir = opendir(path);
		while (dir && (entry = readdir(dir))) {
			if (entry->d_name[0] == '.')
				continue;
			snprintf(path, sizeof(path), CONFIG "%s/%s", types[i],
				 entry->d_name);
			rmdir(path);
		}
		if (dir)
			closedir(dir);
	}
}
