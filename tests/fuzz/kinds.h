/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kinds of calls that are counted. Those of the second column are to
 * succeed now and then; the others the modules or the kernel always refuse.
 */
#ifndef KINDS_H
#define KINDS_H

#define KIND_TABLE(K)							\
	K(open, 1) K(reopen, 1) K(close, 1) K(dup, 1) K(pass, 1)	\
	K(mknod, 1)							\
	K(read, 1) K(readv, 1) K(pread, 1) K(preadv, 1) K(preadv2, 1)	\
	K(pull, 1) K(frame, 1)						\
	K(aio, 1) K(uring_read, 1) K(uring_readv, 1) K(uring_fixed, 1)	\
	K(uring_poll, 1) K(uring_splice, 1) K(uring_cancel, 1)	\
	K(sendfile, 0) K(copy_file_range, 0)				\
	K(splice, 1) K(tee, 1) K(vmsplice, 1) K(splice_to, 0)		\
	K(write, 0) K(writev, 0) K(pwrite, 0)				\
	K(poll, 1) K(select, 1) K(epoll_ctl, 1) K(epoll_wait, 1)	\
	K(fcntl, 1) K(ioctl, 1) K(mmap, 0) K(lseek, 1)			\
	K(fsync, 0) K(ftruncate, 0) K(fallocate, 0) K(fadvise, 1)	\
	K(fstat, 1) K(fchmod, 1) K(fchown, 1) K(futimens, 1)		\
	K(fgetxattr, 0) K(getdents, 0) K(flock, 1)			\
	K(knob_open, 1) K(knob_read, 1) K(knob_write, 1)		\
	K(knob_held_read, 1) K(knob_held_write, 1) K(twin, 1)		\
	K(mkdir, 1) K(mkdir_bad, 0) K(rmdir, 1) K(rmdir_bad, 0)		\
	K(rename, 0) K(symlink, 0) K(link, 0) K(unlink, 0)		\
	K(creat, 0) K(chmod, 1) K(chown, 1) K(utimes, 1) K(setxattr, 0)	\
	K(inotify, 1) K(list, 1) K(list_read, 1) K(uevent, 1)		\
	K(insmod, 0) K(insmod_bad, 0) K(rmmod, 0) K(reload, 1)		\
	K(armed, 1)							\
	K(kill_reader, 1) K(signal, 1) K(unprivileged, 0)		\
	K(shot, 0)

enum kind {
#define K(name, good) KIND_##name,
	KIND_TABLE(K)
#undef K
	KINDS
};

#endif
