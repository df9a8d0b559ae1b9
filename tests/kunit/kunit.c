// SPDX-License-Identifier: GPL-2.0
/* The module of all suites, and what they are fed with. */
#include <linux/ctype.h>
#include <linux/module.h>

#include "kunit.h"

static unsigned long long seed = 1;
module_param(seed, ullong, 0444);
MODULE_PARM_DESC(seed, "what the suites' numbers and texts follow from");

/*
 * 6.1 runs the suites of a module before it sets the module's parameters, so
 * the arguments are read here, as they were given.
 */
static u64 kunit_seed(void)
{
	const char *given = strstr(THIS_MODULE->args, "seed=");

	return given ? memparse(given + strlen("seed="), NULL) : seed;
}

/**
 * kunit_random_start() - start from the seed of this run
 * @random: the source
 */
void kunit_random_start(struct kunit_random *random)
{
	int i;

	random->seed = kunit_seed();
	/* Never 0, which the generator would not leave again. */
	random->state = random->seed ^ 0x6b756e6974ULL << 16;
	if (!random->state)
		random->state = 1;
	/* Seeds that differ in a bit are soon far apart. */
	for (i = 0; i < 16; i++)
		kunit_random(random);
}

/**
 * kunit_random() - the next number
 * @random: the source
 *
 * Marsaglia's xorshift with a multiplication behind it, and so no kin of
 * the draw, which it tests.
 *
 * Return: 64 random bits.
 */
u64 kunit_random(struct kunit_random *random)
{
	u64 state = random->state;

	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	random->state = state;
	return state * 0x2545f4914f6cdd1dULL;
}

/**
 * kunit_random_size() - a number of any size
 * @random: the source
 *
 * Return: one whose length in bits is as random as its bits; a power of two,
 * or one less, one time in four.
 */
u64 kunit_random_size(struct kunit_random *random)
{
	u32 shift = kunit_below(random, 64);

	switch (kunit_below(random, 8)) {
	case 0:
		return 1ULL << shift;
	case 1:
		return U64_MAX >> shift;
	default:
		return kunit_random(random) >> shift;
	}
}

/**
 * kunit_text() - a sample with up to three faults
 * @random: the source
 * @samples: texts of up to 32 characters
 * @count: how many
 * @text: room for KUNIT_TEXT bytes
 *
 * Return: @text.
 */
const char *kunit_text(struct kunit_random *random, const char *const *samples,
		       u32 count, char *text)
{
	static const char digits[] = "0123456789";
	static const char faults[] = "/.+-xe \t\n\v\xb2\xff";
	u32 faulty = kunit_below(random, 4);
	size_t len, at;
	char byte;

	strscpy(text, samples[kunit_below(random, count)], KUNIT_TEXT);
	while (faulty--) {
		len = strlen(text);
		at = kunit_below(random, len + 1);
		if (kunit_below(random, 2))
			byte = digits[kunit_below(random, sizeof(digits) - 1)];
		else
			byte = faults[kunit_below(random, sizeof(faults) - 1)];
		switch (kunit_below(random, 3)) {
		case 0:
			/* NUL and all, one further */
			memmove(text + at + 1, text + at, len - at + 1);
			text[at] = byte;
			break;
		case 1:
			if (at < len)
				memmove(text + at, text + at + 1, len - at);
			break;
		default:
			if (at < len)
				text[at] = byte;
		}
	}
	return text;
}

/**
 * kunit_number() - what a decimal number is worth, by the kernel's own parser
 * @digits: the text
 * @len: its length, less than KUNIT_TEXT
 * @number: where the number goes
 *
 * Return: 0, -EINVAL if @digits holds anything but digits, or nothing,
 * -ERANGE if it is too large for 64 bits.
 */
int kunit_number(const char *digits, size_t len, u64 *number)
{
	unsigned long long value;
	char text[KUNIT_TEXT];
	size_t i;
	int ret;

	for (i = 0; i < len; i++) {
		if (digits[i] < '0' || digits[i] > '9')
			return -EINVAL;
		text[i] = digits[i];
	}
	text[len] = '\0';
	ret = kstrtoull(text, 10, &value);
	*number = value;
	return ret;
}

MODULE_DESCRIPTION("Unit tests of kernel-roulette's pure logic");
MODULE_AUTHOR("The kernel-roulette authors");
MODULE_LICENSE("GPL");
