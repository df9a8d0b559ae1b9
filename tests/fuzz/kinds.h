/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kinds of calls that are counted. K(KIND, CALLS): after CALLS calls of the
 * kind, at least one must have succeeded. CALLS is far above the average for
 * one success. It is 0 for calls that are always refused or depend on timing.
 */
#ifndef KINDS_H
#define KINDS_H

#define KIND_TABLE(K)							\
	K(open, 100) K(reopen, 100) K(close, 100) K(dup, 100) K(pass, 100)	\
	K(take, 100)							\
	K(mknod, 100)							\
	K(read, 100) K(readv, 100) K(pread, 100) K(preadv, 100) K(preadv2, 100)	\
	K(pull, 100) K(frame, 100)						\
	K(aio, 100) K(uring_read, 100) K(uring_readv, 100) K(uring_fixed, 100)	\
	K(uring_poll, 100) K(uring_splice, 100) K(uring_cancel, 100)	\
	K(sendfile, 0) K(sendfile_pipe, 100) K(copy_file_range, 0)	\
	K(splice, 100) K(splice_waits, 100) K(tee, 100) K(vmsplice, 100) K(splice_to, 0)		\
	K(write, 0) K(writev, 0) K(pwrite, 0)				\
	K(poll, 100) K(select, 100) K(epoll_ctl, 100) K(epoll_wait, 100)	\
	K(fcntl, 100) K(ioctl, 100) K(mmap, 0) K(lseek, 400)			\
	K(fsync, 0) K(ftruncate, 0) K(fallocate, 0) K(fadvise, 100)	\
	K(fstat, 100) K(fchmod, 100) K(fchown, 100) K(futimens, 100)		\
	K(fgetxattr, 0) K(getdents, 0) K(flock, 100)			\
	K(knob_open, 100) K(knob_read, 100) K(knob_write, 100)		\
	K(knob_held_read, 100) K(knob_held_write, 100) K(twin, 100)		\
	K(mkdir, 100) K(mkdir_bad, 0) K(rmdir, 100) K(rmdir_bad, 0)		\
	K(rename, 0) K(symlink, 0) K(link, 0) K(unlink, 0)		\
	K(creat, 0) K(chmod, 100) K(chown, 100) K(utimes, 100) K(setxattr, 0)	\
	K(inotify, 100) K(list, 100) K(list_read, 100) K(uevent, 100)		\
	K(insmod, 200) K(insmod_bad, 0) K(rmmod, 0) K(reload, 10)		\
	K(armed, 20)							\
	K(kill_reader, 20) K(signal, 100) K(unprivileged, 0)		\
	K(shot, 0)

enum kind {
#define K(name, good) KIND_##name,
	KIND_TABLE(K)
#undef K
	KINDS
};

#endif
