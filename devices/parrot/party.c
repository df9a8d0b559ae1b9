// SPDX-License-Identifier: GPL-2.0
/*
 * The built-in animation. The build converts each text file in party/ to a
 * string literal with one frame.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "parrot.h"

static const char * const parrot_party_frames[] = {
#include "party.inc"
};

/**
 * parrot_party_make() - create the built-in animation
 *
 * Description: Parses the frames like those of a file, so that they pass the
 * same checks. An invalid frame is logged.
 *
 * Context: Process context. May sleep.
 *
 * Return: an animation with one reference; -ENOMEM; or -EINVAL or -EFBIG if the
 * frames are invalid.
 */
struct parrot_animation *parrot_party_make(void)
{
	static const char separator[] = "\f\n";
	struct parrot_fault fault;
	struct parrot_animation *anim;
	size_t size = 1, len = 0, i;
	char *text;

	for (i = 0; i < ARRAY_SIZE(parrot_party_frames); i++)
		size += strlen(separator) + strlen(parrot_party_frames[i]);
	text = kmalloc(size, GFP_KERNEL);
	if (!text)
		return ERR_PTR(-ENOMEM);
	for (i = 0; i < ARRAY_SIZE(parrot_party_frames); i++)
		len += scnprintf(text + len, size - len, "%s%s",
				 i ? separator : "", parrot_party_frames[i]);
	anim = parrot_animation_parse("party", text, len, &fault);
	if (IS_ERR(anim) && PTR_ERR(anim) != -ENOMEM)
		pr_err("parrot: the built-in animation, line %u: %s\n",
		       fault.line, fault.what);
	kfree(text);
	return anim;
}
