// SPDX-License-Identifier: GPL-2.0
/* Tests the parrot's clock: the current frame, and when the next one begins. */
#include <linux/time64.h>

#include "kunit.h"

/* Include the source: an object cannot be part of two modules. */
#include "../../devices/parrot/clock.c"

/* A model of the documented clock, which advances frame by frame. */
struct clock_model {
	u32 rate;
	u64 interval;
	u64 frame;
	u64 begun;
	u64 newest;
};

static bool model_runs(const struct clock_model *model)
{
	return model->rate != 0 && model->rate != U32_MAX;
}

static void model_go_on(struct clock_model *model, u64 now)
{
	while (model_runs(model) && model->begun + model->interval <= now) {
		model->begun += model->interval;
		model->frame++;
	}
}

static void model_set(struct clock_model *model, u32 rate, u64 now)
{
	model_go_on(model, now);
	if (model->rate == U32_MAX && rate == U32_MAX)
		return;
	if (model->rate == U32_MAX) {
		model->frame = model->newest;
		model->begun = now;
	}
	model->rate = rate;
	if (model_runs(model)) {
		model->interval = 1000000000000ULL / rate;
		if (model->begun + model->interval <= now) {
			model->begun = now;
			model->frame++;
		}
	}
	model->newest = model->frame;
}

/* At rate max a reader picks its next frame itself and updates the clock. */
static void clock_read_on(struct parrot_clock *clock, struct clock_model *model,
			  u64 frame)
{
	clock->newest = max(clock->newest, frame);
	model->newest = max(model->newest, frame);
}

static u32 clock_random_rate(struct kunit_random *random)
{
	switch (kunit_below(random, 8)) {
	case 0:
		return PARROT_RATE_PAUSED;
	case 1:
		return PARROT_RATE_MAX;
	case 2:
		/* Frames last 10 s to 1000 s. */
		return kunit_below(random, 100) + 1;
	default:
		return kunit_below(random, PARROT_RATE_HIGHEST) + 1;
	}
}

/* A step in time, in ns: from 0 to many frames. */
static u64 clock_random_step(struct kunit_random *random,
			     const struct clock_model *model)
{
	u64 interval = model_runs(model) ? model->interval : NSEC_PER_SEC;

	switch (kunit_below(random, 6)) {
	case 0:
		return 0;
	case 1:
		return 1;
	case 2:
		return interval;
	case 3:
		return interval - 1;
	case 4:
		return interval * kunit_below(random, 20);
	default:
		return mul_u64_u32_shr(interval, kunit_random(random) >> 32,
				       30);
	}
}

static void clock_agrees_with_naive(struct kunit *test)
{
	struct clock_model model = { .rate = 20000, .interval = 50000000 };
	struct kunit_random random;
	struct parrot_clock clock;
	u64 now, last = 0;
	int i;

	kunit_random_start(&random);
	now = kunit_random_size(&random) >> 2;
	model.begun = now;
	parrot_clock_init(&clock, model.rate, now);
	for (i = 0; i < 40000; i++) {
		now += clock_random_step(&random, &model);
		model_go_on(&model, now);
		if (kunit_below(&random, 4) == 0) {
			u32 rate = clock_random_rate(&random);

			parrot_clock_set(&clock, rate, now);
			model_set(&model, rate, now);
		}
		if (model.rate == PARROT_RATE_MAX)
			clock_read_on(&clock, &model, model.frame +
				      kunit_below(&random, 10));
		KUNIT_ASSERT_EQ_MSG(test, parrot_clock_frame(&clock, now),
				    model.frame, "seed %#llx, step %d",
				    random.seed, i);
		KUNIT_ASSERT_LE_MSG(test, last, model.frame,
				    "seed %#llx, step %d", random.seed, i);
		last = model.frame;
		KUNIT_ASSERT_EQ_MSG(test, clock.newest, model.newest,
				    "seed %#llx, step %d", random.seed, i);
		if (model_runs(&model))
			KUNIT_ASSERT_EQ_MSG(test,
					    parrot_clock_next(&clock, now),
					    model.begun + model.interval,
					    "seed %#llx, step %d", random.seed,
					    i);
	}
}

/* Sleeping until the next frame begins skips no frame. */
static void clock_skips_no_frame(struct kunit *test)
{
	struct kunit_random random;
	struct parrot_clock clock;
	int i, n;

	kunit_random_start(&random);
	for (i = 0; i < 300; i++) {
		u32 rate = kunit_below(&random, PARROT_RATE_HIGHEST) + 1;
		u64 now = kunit_random_size(&random) >> 2;
		u64 next;

		parrot_clock_init(&clock, rate, now);
		for (n = 0; n < 50; n++) {
			KUNIT_ASSERT_EQ_MSG(test, (u64)n,
					    parrot_clock_frame(&clock, now),
					    "seed %#llx, rate %u", random.seed,
					    rate);
			next = parrot_clock_next(&clock, now);
			KUNIT_ASSERT_GT_MSG(test, next, now,
					    "seed %#llx, rate %u", random.seed,
					    rate);
			KUNIT_ASSERT_EQ_MSG(test, (u64)n,
					    parrot_clock_frame(&clock, next - 1),
					    "seed %#llx, rate %u", random.seed,
					    rate);
			now = next;
		}
	}
}

/* A change of the rate skips no frame. */
static void clock_set_skips_no_frame(struct kunit *test)
{
	struct kunit_random random;
	struct parrot_clock clock;
	u64 now = 0, frame = 0;
	int i;

	kunit_random_start(&random);
	parrot_clock_init(&clock, 1000, now);
	for (i = 0; i < 30000; i++) {
		u32 rate = clock_random_rate(&random);
		u64 next;

		parrot_clock_set(&clock, rate, now);
		next = parrot_clock_frame(&clock, now);
		KUNIT_ASSERT_TRUE_MSG(test, next == frame || next == frame + 1,
				      "seed %#llx, step %d: rate %u changed the frame from %llu to %llu",
				      random.seed, i, rate, frame, next);
		frame = next;
		if (!parrot_clock_runs(&clock)) {
			now += kunit_random_size(&random) >> 30;
			continue;
		}
		/* The next frame begins at most one new interval from now. */
		next = parrot_clock_next(&clock, now);
		KUNIT_ASSERT_LE_MSG(test, next - now, clock.interval,
				    "seed %#llx, step %d: rate %u", random.seed,
				    i, rate);
		if (kunit_below(&random, 2)) {
			now = next;
			frame++;
		}
	}
}

static void clock_expect(struct kunit *test, const struct parrot_clock *clock,
			 u64 now, u64 frame, u64 next)
{
	KUNIT_EXPECT_EQ_MSG(test, parrot_clock_frame(clock, now), frame,
			    "at %llu", now);
	if (next)
		KUNIT_EXPECT_EQ_MSG(test, parrot_clock_next(clock, now), next,
				    "at %llu", now);
}

/*
 * Worked by hand: the next frame begins one new interval after the current one
 * began.
 */
static void clock_set_acts_at_once(struct kunit *test)
{
	const u64 ms = NSEC_PER_MSEC;
	struct parrot_clock clock;

	parrot_clock_init(&clock, 10000, 0);
	clock_expect(test, &clock, 250 * ms, 2, 300 * ms);
	/* Slower: frame 2 began at 200 ms and lasts until 1200 ms. */
	parrot_clock_set(&clock, 1000, 250 * ms);
	clock_expect(test, &clock, 250 * ms, 2, 1200 * ms);
	/* Faster: frame 2 would have ended at 210 ms, so frame 3 begins now. */
	parrot_clock_set(&clock, 100000, 250 * ms);
	clock_expect(test, &clock, 250 * ms, 3, 260 * ms);
	/* Frame 3 ends exactly now. */
	parrot_clock_set(&clock, 200000, 255 * ms);
	clock_expect(test, &clock, 255 * ms, 4, 260 * ms);
	/* Frame 5 ends 1 ns from now, at the old rate. */
	parrot_clock_set(&clock, 100000, 265 * ms - 1);
	clock_expect(test, &clock, 265 * ms - 1, 5, 270 * ms);
}

static void clock_pause_keeps_the_frame(struct kunit *test)
{
	const u64 ms = NSEC_PER_MSEC;
	struct parrot_clock clock;

	parrot_clock_init(&clock, 10000, 0);
	parrot_clock_set(&clock, PARROT_RATE_PAUSED, 250 * ms);
	clock_expect(test, &clock, 250 * ms, 2, 0);
	clock_expect(test, &clock, U64_MAX, 2, 0);
	parrot_clock_set(&clock, PARROT_RATE_PAUSED, 260 * ms);
	/* Resumed before the end of the frame: the pause has no effect. */
	parrot_clock_set(&clock, 10000, 299 * ms);
	clock_expect(test, &clock, 299 * ms, 2, 300 * ms);
	/* Resumed much later: the frame number advances by one only. */
	parrot_clock_set(&clock, PARROT_RATE_PAUSED, 299 * ms);
	parrot_clock_set(&clock, 10000, 5000 * ms);
	clock_expect(test, &clock, 5000 * ms, 3, 5100 * ms);
	/* The clock starts paused. */
	parrot_clock_init(&clock, PARROT_RATE_PAUSED, 7 * ms);
	clock_expect(test, &clock, 9000 * ms, 0, 0);
	parrot_clock_set(&clock, 1000, 10 * ms);
	clock_expect(test, &clock, 10 * ms, 0, 1007 * ms);
}

static void clock_max_goes_on_with_the_newest(struct kunit *test)
{
	const u64 ms = NSEC_PER_MSEC;
	struct parrot_clock clock;

	parrot_clock_init(&clock, 10000, 0);
	parrot_clock_set(&clock, PARROT_RATE_MAX, 250 * ms);
	clock_expect(test, &clock, 250 * ms, 2, 0);
	/* Readers advance, but a new reader still begins with frame 2. */
	clock.newest = 40;
	clock_expect(test, &clock, 900 * ms, 2, 0);
	parrot_clock_set(&clock, PARROT_RATE_MAX, 900 * ms);
	KUNIT_EXPECT_EQ(test, clock.newest, 40ULL);
	parrot_clock_set(&clock, 10000, 1000 * ms);
	clock_expect(test, &clock, 1000 * ms, 40, 1100 * ms);
	/* From rate max to a number, with a pause in between. */
	parrot_clock_set(&clock, PARROT_RATE_MAX, 1000 * ms);
	clock.newest = 50;
	parrot_clock_set(&clock, PARROT_RATE_PAUSED, 1200 * ms);
	clock_expect(test, &clock, 1300 * ms, 50, 0);
	parrot_clock_set(&clock, 10000, 1300 * ms);
	clock_expect(test, &clock, 1300 * ms, 51, 1400 * ms);
}

/* The highest and the lowest rate, after 200 years. */
static void clock_lasts(struct kunit *test)
{
	const u64 end = 200ULL * 365 * 24 * 60 * 60 * NSEC_PER_SEC;
	struct parrot_clock clock;

	parrot_clock_init(&clock, PARROT_RATE_HIGHEST, 0);
	clock_expect(test, &clock, end, end / NSEC_PER_MSEC,
		     end + NSEC_PER_MSEC);
	clock_expect(test, &clock, end - 1, end / NSEC_PER_MSEC - 1, end);
	parrot_clock_init(&clock, 1, 0);
	clock_expect(test, &clock, end, end / NSEC_PER_SEC / 1000,
		     (end / NSEC_PER_SEC / 1000 + 1) * 1000 * NSEC_PER_SEC);
}

static struct kunit_case clock_cases[] = {
	KUNIT_CASE(clock_agrees_with_naive),
	KUNIT_CASE(clock_skips_no_frame),
	KUNIT_CASE(clock_set_skips_no_frame),
	KUNIT_CASE(clock_set_acts_at_once),
	KUNIT_CASE(clock_pause_keeps_the_frame),
	KUNIT_CASE(clock_max_goes_on_with_the_newest),
	KUNIT_CASE(clock_lasts),
	{}
};

static struct kunit_suite clock_suite = {
	.name = "parrot_clock",
	.test_cases = clock_cases,
};

kunit_test_suites(&clock_suite);
