// SPDX-License-Identifier: GPL-2.0
/*
 * fuzz - random sequences of all calls that a process can make to the modules
 *
 *	fuzz [OPTION...]
 *
 *	-s SEED		seed of the random numbers (default: random)
 *	-t SECONDS	run time (default: 10, without limit if -n is given)
 *	-n OPS		largest number of operations of each thread
 *	-w WORKERS	number of processes, with two threads each (default: 3)
 *	-c		use the actions warn, oops and bug too, but never panic
 *	-H SECONDS	report an operation that takes longer as hung (40)
 *	-v		print each operation and its results
 *
 * The seed decides everything except the timing between threads. A result that
 * the contract does not allow ends the run, and is printed with the operation's
 * number. Every line of output begins with "# ", except those of -v. At the
 * end, the fuzzer removes all instances and unloads all modules. The exit
 * status is 1 after any failure.
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
		fprintf(stderr, "fuzz: wrong arguments; see the top of tests/fuzz/main.c\n");
		exit(2);
	}
	if (!options.seconds && !options.ops)
		options.seconds = 10;
	if (!seeded && getrandom(&options.seed, sizeof(options.seed), 0) < 0)
		abort();
}

/* The default device starts with the action bug. */
static void disarm(void)
{
	int fd = open(CLASS "kernel-roulette/action", O_WRONLY);

	if (fd < 0 || write(fd, "none", 4) != 4) {
		fprintf(stderr, "fuzz: cannot set the action of kernel-roulette to none\n");
		exit(2);
	}
	close(fd);
}

int main(int argc, char **argv)
{
	parse(argc, argv);
	if (access("/run/roulette-guest", F_OK)) {
		fprintf(stderr, "fuzz: run this only in a guest of make check\n");
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
