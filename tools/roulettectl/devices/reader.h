/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_READER_H
#define ROULETTECTL_READER_H

#include <stdbool.h>
#include <sys/types.h>

/**
 * enum reader_step - steps of a reader that can fail
 * @READER_PIN: restrict the reader to a CPU
 * @READER_OPEN: open the node
 * @READER_READ: read the node, which pulls
 */
enum reader_step {
	READER_PIN,
	READER_OPEN,
	READER_READ,
};

/**
 * struct pull - a pull
 * @line: the line without its newline; empty if the kernel returned none
 * @step: the last step that the reader took
 * @err: errno of this step, or 0
 */
struct pull {
	char line[128];
	enum reader_step step;
	int err;
};

/**
 * enum reader_event - the reason why reader_wait() has returned
 * @READER_BUSY: the time is over
 * @READER_DONE: a pull has ended; &reader.pull has the result
 * @READER_DIED: the reader has died; if it pulled, &reader.pull.line is set
 * @READER_ENDED: the reader has ended after its last pull
 * @READER_SIGNAL: a signal has arrived
 */
enum reader_event {
	READER_BUSY,
	READER_DONE,
	READER_DIED,
	READER_ENDED,
	READER_SIGNAL,
};

struct shared;

/**
 * struct reader - a child process that reads a node, since a hit may kill it
 * @node: path of the node
 * @cpu: CPU to read on, or -1 for any
 * @pid: the child; after READER_DIED the child that has died
 * @pull: result of a pull
 */
struct reader {
	const char *node;
	int cpu;
	pid_t pid;
	struct pull pull;
	/* private: */
	struct shared *shared;
	unsigned long long received;
	int results;
};

void reader_init(struct reader *reader, const char *node, int cpu);
void reader_start(struct reader *reader, unsigned long long pulls);
enum reader_event reader_wait(struct reader *reader, int signals,
			      int timeout_ms);
void reader_stop(struct reader *reader);
bool reader_kill(struct reader *reader);

#endif
