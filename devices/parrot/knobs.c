// SPDX-License-Identifier: GPL-2.0
/* The knobs of type parrot. */
#include <linux/err.h>
#include <linux/firmware.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/sysfs.h>
#include <linux/wait.h>

#include "parrot.h"

static ssize_t frame_rate_show(struct roulette_device *rdev, char *buf)
{
	struct parrot *parrot = to_parrot(rdev);
	char text[PARROT_RATE_TEXT];
	u32 rate;

	spin_lock(&parrot->lock);
	rate = parrot->clock.rate;
	spin_unlock(&parrot->lock);
	return sysfs_emit(buf, "%s\n", parrot_rate_text(rate, text));
}

static int frame_rate_store(struct roulette_device *rdev, char *value)
{
	struct parrot *parrot = to_parrot(rdev);
	u32 rate;
	int ret = parrot_rate_parse(value, &rate);

	if (ret)
		return ret;
	spin_lock(&parrot->lock);
	parrot_clock_set(&parrot->clock, rate, ktime_get_ns());
	spin_unlock(&parrot->lock);
	/* The next frame may be due sooner. */
	wake_up_all(&rdev->wait);
	return 0;
}

ROULETTE_KNOB_RW(frame_rate);

static ssize_t animation_show(struct roulette_device *rdev, char *buf)
{
	struct parrot *parrot = to_parrot(rdev);
	char name[ROULETTE_NAME_MAX + 1];

	spin_lock(&parrot->lock);
	strscpy(name, parrot->base->name, sizeof(name));
	spin_unlock(&parrot->lock);
	return sysfs_emit(buf, "%s\n", name);
}

/* Logs why an animation is refused. The errno alone does not tell the cause. */
static void parrot_log_fault(struct roulette_device *rdev, const char *name,
			     const struct parrot_fault *fault)
{
	if (fault->line)
		dev_warn(&rdev->dev, "animation %s, line %u: %s\n", name,
			 fault->line, fault->what);
	else
		dev_warn(&rdev->dev, "animation %s: %s\n", name, fault->what);
}

/*
 * Logs why the firmware loader failed. The loader itself logs a missing file.
 * Return: the errno for user space.
 */
static int parrot_load_failed(struct roulette_device *rdev, const char *name,
			      int ret)
{
	struct parrot_fault fault = {};

	if (ret == -EINVAL)
		parrot_fault_set(&fault, "empty, or not a regular file");
	else if (ret == -EFBIG || ret == -EOVERFLOW)
		parrot_fault_set(&fault, "larger than 4 MiB");
	else
		return ret;
	parrot_log_fault(rdev, name, &fault);
	/* The loader returns EOVERFLOW for a file of 2 GiB or more. */
	return ret == -EOVERFLOW ? -EFBIG : ret;
}

/*
 * Loads /lib/firmware/roulette/NAME.anim by a partial request, which reads no
 * more than fits into the buffer. The other functions of the firmware loader
 * also read NAME.anim.xz or NAME.anim.zst, of any size. Some ask user space,
 * which may take 60 s. The buffer is one byte larger than the limit, to detect
 * a larger file.
 *
 * If a file system hangs, or the file is a FIFO, rmdir of the device waits for
 * this write, and all other mkdir and rmdir wait for that rmdir.
 */
static struct parrot_animation *parrot_load_file(struct roulette_device *rdev,
						 const char *name, void *buffer)
{
	struct parrot_animation *anim;
	const struct firmware *file;
	struct parrot_fault fault;
	char *path;
	int ret;

	path = kasprintf(GFP_KERNEL, "roulette/%s.anim", name);
	if (!path)
		return ERR_PTR(-ENOMEM);
	ret = request_partial_firmware_into_buf(&file, path, &rdev->dev, buffer,
						PARROT_SIZE_MAX + 1, 0);
	kfree(path);
	if (!ret && file->size > PARROT_SIZE_MAX) {
		release_firmware(file);
		ret = -EFBIG;
	}
	if (ret)
		return ERR_PTR(parrot_load_failed(rdev, name, ret));
	anim = parrot_animation_parse(name, file->data, file->size, &fault);
	if (anim == ERR_PTR(-EINVAL) || anim == ERR_PTR(-EFBIG))
		parrot_log_fault(rdev, name, &fault);
	release_firmware(file);
	return anim;
}

static struct parrot_animation *parrot_load(struct roulette_device *rdev,
					    const char *name)
{
	struct parrot_animation *anim;
	void *buffer;

	if (!strcmp(name, parrot_party->name))
		return parrot_animation_get(parrot_party);
	if (!roulette_name_valid(name))
		return ERR_PTR(-EINVAL);
	buffer = kvmalloc(PARROT_SIZE_MAX + 1, GFP_KERNEL);
	if (!buffer)
		return ERR_PTR(-ENOMEM);
	anim = parrot_load_file(rdev, name, buffer);
	kvfree(buffer);
	return anim;
}

/*
 * Shows @base, mirrored if @flip, or fails and changes nothing. Takes over the
 * caller's reference to @base in both cases.
 */
static int parrot_change(struct parrot *parrot, struct parrot_animation *base,
			 bool flip)
{
	struct parrot_animation *shown, *old_base, *old_shown;
	struct parrot_fault fault;

	lockdep_assert_held(&parrot->setup);
	shown = flip ? parrot_animation_mirror(base, &fault) :
		       parrot_animation_get(base);
	if (IS_ERR(shown)) {
		if (shown == ERR_PTR(-EINVAL))
			parrot_log_fault(parrot->rdev, base->name, &fault);
		parrot_animation_put(base);
		return PTR_ERR(shown);
	}
	spin_lock(&parrot->lock);
	old_base = parrot->base;
	old_shown = parrot->shown;
	parrot->base = base;
	parrot->shown = shown;
	parrot->generation++;
	parrot->flip = flip;
	spin_unlock(&parrot->lock);
	parrot_animation_put(old_base);
	parrot_animation_put(old_shown);
	return 0;
}

static int animation_store(struct roulette_device *rdev, char *value)
{
	struct parrot *parrot = to_parrot(rdev);
	struct parrot_animation *base = parrot_load(rdev, value);
	int ret;

	if (IS_ERR(base))
		return PTR_ERR(base);
	mutex_lock(&parrot->setup);
	ret = parrot_change(parrot, base, parrot->flip);
	mutex_unlock(&parrot->setup);
	return ret;
}

ROULETTE_KNOB_RW(animation);

static const char *const color_names[] = {
	[PARROT_COLOR_BLACK] = "black",
	[PARROT_COLOR_RED] = "red",
	[PARROT_COLOR_GREEN] = "green",
	[PARROT_COLOR_YELLOW] = "yellow",
	[PARROT_COLOR_BLUE] = "blue",
	[PARROT_COLOR_MAGENTA] = "magenta",
	[PARROT_COLOR_CYAN] = "cyan",
	[PARROT_COLOR_WHITE] = "white",
	[PARROT_COLOR_NONE] = "none",
	[PARROT_COLOR_CYCLE] = "cycle",
};

static ssize_t color_show(struct roulette_device *rdev, char *buf)
{
	struct parrot *parrot = to_parrot(rdev);
	enum parrot_color color;

	spin_lock(&parrot->lock);
	color = parrot->color;
	spin_unlock(&parrot->lock);
	return sysfs_emit(buf, "%s\n", color_names[color]);
}

static int color_store(struct roulette_device *rdev, char *value)
{
	struct parrot *parrot = to_parrot(rdev);
	int color = match_string(color_names, ARRAY_SIZE(color_names), value);

	if (color < 0)
		return -EINVAL;
	spin_lock(&parrot->lock);
	parrot->color = color;
	spin_unlock(&parrot->lock);
	return 0;
}

ROULETTE_KNOB_RW(color);

static ssize_t flip_show(struct roulette_device *rdev, char *buf)
{
	struct parrot *parrot = to_parrot(rdev);
	bool flip;

	spin_lock(&parrot->lock);
	flip = parrot->flip;
	spin_unlock(&parrot->lock);
	return sysfs_emit(buf, "%u\n", flip);
}

static int flip_store(struct roulette_device *rdev, char *value)
{
	struct parrot *parrot = to_parrot(rdev);
	u64 flip;
	int ret = roulette_parse_u64(value, strlen(value), 0, 1, &flip);

	if (ret)
		return ret;
	mutex_lock(&parrot->setup);
	if (flip != parrot->flip)
		ret = parrot_change(parrot, parrot_animation_get(parrot->base),
				    flip);
	mutex_unlock(&parrot->setup);
	return ret;
}

ROULETTE_KNOB_RW(flip);

static ssize_t frames_show(struct roulette_device *rdev, char *buf)
{
	struct parrot *parrot = to_parrot(rdev);
	u32 count;

	spin_lock(&parrot->lock);
	count = parrot->base->count;
	spin_unlock(&parrot->lock);
	return sysfs_emit(buf, "%u\n", count);
}

ROULETTE_KNOB_RO(frames);

static ssize_t parrot_show_count(struct roulette_device *rdev,
				 const u64 *count, char *buf)
{
	struct parrot *parrot = to_parrot(rdev);
	u64 value;

	spin_lock(&parrot->lock);
	value = *count;
	spin_unlock(&parrot->lock);
	return sysfs_emit(buf, "%llu\n", value);
}

static ssize_t readers_show(struct roulette_device *rdev, char *buf)
{
	return parrot_show_count(rdev, &to_parrot(rdev)->readers, buf);
}

ROULETTE_KNOB_RO(readers);

static ssize_t frames_read_show(struct roulette_device *rdev, char *buf)
{
	return parrot_show_count(rdev, &to_parrot(rdev)->frames_read, buf);
}

ROULETTE_KNOB_RO(frames_read);

static ssize_t frames_dropped_show(struct roulette_device *rdev, char *buf)
{
	return parrot_show_count(rdev, &to_parrot(rdev)->frames_dropped, buf);
}

ROULETTE_KNOB_RO(frames_dropped);

struct roulette_knob *const parrot_knobs[] = {
	&frame_rate_knob,
	&animation_knob,
	&color_knob,
	&flip_knob,
	&frames_knob,
	&readers_knob,
	&frames_read_knob,
	&frames_dropped_knob,
	NULL
};
