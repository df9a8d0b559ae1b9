// SPDX-License-Identifier: GPL-2.0
/*
 * The built-in animation. Its frames are the text files in party/, each of
 * which the build turns into a string literal.
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
 * parrot_party_make() - make the built-in animation
 *
 * Description: By way of the text that an animation file would have, so that
 * its frames pass the same checks. May sleep.
 *
 * Return: an animation with one reference, or an error: -ENOMEM, or -EINVAL
 * and a log line if the drawing is faulty.
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
