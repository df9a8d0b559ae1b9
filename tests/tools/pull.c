// SPDX-License-Identifier: GPL-2.0
/*
 * pull - pulls a roulette's trigger, and prints the results
 *
 *	pull [OPTION...] NODE
 *
 *	-n COUNT	number of pulls of each thread (1)
 *	-t THREADS	number of threads, each with its own open file (1)
 *	-m METHOD	how to read, see methods.h (pread)
 *	-b BATCH	aio and io_uring: number of concurrent requests (1)
 *	-N		open with O_NONBLOCK
 *	-F		read to an invalid address
 *
 * Prints the lines that it reads. These options print something else instead:
 *
 *	-d		the drawn numbers, one per line
 *	-l		a letter for each pull: c (click), b (bang), or for a
 *			held hit A (armed), T (times), S (space), I (interval)
 *	-o		the number of pulls of each outcome ("held by times 7")
 *	-a		the number of pulls of each drawn number and outcome,
 *			sorted
 *	-w WINDOW	the least and the greatest number of hits in WINDOW
 *			consecutive pulls
 *	-c		chi-squared tests of the drawn numbers, of pairs of
 *			consecutive numbers (with up to 100 slots), and of the
 *			hits; a test passes if p is between 0.001 and 0.999:
 *			numbers that are too even fail as well
 *
 * If a read fails, prints the name of the errno instead of the line. Exits 1 if
 * a read or a test failed, and 2 on other errors.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <getopt.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>

#include "errname.h"
#include "methods.h"

#define LINE_SIZE	128
#define PAIR_SLOTS	100
#define DRAWN_MAX	100000

enum { CLICK, ARMED, TIMES, SPACE, INTERVAL, BANG, OUTCOMES };

static const char *const outcome_names[OUTCOMES] = {
	"click", "held by armed", "held by times", "held by space",
	"held by interval", "bang",
};

/* The values in a line. */
struct pull {
	unsigned long drawn;
	unsigned long hits;
	unsigned long slots;
	int outcome;
};

struct puller {
	pthread_t thread;
	struct pull *pulls;
	long count;
	bool failed;
};

static const char *node;
static const char *method = "pread";
static long count = 1;
static int threads = 1;
static int batch = 1;
static int flags = O_RDONLY;
static bool fault;
static char mode;
static long window;

static void broken(const char *what, int err)
{
	fprintf(stderr, "pull: %s: %s\n", what, errname(err));
	exit(2);
}

static void odd_line(const char *line, size_t len)
{
	fprintf(stderr, "pull: unknown line: %.*s\n", (int)len, line);
	exit(2);
}

/* Faster than strtoul(), because tests parse millions of numbers. */
static const char *parse_number(const char *at, unsigned long *number)
{
	*number = 0;
	while (*at >= '0' && *at <= '9')
		*number = *number * 10 + *at++ - '0';
	return at;
}

static void parse(char *line, size_t len, struct pull *pull)
{
	const char *at = line;

	if (line[len - 1] != '\n')
		odd_line(line, len);
	line[len - 1] = '\0';
	if (!memcmp(line, "click: drew ", 12))
		at += 12;
	else if (!memcmp(line, "bang: drew ", 11))
		at += 11;
	else
		odd_line(line, len);
	at = parse_number(at, &pull->drawn);
	if (memcmp(at, ", odds ", 7))
		odd_line(line, len);
	at = parse_number(at + 7, &pull->hits);
	if (*at++ != '/')
		odd_line(line, len);
	at = parse_number(at, &pull->slots);
	pull->outcome = CLICK;
	if (!*at && line[0] == 'c')
		return;
	if (line[0] == 'b') {
		pull->outcome = BANG;
		if (!memcmp(at, ", action ", 9))
			return;
	} else if (*at == ',') {
		for (pull->outcome = ARMED; pull->outcome < BANG; pull->outcome++)
			if (!strcmp(at + 2, outcome_names[pull->outcome]))
				return;
	}
	odd_line(line, len);
}

static void *puller_run(void *data)
{
	char lines[BATCH_MAX * LINE_SIZE];
	struct puller *puller = data;
	long results[BATCH_MAX];
	struct reads reads;
	int fd = open(node, flags);
	int ret, i;

	if (fd < 0)
		broken(node, errno);
	ret = reads_init(&reads, method, fd, lines, sizeof(lines));
	if (ret)
		broken(method, -ret);
	while (puller->count < count) {
		ret = reads_do(&reads, fault ? (char *)8 : lines, LINE_SIZE,
			       batch, results);
		if (ret)
			broken(method, -ret);
		for (i = 0; i < batch; i++) {
			char *line = lines + i * LINE_SIZE;

			if (results[i] <= 0) {
				puts(results[i] ? errname(-results[i]) : "nothing");
				puller->failed = true;
			} else if (!mode) {
				fwrite(line, 1, results[i], stdout);
			} else {
				parse(line, results[i],
				      &puller->pulls[puller->count]);
			}
			puller->count++;
		}
	}
	return NULL;
}

static void print_drawn(const struct pull *pulls, long total)
{
	for (long i = 0; i < total; i++)
		printf("%lu\n", pulls[i].drawn);
}

static void print_letters(const struct pull *pulls, long total)
{
	for (long i = 0; i < total; i++)
		putchar("cATSIb"[pulls[i].outcome]);
	putchar('\n');
}

static void print_outcomes(const struct pull *pulls, long total)
{
	long outcomes[OUTCOMES] = { 0 };

	for (long i = 0; i < total; i++)
		outcomes[pulls[i].outcome]++;
	for (int i = 0; i < OUTCOMES; i++)
		if (outcomes[i])
			printf("%s %ld\n", outcome_names[i], outcomes[i]);
}

static int compare(const void *left, const void *right)
{
	const struct pull *a = left, *b = right;

	if (a->drawn != b->drawn)
		return a->drawn < b->drawn ? -1 : 1;
	return a->outcome - b->outcome;
}

static void print_all(struct pull *pulls, long total)
{
	long start = 0;

	qsort(pulls, total, sizeof(*pulls), compare);
	for (long i = 1; i <= total; i++) {
		if (i < total && !compare(&pulls[i], &pulls[start]))
			continue;
		printf("%lu %s %ld\n", pulls[start].drawn,
		       outcome_names[pulls[start].outcome], i - start);
		start = i;
	}
}

static void print_window(const struct pull *pulls, long total)
{
	long hits = 0, least = total, most = 0;

	for (long i = 0; i < total; i++) {
		hits += pulls[i].outcome == BANG;
		if (i >= window)
			hits -= pulls[i - window].outcome == BANG;
		if (i < window - 1)
			continue;
		least = hits < least ? hits : least;
		most = hits > most ? hits : most;
	}
	printf("%ld to %ld\n", least, most);
}

/*
 * Return: probability that chance alone gives @chi2 or more. Exact for one
 * degree of freedom. Otherwise Wilson and Hilferty's approximation by a cube
 * root, which is good to 0.001 with five or more degrees of freedom.
 */
static double p_value(double chi2, double freedom)
{
	double variance = 2 / (9 * freedom);

	if (freedom == 1)
		return erfc(sqrt(chi2 / 2));
	return erfc((cbrt(chi2 / freedom) - (1 - variance)) /
		    sqrt(2 * variance)) / 2;
}

static double chi_squared(const long *seen, long cells, long total)
{
	double expected = (double)total / cells, sum = 0;

	for (long i = 0; i < cells; i++)
		sum += (seen[i] - expected) * (seen[i] - expected) / expected;
	return sum;
}

static bool judge(const char *what, double p)
{
	bool good = p > 0.001 && p < 0.999;

	printf("%s: p = %.4f%s\n", what, p, good ? "" : ", too unlikely");
	return good;
}

static bool chi_squared_tests(const struct pull *pulls, long total)
{
	static long numbers[DRAWN_MAX], pairs[PAIR_SLOTS * PAIR_SLOTS];
	unsigned long slots = pulls[0].slots;
	long hits = 0;
	double expected = (double)total * pulls[0].hits / slots, off;
	bool good;

	if (slots > DRAWN_MAX)
		broken("more slots than -c can take", ERANGE);
	for (long i = 0; i < total; i++) {
		if (pulls[i].drawn >= slots || pulls[i].slots != slots)
			broken("a drawn number is beyond the slots", ERANGE);
		numbers[pulls[i].drawn]++;
		hits += pulls[i].outcome == BANG;
		/* Only pairs that do not overlap are independent. */
		if (i % 2 && slots <= PAIR_SLOTS)
			pairs[pulls[i - 1].drawn * slots + pulls[i].drawn]++;
	}
	printf("%ld pulls, %ld hits\n", total, hits);
	good = judge("numbers", p_value(chi_squared(numbers, slots, total),
					slots - 1));
	if (slots <= PAIR_SLOTS)
		good &= judge("pairs", p_value(chi_squared(pairs, slots * slots,
							   total / 2),
					       slots * slots - 1));
	off = hits - expected;
	good &= judge("hits", p_value(off * off / expected +
				      off * off / (total - expected), 1));
	return good;
}

static void options(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "n:t:m:b:NFdloaw:c")) != -1) {
		switch (option) {
		case 'n':
			count = atol(optarg);
			break;
		case 't':
			threads = atoi(optarg);
			break;
		case 'm':
			method = optarg;
			break;
		case 'b':
			batch = atoi(optarg);
			break;
		case 'N':
			flags |= O_NONBLOCK;
			break;
		case 'F':
			fault = true;
			break;
		case 'w':
			window = atol(optarg);
			mode = 'w';
			break;
		case 'd':
		case 'l':
		case 'o':
		case 'a':
		case 'c':
			mode = option;
			break;
		default:
			exit(2);
		}
	}
	if (optind != argc - 1 || count < 1 || threads < 1 || batch < 1 ||
	    batch > BATCH_MAX || count % batch)
		broken("wrong arguments; see the top of tests/tools/pull.c", EINVAL);
	node = argv[optind];
}

int main(int argc, char **argv)
{
	struct puller *pullers;
	struct pull *pulls;
	bool good = true;
	long total;

	options(argc, argv);
	total = count * threads;
	pulls = calloc(total, sizeof(*pulls));
	pullers = calloc(threads, sizeof(*pullers));
	if (!pulls || !pullers)
		broken("memory", ENOMEM);
	for (int i = 0; i < threads; i++) {
		pullers[i].pulls = pulls + i * count;
		if (pthread_create(&pullers[i].thread, NULL, puller_run,
				   &pullers[i]))
			broken("thread", EAGAIN);
	}
	for (int i = 0; i < threads; i++) {
		pthread_join(pullers[i].thread, NULL);
		good &= !pullers[i].failed;
	}
	if (!good)
		return 1;
	switch (mode) {
	case 'd':
		print_drawn(pulls, total);
		break;
	case 'l':
		print_letters(pulls, total);
		break;
	case 'o':
		print_outcomes(pulls, total);
		break;
	case 'a':
		print_all(pulls, total);
		break;
	case 'w':
		print_window(pulls, total);
		break;
	case 'c':
		good = chi_squared_tests(pulls, total);
		break;
	}
	return !good;
}
