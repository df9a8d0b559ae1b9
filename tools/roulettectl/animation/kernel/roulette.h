/* SPDX-License-Identifier: GPL-2.0 */
/* The part of core/roulette.h that animations need. */
#define ROULETTE_NAME_MAX	63
