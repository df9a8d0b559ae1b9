/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_SECURITY_H
#define ROULETTECTL_SECURITY_H

#include "machine.h"

/**
 * struct security - what keeps a machine from loading modules
 * @lockdown: "none", "integrity" or "confidentiality"; NULL if not known
 * @secure_boot: the firmware's Secure Boot: 1, 0, or MACHINE_UNKNOWN
 * @signatures: the kernel loads signed modules only
 * @disabled: the kernel loads no further module until the next boot
 */
struct security {
	char *lockdown;
	int secure_boot;
	bool signatures;
	bool disabled;
};

void security_read(struct machine *machine, struct security *security);
void security_free(struct security *security);

#endif
