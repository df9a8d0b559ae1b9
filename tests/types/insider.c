// SPDX-License-Identifier: GPL-2.0
/*
 * Not a device type: reads a file in the kernel, by vfs_iter_read(). Write
 * "kvec PATH" or "bvec PATH" to the parameter read. kvec reads into kernel
 * memory by its address; bvec reads into a page, as for fixed buffers of
 * io_uring. If the read fails, the write fails with the same errno.
 */
#include <linux/bvec.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/moduleparam.h>
#include <linux/string.h>
#include <linux/uio.h>

static int insider_read(const char *path, bool kvec, struct page *page)
{
	struct kvec address = { page_address(page), PAGE_SIZE };
	struct bio_vec part = { page, PAGE_SIZE, 0 };
	struct file *file = filp_open(path, O_RDONLY, 0);
	struct iov_iter iter;
	loff_t pos = 0;
	ssize_t got;

	if (IS_ERR(file))
		return PTR_ERR(file);
	if (kvec)
		iov_iter_kvec(&iter, READ, &address, 1, PAGE_SIZE);
	else
		iov_iter_bvec(&iter, READ, &part, 1, PAGE_SIZE);
	got = vfs_iter_read(file, &iter, &pos, 0);
	fput(file);
	return got < 0 ? got : 0;
}

static int insider_set(const char *value, const struct kernel_param *kp)
{
	bool kvec = strstarts(value, "kvec ");
	struct page *page;
	int ret;

	if (!kvec && !strstarts(value, "bvec "))
		return -EDOM;
	page = alloc_page(GFP_KERNEL);
	if (!page)
		return -ENOMEM;
	ret = insider_read(value + strlen("kvec "), kvec, page);
	__free_page(page);
	return ret;
}

static const struct kernel_param_ops insider_ops = { .set = insider_set };

module_param_cb(read, &insider_ops, NULL, 0200);

MODULE_DESCRIPTION("Reads a file in the kernel, for tests");
MODULE_AUTHOR("The kernel-roulette authors");
MODULE_LICENSE("GPL");
