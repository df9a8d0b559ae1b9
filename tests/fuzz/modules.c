// SPDX-License-Identifier: GPL-2.0
/* Loads and unloads modules during all other operations. */
#include <sys/syscall.h>
#include <sys/utsname.h>

#include "fuzz.h"

/* In the order of loading: roulette and parrot need roulette_core. */
static const char *const modules[] = { "roulette_core", "roulette", "parrot" };

/* Return: 0 or a negative errno. */
int module_load(const char *name, const char *parameters)
{
	struct utsname uts;
	char path[300];
	int fd, ret;

	uname(&uts);
	snprintf(path, sizeof(path), "/lib/modules/%s/updates/%s.ko",
		 uts.release, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		fprintf(stderr, "fuzz: cannot open %s\n", path);
		abort();
	}
	ret = result(syscall(SYS_finit_module, fd, parameters, 0));
	close(fd);
	return ret;
}

int module_unload(const char *name)
{
	return result(syscall(SYS_delete_module, name, O_NONBLOCK));
}

/* Without -c the default device must have action none. */
static const char *parameters(struct thread *t, const char *name)
{
	static const char *const roulette[] = {
		"action=none", "action=none odds=1/2", "action=none odds=100",
		"action=none default_device=N",
	};
	static const char *const shooting[] = {
		"", "action=oops", "action=warn odds=50", "odds=1/100",
	};
	static const char *const parrot[] = {
		"", "frame_rate=1000", "frame_rate=max", "frame_rate=0",
		"default_device=0",
	};
	static const char *const core[] = {
		"", "", "max_devices=1048576", "max_devices=7",
	};

	if (!strcmp(name, "roulette"))
		return options.crash ? PICK(t, shooting) : PICK(t, roulette);
	return strcmp(name, "parrot") ? PICK(t, core) : PICK(t, parrot);
}

static void load(struct thread *t, const char *name)
{
	const char *with = parameters(t, name);
	long ret;

	doing(t, "insmod %s %s", name, with);
	ret = module_load(name, with);
	/*
	 * ENOENT: the core is not loaded, or is being unloaded. ENOSPC:
	 * max_devices devices exist. EBUSY: another load of the module is
	 * in progress, or the name is taken. EEXIST: the module is loaded.
	 */
	judge(t, KIND_insmod, ret, EEXIST, ENOENT, EBUSY, ENOSPC, EINTR);
}

static void bad_load(struct thread *t)
{
	static const char *const bad[][2] = {
		{ "roulette", "odds=101" }, { "roulette", "odds=" },
		{ "roulette", "action=no" }, { "parrot", "frame_rate=1001" },
		{ "parrot", "default_device=x" }, { "roulette_core", "max_devices=0" },
		{ "roulette_core", "max_devices=x" },
	};
	unsigned int which = below(t, ARRAY_SIZE(bad));
	long ret;

	doing(t, "insmod %s %s", bad[which][0], bad[which][1]);
	ret = module_load(bad[which][0], bad[which][1]);
	judge(t, KIND_insmod_bad, ret, EINVAL, EEXIST, ENOENT, EBUSY, EINTR);
	if (!ret)
		fail(t, "succeeded, but must fail");
}

static long unload(struct thread *t, const char *name)
{
	long ret;

	doing(t, "rmmod %s", name);
	ret = module_unload(name);
	judge(t, KIND_rmmod, ret, EAGAIN, ENOENT, EBUSY, EINTR);
	return ret;
}

void op_module(struct thread *t)
{
	const char *name = PICK(t, modules);

	if (chance(t, 20))
		bad_load(t);
	else if (chance(t, 60))
		load(t, name);
	else if (!unload(t, name))
		load(t, name);
}

/*
 * Lets all threads close all files until some modules can be unloaded, then
 * loads all modules again.
 */
void op_reload(struct thread *t)
{
	unsigned int which = 1 + below(t, 7);
	bool with_core = chance(t, 50), unloaded = false;
	struct timespec now;
	long ret = -ENOENT, until;
	size_t i;

	/* Not each time: a reload takes seconds, and stalls other threads. */
	if (!chance(t, 40) ||
	    __atomic_exchange_n(&board->reloading, 1, __ATOMIC_SEQ_CST))
		return;
	if (with_core)
		which = 7;
	__atomic_store_n(&board->calm, 1, __ATOMIC_SEQ_CST);
	clock_gettime(CLOCK_MONOTONIC, &now);
	until = now.tv_sec + 5;
	slots_close();
	for (i = ARRAY_SIZE(modules); i-- > !with_core;) {
		if (!(which & 1 << i))
			continue;
		do {
			remove_all();
			ret = unload(t, modules[i]);
			clock_gettime(CLOCK_MONOTONIC, &now);
		} while ((ret == -EAGAIN || ret == -EBUSY || ret == -EINTR) &&
			 now.tv_sec < until && !board->stop);
		unloaded |= !ret;
		if (ret && ret != -ENOENT)
			break;
	}
	doing(t, "reload modules %#x", which);
	note(t, KIND_reload, unloaded ? 0 : ret);
	__atomic_store_n(&board->calm, 0, __ATOMIC_SEQ_CST);
	if (chance(t, 50))
		usleep(below(t, 20000));
	for (i = 0; i < ARRAY_SIZE(modules); i++)
		load(t, modules[i]);
	__atomic_store_n(&board->reloading, 0, __ATOMIC_SEQ_CST);
}

void op_armed(struct thread *t)
{
	static const char path[] = "/sys/module/roulette/parameters/armed";
	static const char *const values[] = { "Y", "Y", "N", "1\n", "x", "" };
	const char *value = PICK(t, values);
	int fd = open(path, O_RDWR);

	doing(t, "write '%s' to %s", value, path);
	if (fd < 0) {
		judge(t, KIND_armed, -errno, ENOENT, ENODEV);
		return;
	}
	judge(t, KIND_armed, result(write(fd, value, strlen(value))), EINVAL,
	      ENODEV);
	judge(t, KIND_armed, result(read(fd, t->room, 100)), ENODEV);
	close(fd);
}
