// SPDX-License-Identifier: GPL-2.0
/* Receives signals by a file descriptor, so that poll() waits for them. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "message.h"
#include "signals.h"

/**
 * signals_open() - receive signals by a file descriptor
 * @wanted: numbers of the signals, ended by 0
 *
 * The signals are blocked, also in child processes. A signal that is ignored,
 * for example by nohup, stays ignored.
 *
 * Return: the file descriptor.
 */
int signals_open(const int *wanted)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	for (; *wanted; wanted++) {
		struct sigaction action;

		sigaction(*wanted, NULL, &action);
		if (action.sa_handler != SIG_IGN)
			sigaddset(&set, *wanted);
	}
	sigprocmask(SIG_BLOCK, &set, NULL);
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		exit(complain_errno(STATUS_IMPOSSIBLE, NULL,
				    "could not receive signals"));
	return fd;
}

/**
 * signals_read() - get the next signal
 * @fd: result of signals_open()
 *
 * Return: its number, or 0 if none has arrived.
 */
int signals_read(int fd)
{
	struct signalfd_siginfo info;

	if (read(fd, &info, sizeof(info)) != sizeof(info))
		return 0;
	return info.ssi_signo;
}

/**
 * signals_deliver() - let a signal have its usual effect
 * @number: number of the signal, which signals_open() has blocked
 *
 * It ends the program, so that the caller of the program sees the reason. After
 * SIGTSTP this function returns when the program continues.
 */
void signals_deliver(int number)
{
	sigset_t set;

	fflush(NULL);
	sigemptyset(&set);
	sigaddset(&set, number);
	raise(number);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	sigprocmask(SIG_BLOCK, &set, NULL);
}
