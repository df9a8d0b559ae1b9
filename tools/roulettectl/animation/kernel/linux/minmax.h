/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_KERNEL_MINMAX_H
#define ROULETTECTL_KERNEL_MINMAX_H

#define min(a, b) ({			\
	__auto_type first_ = (a);	\
	__auto_type second_ = (b);	\
	first_ < second_ ? first_ : second_; \
})

#define max_t(type, a, b) ({		\
	type first_ = (a);		\
	type second_ = (b);		\
	first_ > second_ ? first_ : second_; \
})

#endif
