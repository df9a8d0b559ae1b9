// SPDX-License-Identifier: GPL-2.0
/* The module of all test suites, and their random inputs. */
#include <linux/ctype.h>
#include <linux/module.h>

#include "kunit.h"

static unsigned long long seed = 1;
module_param(seed, ullong, 0444);
MODULE_PARM_DESC(seed, "seed of the random numbers and texts (default 1)");

/*
 * Linux 6.1 runs a module's suites before it sets the module's parameters. So
 * the seed is read from the module's argument string.
 */
static u64 kunit_seed(void)
{
	const char *given = strstr(THIS_MODULE->args, "seed=");

	return given ? memparse(given + strlen("seed="), NULL) : seed;
}

/**
 * kunit_random_start() - seed a generator with the seed of this run
 * @random: the generator
 */
void kunit_random_start(struct kunit_random *random)
{
	int i;

	random->seed = kunit_seed();
	/* From state 0 the generator would return 0 only. */
	random->state = random->seed ^ 0x6b756e6974ULL << 16;
	if (!random->state)
		random->state = 1;
	/* Skip the first numbers, which are similar for similar seeds. */
	for (i = 0; i < 16; i++)
		kunit_random(random);
}

/**
 * kunit_random() - return the next random number
 * @random: the generator
 *
 * Marsaglia's xorshift, followed by a multiplication. The draw, which the
 * suites test, uses another generator.
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
 * kunit_random_size() - return a random number of random length
 * @random: the generator
 *
 * Return: a number of up to 64 bits. About a quarter of the numbers are powers
 * of two, or powers of two minus 1.
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
 * kunit_text() - copy a random sample with up to three random edits
 * @random: the generator
 * @samples: texts of up to 32 characters
 * @count: number of samples
 * @text: buffer of KUNIT_TEXT bytes
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
			/* Insert a byte; move the NUL too. */
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
 * kunit_number() - parse a decimal number with kstrtoull()
 * @digits: the text
 * @len: length of @digits, less than KUNIT_TEXT
 * @number: the result, valid on success only
 *
 * Return: 0; -EINVAL if @digits is empty or has a character that is not a
 * digit; -ERANGE if the number does not fit in 64 bits.
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

MODULE_DESCRIPTION("Unit tests of kernel-roulette");
MODULE_AUTHOR("The kernel-roulette authors");
MODULE_LICENSE("GPL");
