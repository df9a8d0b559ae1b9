// SPDX-License-Identifier: GPL-2.0
/* Undoes the changes of a drill, also after the drill was killed. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/file.h"
#include "common/json.h"
#include "devices/module.h"
#include "leftover.h"

/*
 * A running drill holds the lock of this file. The file is empty if there is
 * nothing to undo. A restart clears /run and removes the devices. The child of
 * a drill does not inherit the lock, because it is a POSIX lock. Only root can
 * open the file: another user's lock would look like a running drill.
 */
#define STATE_FILE	"/run/roulettectl.drill"
#define STATE_MAX	8192

/* Other calls hold the lock only while they clean up. */
#define LOCK_TRIES	20
#define LOCK_PAUSE_US	100000

/* Return: true if the lock was free. */
static bool take_lock(int file)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

	return !fcntl(file, F_SETLK, &lock);
}

static bool try_lock(int file)
{
	int i;

	for (i = 0; i < LOCK_TRIES; i++) {
		if (take_lock(file))
			return true;
		usleep(LOCK_PAUSE_US);
	}
	return false;
}

/**
 * drill_lock() - make sure that only one drill runs
 * @lock: receives a file descriptor; the lock ends when it is closed
 *
 * Return: STATUS_OK, or STATUS_IMPOSSIBLE after a message.
 */
enum status drill_lock(int *lock)
{
	*lock = open(STATE_FILE, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (*lock < 0)
		return complain_errno(STATUS_IMPOSSIBLE,
				      "A drill notes there what it must put back. Is /run mounted and writable?",
				      "could not open " STATE_FILE);
	if (try_lock(*lock))
		return STATUS_OK;
	close(*lock);
	return complain(STATUS_IMPOSSIBLE, "Wait for its end. To cancel its hit: roulettectl disarm.",
			"another drill is running");
}

static char *boot_id(void)
{
	return read_value_at(AT_FDCWD, "/proc/sys/kernel/random/boot_id");
}

/**
 * leftover_write() - store the changes to undo
 * @lock: the lock of the drill
 * @leftover: the next changes of the drill
 *
 * Must be called before the change.
 *
 * Return: STATUS_OK, or STATUS_IMPOSSIBLE after a message.
 */
enum status leftover_write(int lock, const struct leftover *leftover)
{
	struct json_object *object = json_new_object();
	struct json_object *old = json_new_object();
	char *boot = boot_id();
	const char *content;
	bool written;
	size_t length, i;

	json_set_text(object, "boot_id", boot);
	json_set_text(object, "device", leftover->device);
	json_object_object_add(object, "created",
			       json_object_new_boolean(leftover->created));
	json_object_object_add(object, "loaded",
			       json_object_new_boolean(leftover->loaded));
	json_object_object_add(object, "disarmed",
			       json_object_new_boolean(leftover->disarmed));
	json_object_object_add(object, "rearm",
			       json_object_new_boolean(leftover->rearm));
	for (i = 0; i < leftover->old.count; i++)
		json_set_text(old, leftover->old.setting[i].knob,
			      leftover->old.setting[i].value);
	json_object_object_add(object, "old", old);
	content = json_object_to_json_string(object);
	length = strlen(content);
	/* The file is never empty in between: a parser ignores an old rest. */
	written = pwrite(lock, content, length, 0) == (ssize_t)length &&
		  !ftruncate(lock, length);
	json_object_put(object);
	free(boot);
	if (written)
		return STATUS_OK;
	return complain_errno(STATUS_IMPOSSIBLE, NULL,
			      "could not write " STATE_FILE);
}

static bool flag(struct json_object *object, const char *key)
{
	return json_object_get_boolean(json_object_object_get(object, key));
}

/* Return: true if the file has the leftover of a drill of this boot. */
static bool leftover_read(int lock, struct leftover *leftover)
{
	char content[STATE_MAX + 1] = "";
	/* Use no other file descriptor: to close it would release the lock. */
	ssize_t length = pread(lock, content, STATE_MAX, 0);
	struct json_object *object = json_tokener_parse(length > 0 ? content : "");
	const char *device = json_object_get_string(json_object_object_get(object, "device"));
	const char *boot = json_object_get_string(json_object_object_get(object, "boot_id"));
	char *this_boot = boot_id();
	struct json_object *old;
	bool found = device && boot && this_boot && !strcmp(boot, this_boot);

	*leftover = (struct leftover){};
	if (found) {
		leftover->device = text("%s", device);
		leftover->created = flag(object, "created");
		leftover->loaded = flag(object, "loaded");
		leftover->disarmed = flag(object, "disarmed");
		leftover->rearm = flag(object, "rearm");
		if (json_object_object_get_ex(object, "old", &old) &&
		    json_object_is_type(old, json_type_object)) {
			json_object_object_foreach(old, knob, value)
				settings_add(&leftover->old, knob,
					     json_object_get_string(value));
		}
	}
	json_object_put(object);
	free(this_boot);
	return found;
}

/* Odds of 0 come first: the other settings may take longer. */
static void make_safe(const struct leftover *leftover)
{
	struct device device;
	char *path;

	if (!device_try_open(&device, leftover->device))
		return;
	write_value_at(device.dir, "odds", "0");
	if (leftover->created) {
		path = device_config(&device);
		if (rmdir(path) && errno != ENOENT)
			complain_errno(STATUS_IMPOSSIBLE, NULL,
				       "could not remove the device '%s' of the drill; its odds are 0",
				       leftover->device);
		free(path);
	}
	device_close(&device);
}

static void restore_settings(struct leftover *leftover)
{
	struct device device;

	if (leftover->created || !device_try_open(&device, leftover->device))
		return;
	settings_write(&device, &leftover->old);
	device_close(&device);
}

static bool is_armed(void)
{
	char *armed = read_value_at(AT_FDCWD, ARMED);
	bool yes = armed && *armed == 'Y';

	free(armed);
	return yes;
}

/**
 * leftover_forget() - end a drill that has nothing to put back
 * @lock: the lock of the drill; closed
 * @leftover: freed
 */
void leftover_forget(int lock, struct leftover *leftover)
{
	if (ftruncate(lock, 0))
		complain_errno(STATUS_IMPOSSIBLE, NULL,
			       "could not empty " STATE_FILE);
	close(lock);
	free(leftover->device);
	settings_free(&leftover->old);
}

/**
 * leftover_put_back() - undo the changes of a drill
 * @lock: the lock of the drill; closed at the end
 * @leftover: the changes; freed
 *
 * Cancels the hit of the drill if it is pending.
 */
void leftover_put_back(int lock, struct leftover *leftover)
{
	/*
	 * The hit of a device that is not removed is cancelled by armed. If the
	 * operator has disarmed the machine, it stays so.
	 */
	if (!leftover->created && !leftover->disarmed && is_armed()) {
		leftover->rearm = true;
		leftover_write(lock, leftover);
	}
	if (leftover->rearm || leftover->disarmed)
		write_value_at(AT_FDCWD, ARMED, "N");
	make_safe(leftover);
	if (leftover->rearm)
		write_value_at(AT_FDCWD, ARMED, "Y");
	restore_settings(leftover);
	if (leftover->loaded)
		module_unload("roulette");
	leftover_forget(lock, leftover);
}

/**
 * leftover_clean_up() - undo the changes of a drill that was killed
 *
 * Every call of roulettectl begins with this function.
 */
void leftover_clean_up(void)
{
	struct leftover leftover;
	struct stat file;
	int lock;

	if (stat(STATE_FILE, &file) || !file.st_size)
		return;
	lock = open(STATE_FILE, O_RDWR | O_CLOEXEC);
	if (lock < 0) {
		note("a drill is running, or has died; in the second case root makes it safe by: roulettectl list");
		return;
	}
	/* A running drill holds the lock. */
	if (!take_lock(lock)) {
		close(lock);
		return;
	}
	if (leftover_read(lock, &leftover)) {
		note("an earlier drill was killed; its device '%s' is made safe",
		     leftover.device);
		leftover_put_back(lock, &leftover);
	} else {
		if (ftruncate(lock, 0))
			complain_errno(STATUS_IMPOSSIBLE, NULL,
				       "could not empty " STATE_FILE);
		close(lock);
	}
}
