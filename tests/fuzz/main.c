// SPDX-License-Identifier: GPL-2.0
/*
 * fuzz - random sequences of all that a process can do to the modules
 *
 *	fuzz [OPTION...]
 *
 *	-s SEED		of the random numbers (new each time)
 *	-t SECONDS	how long (10 unless -n is given)
 *	-n OPS		at most so many operations of each thread
 *	-w WORKERS	processes, of two threads each (3)
 *	-c		shoot as well: actions warn, oops and bug, never panic
 *	-H SECONDS	a thread hangs that does one operation for so long (40)
 *	-v		print each operation and what came of it
 *
 * Everything follows from the seed but how the threads meet. A result that the
 * contract does not allow ends the run, and is printed with the operation's
 * number. Every line of output begins with "# ", but for those of -v. At the
 * end, all instances are removed and all modules unloaded. Exits 1 if anything
 * was wrong.
 */
#include <getopt.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>

#include "fuzz.h"

struct options options = { .workers = 3, .hang = 40 };
struct board *board;

static void parse(int argc, char **argv)
{
	bool seeded = false;
	int option;

	while ((option = getopt(argc, argv, "s:t:n:w:H:cv")) != -1) {
		switch (option) {
		case 's':
			options.seed = strtoull(optarg, NULL, 0);
			seeded = true;
			break;
		case 't':
			options.seconds = atoi(optarg);
			break;
		case 'n':
			options.ops = strtoull(optarg, NULL, 0);
			break;
		case 'w':
			options.workers = atoi(optarg);
			break;
		case 'H':
			options.hang = atoi(optarg);
			break;
		case 'c':
			options.crash = true;
			break;
		case 'v':
			options.verbose = true;
			break;
		default:
			exit(2);
		}
	}
	if (optind != argc || !options.workers || options.workers > MAX_WORKERS) {
		fprintf(stderr, "fuzz: wrong use, see the head of tests/fuzz/main.c\n");
		exit(2);
	}
	if (!options.seconds && !options.ops)
		options.seconds = 10;
	if (!seeded && getrandom(&options.seed, sizeof(options.seed), 0) < 0)
		abort();
}

/* The default device shoots by itself. */
static void disarm(void)
{
	int fd = open(CLASS "kernel-roulette/action", O_WRONLY);

	if (fd < 0 || write(fd, "none", 4) != 4) {
		fprintf(stderr, "fuzz: no kernel-roulette\n");
		exit(2);
	}
	close(fd);
}

int main(int argc, char **argv)
{
	parse(argc, argv);
	if (access("/run/roulette-guest", F_OK)) {
		fprintf(stderr, "fuzz: this runs in a guest of make check only\n");
		return 2;
	}
	printf("# seed %#llx\n", (unsigned long long)options.seed);
	board = mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (board == MAP_FAILED)
		abort();
	mkdir(SCRATCH, 0755);
	judge_init();
	knobs_init();
	module_load("roulette_core", "");
	module_load("roulette", "");
	module_load("parrot", "");
	if (!options.crash)
		disarm();
	return supervise();
}
