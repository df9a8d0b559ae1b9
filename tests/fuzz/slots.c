// SPDX-License-Identifier: GPL-2.0
/* Nodes, and their open files, which the threads of a worker share. */
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>

#include "fuzz.h"

struct slot slots[SLOTS];
static pthread_mutex_t slots_lock = PTHREAD_MUTEX_INITIALIZER;

/* The first letter decides the type, except for x and the default devices. */
static const char *const names[] = {
	"r0", "r1", "r2", "r0", "r1", "p0", "p1", "p2", "p0", "p1", "x0", "x1",
	"kernel-roulette", "kernel-roulette", "parrot", "parrot",
};

/*
 * The file of a slot always has the same number, and only files of this slot
 * have it. A thread may still use the number after the file is closed. This
 * must not reach a file that only one other thread may use, see op_pull().
 */
#define FIRST_NUMBER	100

static int number(const struct slot *slot)
{
	return FIRST_NUMBER + (slot - slots);
}

static int nothing;

void slots_init(void)
{
	nothing = open("/dev/null", O_PATH);
	for (int i = 0; i < SLOTS; i++) {
		slots[i].fd = -1;
		if (dup2(nothing, number(&slots[i])) < 0)
			abort();
	}
}

const char *some_name(struct thread *t)
{
	return PICK(t, names);
}

enum type name_type(const char *name)
{
	if (name[0] == 'r')
		return ROULETTE;
	return name[0] == 'p' ? PARROT : EITHER;
}

/* The nodes of the default devices are directly in /dev. */
void node_path(char *path, size_t size, const char *name)
{
	if (!strcmp(name, "kernel-roulette") || !strcmp(name, "parrot"))
		snprintf(path, size, "/dev/%s", name);
	else
		snprintf(path, size, NODES "%s", name);
}

static enum type node_type(const char *name)
{
	return name[0] == 'k' ? ROULETTE : name_type(name);
}

/* Closes the old file of the slot, maybe while other threads use it. */
static void put(struct slot *slot, int fd, enum type type, int flags)
{
	pthread_mutex_lock(&slots_lock);
	__atomic_fetch_add(&slot->age, 1, __ATOMIC_SEQ_CST);
	dup2(fd >= 0 ? fd : nothing, number(slot));
	slot->fd = fd >= 0 ? number(slot) : -1;
	slot->type = type;
	slot->flags = flags;
	if (fd >= 0)
		close(fd);
	pthread_mutex_unlock(&slots_lock);
}

void slot_put(struct thread *t, int fd, enum type type, int flags)
{
	put(&slots[below(t, SLOTS)], fd, type, flags);
}

bool still(const struct grip *g)
{
	return __atomic_load_n(&g->slot->age, __ATOMIC_SEQ_CST) == g->age;
}

/*
 * Signals this thread repeatedly until alarm_off(), so that no call waits for
 * ever. The first signal may arrive before the call.
 */
void alarm_on(struct thread *t)
{
	long first = chance(t, 30) ? below(t, 1000) : 1000 * (5 + below(t, 40));
	struct itimerspec when = {
		.it_value.tv_nsec = 1000 * (first + 1),
		.it_interval.tv_nsec = 20 * 1000 * 1000,
	};

	timer_settime(t->timer, 0, &when, NULL);
}

void alarm_off(struct thread *t)
{
	struct itimerspec never = { .it_value.tv_nsec = 0 };

	timer_settime(t->timer, 0, &never, NULL);
}

/*
 * Return: whether @path still is the node that was opened. If not, the device
 * may have been removed between lookup and open, and @fd may belong to a new
 * device with the same number.
 */
static bool still_there(const char *path, int fd)
{
	struct stat opened, now;

	return !fstat(fd, &opened) && !stat(path, &now) &&
	       opened.st_dev == now.st_dev && opened.st_ino == now.st_ino;
}

/* Also fails if the file may belong to another device. */
int open_quietly(struct thread *t, const char *name, int flags)
{
	char path[100];
	int fd;

	node_path(path, sizeof(path), name);
	doing(t, "open %s %#o", path, flags);
	fd = result(open(path, flags));
	judge(t, KIND_open, fd, ENOENT, ENXIO);
	if (fd < 0 || still_there(path, fd))
		return fd;
	close(fd);
	return -ENOENT;
}

/* Return: the open file of a random slot, or .fd < 0. Fills an empty slot. */
struct grip grip(struct thread *t)
{
	struct slot *slot = &slots[below(t, SLOTS)];
	const char *name = some_name(t);
	/* Always drawn, so later numbers do not depend on other threads. */
	int flags = chance(t, 50) ? O_RDONLY : O_RDONLY | O_NONBLOCK;
	struct grip g = { .slot = slot };

	if (slot->fd < 0) {
		int fd = open_quietly(t, name, flags);

		if (fd >= 0)
			put(slot, fd, node_type(name), flags);
	}
	pthread_mutex_lock(&slots_lock);
	g.age = __atomic_load_n(&slot->age, __ATOMIC_SEQ_CST);
	g.fd = slot->fd;
	g.type = slot->type;
	g.flags = slot->flags;
	pthread_mutex_unlock(&slots_lock);
	return g;
}

/* Keeps @fd, made from g's file, unless the slot has changed since. */
static void keep(struct thread *t, const struct grip *g, int fd, int flags)
{
	if (fd < 0)
		return;
	if (still(g))
		slot_put(t, fd, g->type, flags);
	else
		close(fd);
}

void op_open(struct thread *t)
{
	static const int access[] = {
		O_RDONLY, O_RDONLY, O_RDONLY, O_RDWR, O_RDWR, O_WRONLY, 3,
	};
	static const int more[] = {
		O_NONBLOCK, O_CLOEXEC, O_APPEND, O_DIRECT, O_TRUNC, O_EXCL,
		O_PATH, O_NOFOLLOW, O_DIRECTORY, O_NOATIME, O_SYNC, O_ASYNC,
		O_NOCTTY, O_DSYNC,
	};
	const char *name = some_name(t);
	int flags = PICK(t, access);
	char path[100];
	struct grip g;
	int fd;

	while (chance(t, 40))
		flags |= PICK(t, more);
	if (chance(t, 20)) {
		/* Opens an open file again, even if its node was removed. */
		g = grip(t);
		if (g.fd < 0)
			return;
		flags &= ~O_NOFOLLOW;
		snprintf(path, sizeof(path), "/proc/self/fd/%d", g.fd);
		doing(t, "open %s %#o", path, flags);
		fd = result(open(path, flags));
		judge_file(t, KIND_reopen, fd, &g, ENXIO, ENOTDIR, EINVAL);
		keep(t, &g, fd, flags);
		return;
	}
	node_path(path, sizeof(path), name);
	doing(t, "open %s %#o", path, flags);
	fd = result(open(path, flags));
	if (flags & (O_DIRECTORY | O_DIRECT))
		judge(t, KIND_open, fd, ENOENT, ENXIO, ENOTDIR, EINVAL);
	else
		judge(t, KIND_open, fd, ENOENT, ENXIO);
	if (fd >= 0)
		slot_put(t, fd, still_there(path, fd) ? node_type(name) : EITHER,
			 flags);
}

void op_close(struct thread *t)
{
	doing(t, "close");
	slot_put(t, -1, EITHER, 0);
	note(t, KIND_close, 0);
}

void op_dup(struct thread *t)
{
	struct grip g = grip(t);
	struct slot *to = &slots[below(t, SLOTS)];
	int how = below(t, 4);
	int fd = -1;

	if (g.fd < 0)
		return;
	doing(t, "dup %d, method %d", g.fd, how);
	if (how >= 2) {
		pthread_mutex_lock(&slots_lock);
		if (to->fd >= 0 && to != g.slot && still(&g)) {
			__atomic_fetch_add(&to->age, 1, __ATOMIC_SEQ_CST);
			fd = result(how == 2 ? dup2(g.fd, to->fd) :
				    dup3(g.fd, to->fd, O_CLOEXEC));
			judge(t, KIND_dup, fd, EBUSY);
			if (fd >= 0) {
				to->type = g.type;
				to->flags = g.flags;
			}
		}
		pthread_mutex_unlock(&slots_lock);
		return;
	}
	fd = result(how ? fcntl(g.fd, F_DUPFD_CLOEXEC, below(t, 200)) :
		    dup(g.fd));
	judge_file(t, KIND_dup, fd, &g, EMFILE);
	keep(t, &g, fd, g.flags);
}

/* Data that is sent with an open file through a socket. */
struct parcel {
	enum type type;
	int flags;
};

struct letter {
	struct parcel parcel;
	struct iovec iov;
	union {
		char space[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control;
	struct msghdr message;
};

static void letter_init(struct letter *letter)
{
	memset(letter, 0, sizeof(*letter));
	letter->iov.iov_base = &letter->parcel;
	letter->iov.iov_len = sizeof(letter->parcel);
	letter->message.msg_iov = &letter->iov;
	letter->message.msg_iovlen = 1;
	letter->message.msg_control = letter->control.space;
	letter->message.msg_controllen = sizeof(letter->control.space);
}

/* Under the lock, so that type and flags describe the file that is sent. */
static long send_file(struct thread *t, const struct grip *g, int socket)
{
	struct letter letter;
	struct cmsghdr *header;
	long ret = -ESTALE;

	letter_init(&letter);
	letter.parcel.type = g->type;
	letter.parcel.flags = g->flags;
	header = CMSG_FIRSTHDR(&letter.message);
	header->cmsg_level = SOL_SOCKET;
	header->cmsg_type = SCM_RIGHTS;
	header->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(header), &g->fd, sizeof(int));
	pthread_mutex_lock(&slots_lock);
	if (still(g)) {
		ret = result(sendmsg(socket, &letter.message, MSG_DONTWAIT));
		/* ETOOMANYREFS: too many files in flight, unless root. */
		judge_file(t, KIND_pass, ret, g, EAGAIN, ETOOMANYREFS);
	}
	pthread_mutex_unlock(&slots_lock);
	return ret;
}

/* Return: the file's number or -1. */
static int receive_file(int socket, struct parcel *parcel)
{
	struct letter letter;
	struct cmsghdr *header;
	int fd = -1;

	letter_init(&letter);
	if (recvmsg(socket, &letter.message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC) <= 0)
		return -1;
	header = CMSG_FIRSTHDR(&letter.message);
	if (header && header->cmsg_type == SCM_RIGHTS)
		memcpy(&fd, CMSG_DATA(header), sizeof(int));
	*parcel = letter.parcel;
	return fd;
}

/* A socket pair that all workers share. */
static int post[2];

void post_open(void)
{
	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, post))
		abort();
}

/* The last process that closes the sockets closes all files in flight. */
void post_close(void)
{
	close(post[0]);
	close(post[1]);
}

static void post_empty(void)
{
	struct parcel parcel;
	int fd;

	while ((fd = receive_file(post[1], &parcel)) >= 0)
		close(fd);
}

void slots_close(void)
{
	post_empty();
	for (int i = 0; i < SLOTS; i++)
		if (slots[i].fd >= 0)
			put(&slots[i], -1, EITHER, 0);
}

/* Through a socket, which may hold the only reference for a while. */
static void pass_to_self(struct thread *t, const struct grip *g)
{
	bool close_first = chance(t, 50), take = chance(t, 80);
	struct parcel parcel;
	int ends[2], fd;

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
		return;
	doing(t, "pass %d", g->fd);
	if (send_file(t, g, ends[0]) > 0) {
		if (close_first)
			put(g->slot, -1, EITHER, 0);
		fd = take ? receive_file(ends[1], &parcel) : -1;
		if (fd >= 0)
			slot_put(t, fd, parcel.type, parcel.flags);
	}
	close(ends[0]);
	close(ends[1]);
}

void op_pass(struct thread *t)
{
	unsigned int how = below(t, 3);
	struct grip g = grip(t);
	struct parcel parcel;
	int fd;

	if (how == 0) {
		if (g.fd >= 0)
			pass_to_self(t, &g);
	} else if (how == 1) {
		doing(t, "send %d to the shared socket", g.fd);
		if (g.fd >= 0 && !board->calm)
			send_file(t, &g, post[0]);
	} else {
		doing(t, "receive from the shared socket");
		fd = receive_file(post[1], &parcel);
		note(t, KIND_take, fd >= 0 ? 0 : -EAGAIN);
		if (fd >= 0)
			slot_put(t, fd, parcel.type, parcel.flags);
	}
}

static unsigned int class_major(void)
{
	unsigned int major = 0;
	char line[80];
	FILE *file = fopen("/proc/devices", "r");

	while (file && fgets(line, sizeof(line), file))
		if (strstr(line, " roulette\n"))
			major = strtoul(line, NULL, 10);
	if (file)
		fclose(file);
	return major;
}

/* Creates and opens a node of a device number, which may be unused. */
void op_mknod(struct thread *t)
{
	const char *name = some_name(t);
	bool of_name = chance(t, 60);
	unsigned int minor = chance(t, 75) ? below(t, 12) : below(t, 1 << 20);
	unsigned int major = class_major();
	struct stat st;
	char path[100];
	int fd;

	if (!major)
		return;
	node_path(path, sizeof(path), name);
	if (of_name && !stat(path, &st))
		minor = minor(st.st_rdev);
	snprintf(path, sizeof(path), SCRATCH "/node-%u.%u", t->worker, t->number);
	doing(t, "mknod %u:%u and open", major, minor);
	if (mknod(path, S_IFCHR | 0600, makedev(major, minor)))
		return;
	fd = result(open(path, O_RDONLY | O_NONBLOCK));
	/* ENXIO: the number is unused, or the core was unloaded meanwhile. */
	judge(t, KIND_mknod, fd, ENXIO, EACCES);
	if (fd >= 0)
		slot_put(t, fd, EITHER, O_NONBLOCK);
	unlink(path);
}
