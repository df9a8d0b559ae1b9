# SPDX-License-Identifier: GPL-2.0
#
# What a person types. What kbuild is to build stands in Kbuild.

KDIR ?= /lib/modules/$(shell uname -r)/build
MODULES := roulette_core roulette parrot

# Where this kernel looks for modules from outside its own tree first.
MODULE_DIR := updates
# What uname -r says there; Debian's include/config/kernel.release does not. Without
# headers it is the name in /lib/modules/NAME/build.
UTSRELEASE = $(KDIR)/include/generated/utsrelease.h
NAMED = $(patsubst /lib/modules/%/build,%,$(filter /lib/modules/%/build,$(KDIR)))
RELEASE = $(or $(shell cut -sd '"' -f 2 $(UTSRELEASE) 2>/dev/null),$(NAMED))
INSTALLED = $(INSTALL_MOD_PATH)/lib/modules/$(RELEASE)/$(MODULE_DIR)
# A distribution's headers come without the key that its modules are signed with.
UNSIGNED = $(if $(wildcard $(KDIR)/certs/signing_key.pem),,CONFIG_MODULE_SIG_ALL=)
DEPMOD = depmod $(if $(INSTALL_MOD_PATH),-b '$(INSTALL_MOD_PATH)') $(RELEASE)

all: headers
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

headers:
	@test ! -e '$(KDIR)/Makefile' -o ! -e '$(UTSRELEASE)' || exit 0; exec >&2; \
	if [ -n '$(NAMED)' ] && { [ '$(NAMED)' = "$$(uname -r)" ] || [ -e '/lib/modules/$(NAMED)' ]; }; then \
		echo 'The headers of kernel $(NAMED) are missing: there are none in $(KDIR).'; \
		echo 'Install them:  sudo apt-get install linux-headers-$(NAMED)'; \
		echo 'or name others with KDIR=, or run it all in a throwaway guest:  make play'; \
	else \
		if [ -d '$(KDIR)' ]; then why='it has no Makefile or no include/generated/utsrelease.h'; \
		else why='there is no such folder'; fi; \
		echo "KDIR=$(KDIR) is not the folder of a kernel's headers: $$why."; \
		echo 'Name another, as KDIR=/usr/src/linux-headers-RELEASE, or leave it out for the running kernel.'; \
	fi; exit 1

install: all
	$(MAKE) -C $(KDIR) M=$(CURDIR) INSTALL_MOD_DIR=$(MODULE_DIR) $(UNSIGNED) modules_install
	$(DEPMOD)

# What of ours runs here, if that is what uninstall is about; modprobe -r finds a
# module by its file.
HERE = $(and $(filter /,$(or $(INSTALL_MOD_PATH),/)),$(filter $(RELEASE),$(shell uname -r)))
LOADED = $(and $(HERE),$(wildcard /sys/module/roulette_core))
USERS = $(notdir $(wildcard /sys/module/roulette_core/holders/*))
INSTANCES = $(wildcard /sys/kernel/config/roulette/*/*/)

uninstall:
	@test -n '$(RELEASE)' || { exec >&2; \
		echo 'KDIR=$(KDIR) does not say which kernel to uninstall from: it holds no headers.'; \
		echo 'Name it as KDIR=/lib/modules/RELEASE/build, which need not exist.'; \
		exit 1; }
	@test -z '$(LOADED)' || { exec >&2; \
		echo 'The modules are loaded, and modprobe -r needs their files. Unload them first:'; \
		$(if $(INSTANCES),echo '    sudo rmdir /sys/kernel/config/roulette/*/*/';) \
		echo '    sudo modprobe -r $(or $(USERS),roulette_core)'; \
		exit 1; }
	rm -f $(foreach m,$(MODULES),'$(INSTALLED)/$(m).ko'*)
	$(DEPMOD)

# kbuild's own clean would need the headers.
clean:
	find . -name .git -prune -o -type f \( -name '*.o' -o -name '*.ko' -o -name '*.mod' \
		-o -name '*.mod.c' -o -name '.*.cmd' -o -name '.*.d' -o -name Module.symvers \
		-o -name modules.order -o -name party.inc \) -exec rm -f {} +
	$(MAKE) -C tests/tools clean
	$(MAKE) -C tests/fuzz clean

# A command or a pattern may hold a $ that is not meant for make.
unexport CMD FILTER
export ROULETTE_CMD := $(value CMD)
export ROULETTE_FILTER := $(value FILTER)

# For make, every failed command is a 2. play promises the guest's own status:
# if make can load one (see tests/vm/make-status.c), a function ends it so.
ifneq ($(filter play,$(MAKECMDGOALS)),)
MAKE_STATUS := $(shell tests/vm/make-status)
PLAY_STATUS := $(lastword $(MAKE_STATUS))
-load $(firstword $(MAKE_STATUS))
endif

play: guest-session
	@$(end-with-status $(PLAY_STATUS))status=$$(cat $(PLAY_STATUS)); rm -f $(PLAY_STATUS); exit $$status

guest-session:
	@tests/vm/play; echo $$? >$(PLAY_STATUS)

check:
	@tests/vm/check

kunit:
	@ROULETTE_FLAVOUR=memory T=tests/debug/kunit.bats tests/vm/check

matrix:
	@tests/vm/matrix $(CELLS)

coverage:
	@tests/vm/coverage

debug-check:
	@tests/vm/matrix --debug

full:
	@tests/vm/full

drill:
	@tests/drill/run $(if $(SMALL),--small) $(if $(DOCS),--docs) $(CELLS)

MINUTES ?= 10
soak:
	@T=tests/debug/fuzz.bats ROULETTE_FLAVOUR=$${ROULETTE_FLAVOUR:-memory} ROULETTE_SEED='$(SEED)' \
		ROULETTE_FUZZ_SECONDS=$$(($(MINUTES) * 60)) tests/vm/check

help:
	@echo 'In a throwaway guest, nothing touches this machine:'
	@echo '  make play              a root shell with everything loaded'
	@echo "  make play CMD='...'    one command there; its output and exit status"
	@echo '                         (70 the guest panicked, 71 it hung, 72 it did not start,'
	@echo '                         73 it restarted or went down)'
	@echo '  make check             build, static checks and the test suite, three minutes'
	@echo '    T=tests/FILE.bats    these files only'
	@echo '    FILTER=regex         only tests whose name matches'
	@echo '    TIMEOUT=120          seconds without a result after which a guest hangs'
	@echo '    SUITE=bookworm       the Debian release of the guest: bullseye, trixie, sid'
	@echo '    ARCH=amd64           its architecture: arm64, riscv64; i386 is built, not run'
	@echo '    ROULETTE_CACHE=...   where guests are kept (~/.cache/kernel-roulette)'
	@echo '  make kunit             the unit tests, in a kernel that looks for memory faults'
	@echo '  make matrix            the suite on the kernels of all these releases'
	@echo "    CELLS='trixie bookworm/arm64'  on these only"
	@echo '  make debug-check       the suite on debug kernels: memory, locks, data races'
	@echo '  make drill             each action against each crash collector: kdump, pstore ...'
	@echo "    CELLS='bug/kdump panic'  DRILL/COLLECTOR, or all of a drill"
	@echo '    SMALL=1              a choice that takes less than three minutes'
	@echo '    DOCS=1               and put the table into docs/drill-results.md'
	@echo '  make full              all of these and make coverage: three hours'
	@echo '  make coverage          how much of the modules the tests run'
	@echo '  make soak              random calls on the memory kernel'
	@echo '    MINUTES=10           how long'
	@echo '    SEED=...             those of an earlier run once more'
	@echo 'On this machine:'
	@echo '  make                   build the modules'
	@echo '  make install           install them (as root), then: modprobe roulette odds=0'
	@echo '  make uninstall         remove them again, after: modprobe -r roulette parrot'
	@echo '  make clean             remove what was built here'
	@echo '    KDIR=...             kernel to build for (/lib/modules/$$(uname -r)/build)'
	@echo '    INSTALL_MOD_PATH=... root to install under'

.PHONY: all headers install uninstall clean play guest-session check kunit matrix debug-check full drill coverage soak help
