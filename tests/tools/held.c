// SPDX-License-Identifier: GPL-2.0
/*
 * held - stops a reader of a roulette during its read, and runs a command
 * meanwhile
 *
 *	held copy|copy,pull|entry|exit NODE COMMAND
 *
 *	copy		while the kernel copies the line: a userfaultfd delays
 *			the page that the line is copied to
 *	copy,pull	the same; after the command, another thread of the
 *			reader pulls through the same open file
 *	entry		before the system call, by ptrace
 *	exit		after the system call, by ptrace
 *
 * The reader reads the line, and then the rest of it from position 4. held
 * prints these lines:
 *
 *	pulled RESULT		of the other thread
 *	read RESULT		number of bytes, or the name of an errno
 *	rest RESULT
 *	killed SIGNAL		or "exited STATUS", of the reader
 *
 * "read" or "rest" is missing if the reader did not return from that call. With
 * entry and exit, "not held" comes first if the reader ended before it was
 * stopped. After an error of the reader, "exited 1" follows its message. After
 * any other error, held exits 1.
 */
#include <fcntl.h>
#include <linux/ptrace.h>
#include <linux/userfaultfd.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "errname.h"

#define PAGE	4096
#define LINE	100

/* Results of the reader, in memory that it shares with its parent. */
static struct {
	long read;
	long rest;
	int ended;
} *traces;

static const char *node, *command;
static char *line;
static int file, pulls_again;

static void broken(const char *what)
{
	printf("%s: %s\n", what, errname(errno));
	fflush(stdout);
	_exit(1);
}

static void run_command(void)
{
	if (system(command))
		broken(command);
}

static void pull(void)
{
	file = open(node, O_RDONLY);
	if (file < 0)
		broken(node);
	traces->read = result(pread(file, line, LINE, 0));
	traces->ended = 1;
	traces->rest = result(pread(file, line, LINE, 4));
	traces->ended = 2;
	_exit(0);
}

static void *give_memory(void *data)
{
	struct uffdio_zeropage page = {
		.range = { (unsigned long)line, PAGE },
	};
	char other[LINE];
	struct pollfd fault = { .fd = *(int *)data, .events = POLLIN };

	if (poll(&fault, 1, 10000) != 1)
		broken("no fault within 10 s");
	run_command();
	if (pulls_again)
		printf("pulled %s\n", said(result(pread(file, other, LINE, 0))));
	if (ioctl(fault.fd, UFFDIO_ZEROPAGE, &page))
		broken("UFFDIO_ZEROPAGE");
	return NULL;
}

static void held_in_copy(void)
{
	struct uffdio_api api = { .api = UFFD_API };
	struct uffdio_register area = {
		.range = { (unsigned long)line, PAGE },
		.mode = UFFDIO_REGISTER_MODE_MISSING,
	};
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	pthread_t thread;

	if (fd < 0 || ioctl(fd, UFFDIO_API, &api) ||
	    ioctl(fd, UFFDIO_REGISTER, &area))
		broken("userfaultfd");
	if (pthread_create(&thread, NULL, give_memory, &fd))
		broken("pthread_create");
	pull();
}

/* <sys/ptrace.h> of glibc conflicts with <linux/ptrace.h>. */
static long ptrace(long request, pid_t pid, long address, void *data)
{
	return syscall(SYS_ptrace, request, pid, address, data);
}

static void traced(void)
{
	if (ptrace(PTRACE_TRACEME, 0, 0, NULL))
		broken("PTRACE_TRACEME");
	raise(SIGSTOP);
	pull();
}

/*
 * Runs the command while the first pread64() is stopped. Return: the reader's
 * status as from waitpid().
 */
static int trace(pid_t pid, int op)
{
	int status, in_pread = 0, held = 0;
	struct ptrace_syscall_info info;

	if (waitpid(pid, &status, 0) != pid ||
	    ptrace(PTRACE_SETOPTIONS, pid, 0, (void *)PTRACE_O_TRACESYSGOOD))
		broken("PTRACE_SETOPTIONS");
	for (;;) {
		if (ptrace(PTRACE_SYSCALL, pid, 0, NULL) ||
		    waitpid(pid, &status, __WALL) != pid)
			broken("PTRACE_SYSCALL");
		if (!WIFSTOPPED(status))
			break;
		if (held || WSTOPSIG(status) != (SIGTRAP | 0x80))
			continue;
		if (ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info) < 0)
			broken("PTRACE_GET_SYSCALL_INFO");
		if (info.op == PTRACE_SYSCALL_INFO_ENTRY)
			in_pread = info.entry.nr == SYS_pread64;
		if (in_pread && info.op == op) {
			held = 1;
			run_command();
		}
	}
	if (!held)
		puts("not held");
	return status;
}

static void report(int status)
{
	if (traces->ended > 0)
		printf("read %s\n", said(traces->read));
	if (traces->ended > 1)
		printf("rest %s\n", said(traces->rest));
	if (WIFSIGNALED(status))
		printf("killed %d\n", WTERMSIG(status));
	else
		printf("exited %d\n", WEXITSTATUS(status));
}

int main(int argc, char **argv)
{
	int status;
	pid_t pid;

	if (argc != 4) {
		fprintf(stderr, "usage: held copy|copy,pull|entry|exit NODE COMMAND\n");
		return 2;
	}
	node = argv[2];
	command = argv[3];
	pulls_again = !strcmp(argv[1], "copy,pull");
	setvbuf(stdout, NULL, _IONBF, 0);
	traces = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	line = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (traces == MAP_FAILED || line == MAP_FAILED)
		broken("mmap");
	pid = fork();
	if (pid < 0)
		broken("fork");
	if (!pid) {
		if (!strncmp(argv[1], "copy", 4))
			held_in_copy();
		traced();
	}
	if (!strcmp(argv[1], "entry"))
		status = trace(pid, PTRACE_SYSCALL_INFO_ENTRY);
	else if (!strcmp(argv[1], "exit"))
		status = trace(pid, PTRACE_SYSCALL_INFO_EXIT);
	else if (waitpid(pid, &status, 0) != pid)
		broken("waitpid");
	report(status);
	return 0;
}
