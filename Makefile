# SPDX-License-Identifier: GPL-2.0
#
# The targets for users; `make help` lists them. Kbuild lists the objects for kbuild.

KDIR ?= /lib/modules/$(shell uname -r)/build
MODULES := roulette_core roulette parrot

# The directory below /lib/modules/RELEASE for these modules. depmod searches it first.
MODULE_DIR := updates
# The release of the kernel, as its uname -r prints it. Debian's
# include/config/kernel.release differs from it. Without headers, RELEASE is taken from
# KDIR=/lib/modules/RELEASE/build.
UTSRELEASE = $(KDIR)/include/generated/utsrelease.h
NAMED = $(patsubst /lib/modules/%/build,%,$(filter /lib/modules/%/build,$(KDIR)))
RELEASE = $(or $(shell cut -sd '"' -f 2 $(UTSRELEASE) 2>/dev/null),$(NAMED))
INSTALLED = $(INSTALL_MOD_PATH)/lib/modules/$(RELEASE)/$(MODULE_DIR)
# Do not sign the modules if the key is missing: a distribution's headers lack it.
UNSIGNED = $(if $(wildcard $(KDIR)/certs/signing_key.pem),,CONFIG_MODULE_SIG_ALL=)
DEPMOD = depmod $(if $(INSTALL_MOD_PATH),-b '$(INSTALL_MOD_PATH)') $(RELEASE)

all: headers
	$(MAKE) -C $(KDIR) M=$(CURDIR) modules

headers:
	@test ! -e '$(KDIR)/Makefile' -o ! -e '$(UTSRELEASE)' || exit 0; exec >&2; \
	if [ -n '$(NAMED)' ] && { [ '$(NAMED)' = "$$(uname -r)" ] || [ -e '/lib/modules/$(NAMED)' ]; }; then \
		echo 'The headers of kernel $(NAMED) are missing in $(KDIR).'; \
		echo 'Install them:  sudo apt-get install linux-headers-$(NAMED)'; \
		echo 'Or set KDIR= to other headers, or use a throwaway guest:  make play'; \
	else \
		if [ -d '$(KDIR)' ]; then why='it lacks Makefile or include/generated/utsrelease.h'; \
		else why='it does not exist'; fi; \
		echo "KDIR=$(KDIR) does not contain a kernel's headers: $$why."; \
		echo 'Set KDIR=/usr/src/linux-headers-RELEASE, or omit KDIR= to build for the running kernel.'; \
	fi; exit 1

# The build does not repeat an unchanged module, so it keeps the signatures.
sign: headers
	@tools/sign '$(KDIR)' '$(KEY)' '$(CERT)' $(MODULES:=.ko)

install: all
	$(MAKE) -C $(KDIR) M=$(CURDIR) INSTALL_MOD_DIR=$(MODULE_DIR) $(UNSIGNED) modules_install
	$(DEPMOD)

# LOADED is set if uninstall would remove the files of modules that are loaded now.
# modprobe -r needs these files.
HERE = $(and $(filter /,$(or $(INSTALL_MOD_PATH),/)),$(filter $(RELEASE),$(shell uname -r)))
LOADED = $(and $(HERE),$(wildcard /sys/module/roulette_core))
USERS = $(notdir $(wildcard /sys/module/roulette_core/holders/*))
INSTANCES = $(wildcard /sys/kernel/config/roulette/*/*/)

uninstall:
	@test -n '$(RELEASE)' || { exec >&2; \
		echo 'KDIR=$(KDIR) does not name a kernel: it contains no headers.'; \
		echo 'Set KDIR=/lib/modules/RELEASE/build. This directory need not exist.'; \
		exit 1; }
	@test -z '$(LOADED)' || { exec >&2; \
		echo 'The modules are loaded, and modprobe -r needs their files. Unload them first:'; \
		$(if $(INSTANCES),echo '    sudo rmdir /sys/kernel/config/roulette/*/*/';) \
		echo '    sudo modprobe -r $(or $(USERS),roulette_core)'; \
		exit 1; }
	rm -f $(foreach m,$(MODULES),'$(INSTALLED)/$(m).ko'*)
	$(DEPMOD)

# The tools need no headers. Variables such as PREFIX and DESTDIR: tools/roulettectl/Makefile.
tools:
	@$(MAKE) -C tools/roulettectl

install-tools uninstall-tools:
	@$(MAKE) -C tools/roulettectl $(@:-tools=)

deb dist:
	@tools/package/$@

# Not kbuild's clean target, because that one needs the headers.
clean:
	find . -name .git -prune -o -type f \( -name '*.o' -o -name '*.ko' -o -name '*.mod' \
		-o -name '*.mod.c' -o -name '.*.cmd' -o -name '.*.d' -o -name Module.symvers \
		-o -name modules.order -o -name party.inc \) -exec rm -f {} +
	$(MAKE) -C tools/roulettectl clean
	$(MAKE) -C tests/tools clean
	$(MAKE) -C tests/fuzz clean
	rm -rf dist

# CMD and FILTER may contain a $, which make must not expand.
unexport CMD FILTER
export ROULETTE_CMD := $(value CMD)
export ROULETTE_FILTER := $(value FILTER)

# make exits with 2 when a command fails, but `make play` must exit with the guest's
# status. end-with-status of tests/vm/make-status.c does so, if make can load it.
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

bench:
	@tests/bench/run $(if $(COUNTED),--counted) $(if $(DOCS),--docs) $(if $(BASE),--base '$(BASE)') $(ROWS)

SECONDS ?= 60
fuzz-tools:
	@tests/fuzz-tools/run $(SECONDS)

MINUTES ?= 10
soak:
	@T=tests/debug/fuzz.bats ROULETTE_FLAVOUR=$${ROULETTE_FLAVOUR:-memory} ROULETTE_SEED='$(SEED)' \
		ROULETTE_FUZZ_SECONDS=$$(($(MINUTES) * 60)) tests/vm/check

help:
	@echo 'In a throwaway guest (the modules are not loaded on this machine):'
	@echo '  make play              open a root shell; the modules are loaded'
	@echo "  make play CMD='...'    run one command; exit with its status, or with"
	@echo '                         70 the guest panicked, 71 it hung, 72 it did not start,'
	@echo '                         73 it restarted or powered off'
	@echo '  make check             build, run static checks and the test suite (4 minutes)'
	@echo '    T=tests/FILE.bats    run only these files'
	@echo '    FILTER=regex         run only tests whose name matches'
	@echo '    TIMEOUT=300          seconds without a result until a guest counts as hung;'
	@echo '                         120 with CMD='
	@echo '    SUITE=bookworm       Debian release of the guest; or bullseye, trixie, sid'
	@echo '    ARCH=amd64           its architecture; or arm64, riscv64, i386 (build only)'
	@echo '    ROULETTE_CACHE=...   directory for the guests (~/.cache/kernel-roulette)'
	@echo '  make kunit             run the unit tests on the debug kernel for memory'
	@echo '  make matrix            run the suite on all supported kernels'
	@echo "    CELLS='trixie bookworm/arm64'  only on these"
	@echo '  make debug-check       run the suite on the debug kernels: memory, data races'
	@echo '  make drill             check which crash collectors see each action'
	@echo "    CELLS='bug/kdump panic'  only these: DRILL/COLLECTOR, or a whole DRILL"
	@echo '    SMALL=1              only a selection (less than 3 minutes)'
	@echo '    DOCS=1               also write docs/drill-results.md'
	@echo '  make bench             measure what the modules cost, against peers (2 minutes)'
	@echo '    COUNTED=1            only the rows that are the same in each run (1 minute)'
	@echo "    ROWS='pull-*'        only these rows of tests/bench/rows.tsv"
	@echo '    BASE=REVISION        also measure the modules of this git revision'
	@echo '    DOCS=1               also record the ratios, and write docs/performance.md'
	@echo '  make full              run all of these, coverage and roulettectl list (3 hours)'
	@echo '  make coverage          measure how much of the modules the tests execute'
	@echo '  make soak              make random calls on the debug kernel for memory'
	@echo '    MINUTES=10           duration'
	@echo '    SEED=...             repeat the calls of an earlier run'
	@echo 'On this machine:'
	@echo '  make                   build the modules'
	@echo '  make sign              sign the built modules for Secure Boot (docs/signing.md)'
	@echo '    KEY=FILE CERT=FILE   private key (PEM) and its certificate (DER or PEM)'
	@echo '  make install           install them (as root); then: modprobe roulette odds=0'
	@echo '  make uninstall         remove them; first: modprobe -r roulette parrot'
	@echo '  make tools             build roulettectl, which controls the devices'
	@echo '  make install-tools     install it (as root); uninstall-tools removes it'
	@echo '    PREFIX=/usr/local    directory to install under'
	@echo '  make deb               build the packages roulette-dkms and roulettectl in dist/'
	@echo '  make dist              pack the last commit as a tarball in dist/'
	@echo '  make fuzz-tools        give random input to the parsers of roulettectl'
	@echo '    SECONDS=60           duration'
	@echo '  make clean             remove all files that the build created'
	@echo '    KDIR=...             headers to build with (/lib/modules/$$(uname -r)/build)'
	@echo '    INSTALL_MOD_PATH=... root directory to install under'

.PHONY: all headers sign install uninstall tools install-tools uninstall-tools deb dist clean play guest-session check kunit matrix debug-check full drill bench coverage fuzz-tools soak help
