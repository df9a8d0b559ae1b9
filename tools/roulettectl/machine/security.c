// SPDX-License-Identifier: GPL-2.0
/* Lockdown, Secure Boot, and signed modules of a machine. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "security.h"

#define EFI		"/sys/firmware/efi"
#define SECURE_BOOT	EFI "/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"

/* A variable of EFI: four bytes of attributes, then the value. */
static int read_secure_boot(struct machine *machine)
{
	int fd = machine_open_file(machine, SECURE_BOOT);
	unsigned char bytes[5];
	int on = MACHINE_UNKNOWN;

	if (fd >= 0) {
		if (read(fd, bytes, sizeof(bytes)) == sizeof(bytes))
			on = bytes[4] == 1;
		close(fd);
	} else if (errno == EACCES) {
		machine->unseen++;
	} else if (machine_is_this(machine) && !machine_exists(machine, EFI)) {
		on = 0;
	}
	return on;
}

/**
 * security_read() - read what keeps a machine from loading modules
 * @machine: the machine
 * @security: receives the facts; the caller must call security_free()
 */
void security_read(struct machine *machine, struct security *security)
{
	char *lockdown = machine_read(machine, "/sys/kernel/security/lockdown");
	char *chosen = lockdown ? strchr(lockdown, '[') : NULL;
	char *enforced = machine_read(machine,
				      "/sys/module/module/parameters/sig_enforce");

	*security = (struct security){
		.secure_boot = read_secure_boot(machine),
		.signatures = enforced && *enforced == 'Y',
		.disabled = machine_number(machine,
			"/proc/sys/kernel/modules_disabled") > 0,
	};
	if (chosen)
		security->lockdown = text("%.*s", (int)strcspn(chosen + 1, "]"),
					  chosen + 1);
	free(lockdown);
	free(enforced);
}

/**
 * security_free() - free the facts
 * @security: the facts
 */
void security_free(struct security *security)
{
	free(security->lockdown);
	*security = (struct security){};
}
