# SPDX-License-Identifier: GPL-2.0
# seconds: 7
#
# Kbuild's probes of the kernel's headers, with headers created here, and on a real kernel
# with one header missing.

setup() {
	cd "$BATS_TEST_DIRNAME/../.." || return
	unset MAKEFLAGS MFLAGS MAKELEVEL
	# shellcheck source=tests/vm/lib.bash
	. tests/vm/lib.bash
	HEADERS=$BATS_TEST_TMPDIR/include/linux
	mkdir -p "$HEADERS/device"
	touch "$HEADERS"/{minmax,kstrtox}.h
}

teardown() {
	# Root owns some files, because the build ran in the guest's tree.
	as_root rm -rf "$BATS_TEST_TMPDIR/tree"
}

# answers: print the names that Kbuild defines for core/compat.h with these headers.
answers() {
	make -s --no-print-directory -f - "srctree=$BATS_TEST_TMPDIR" "src=$PWD" obj=. answers 2>&1 <<'END'
include $(src)/Kbuild
answers: ; @echo $(patsubst -DKERNEL_HAS_%,%,$(filter -D%,$(ccflags-y)))
END
}

# question NAME HEADER YES NO: probe NAME with YES, the declaration that a kernel with the
# feature has, and with NO, an older declaration.
question() {
	local name=$1 header=$HEADERS/$2 yes=$3 no=$4 declaration said

	for declaration in "$no" " * $yes" "	/* $yes */" "// $yes" ''; do
		printf '%s\n' "$declaration" >"$header"
		said=$(answers)
		[ -z "$said" ] || { echo "'$said' of '$declaration'"; return 1; }
	done
	printf '%s\n' "/* $no */" "$yes" "#define $name" >"$header"
	said=$(answers)
	[ "$said" = "$name" ] || { echo "'$said' of '$yes'"; return 1; }
	rm "$header"
}

@test "each probe finds its declaration, but not in a comment or an older kernel" {
	[ -z "$(answers)" ]
	question CONST_CLASS device/class.h \
		'	void (*class_release)(const struct class *class);' '	void (*class_release)(struct class *class);'
	question CONST_DEVNODE device/class.h \
		'	char *(*devnode)(const struct device *dev, umode_t *mode);' \
		'	char *(*devnode)(struct device *dev, umode_t *mode);'
	question F_RCUHEAD fs.h '		struct rcu_head 	f_rcuhead;' '		struct rcu_head 	fu_rcuhead;'
	question F_TASK_WORK fs.h '		struct callback_head	f_task_work;' '		struct llist_node	f_llist;'
	question HRTIMER_SETUP hrtimer.h \
		'extern void hrtimer_setup(struct hrtimer *timer, enum hrtimer_restart (*function)(struct hrtimer *),' \
		'extern void hrtimer_setup_on_stack(struct hrtimer *timer,'
	question PANIC_NOTIFIER panic_notifier.h \
		'extern struct atomic_notifier_head panic_notifier_list;' 'extern bool crash_kexec_post_notifiers;'
	question SHEAVES slab.h '	unsigned int sheaf_capacity;' '	unsigned int freeptr_offset;'
	question SYSTEM_DFL_WQ workqueue.h \
		'extern struct workqueue_struct *system_dfl_wq;' 'extern struct workqueue_struct *system_dfl_long_wq;'
}

@test "this file tests all probes" {
	local asked tried

	asked=$(sed -nE 's/.*\(call has,([A-Z_]+),.*/\1/p' Kbuild | sort)
	tried=$(sed -nE 's/^\tquestion ([A-Z_]+) .*/\1/p' "$BATS_TEST_FILENAME" | sort)
	[ -n "$asked" ]
	[ "$asked" = "$tried" ]
}

@test "the error for a missing header names it, and the kernels that have it" {
	rm "$HEADERS/kstrtox.h"
	run answers
	[ "$status" -ne 0 ]
	[ "${#lines[@]}" -eq 1 ]
	[[ ${lines[0]} == *'kernel-roulette needs <linux/kstrtox.h>, which this kernel lacks (5.10.218 and 5.14 have it)'* ]]
}

# clean and modules_install also read Kbuild, and must work on a kernel that lacks a header.
@test "the build prints one line for a missing header; clean and modules_install print none" {
	local tree=$BATS_TEST_TMPDIR/tree make

	"$VM/build"
	mkdir -p "$tree"
	cp -a "$BUILD/src" "$tree/src"
	make=(make -C "/lib/modules/$(<"$GUEST/version")/build" M=/build/src 'kernel-lacks=<linux/none.h>')

	in_root "$tree" "${make[@]}" INSTALL_MOD_PATH=/build/root modules_install
	[ -e "$(echo "$tree"/root/lib/modules/*/*/roulette.ko*)" ]
	in_root "$tree" "${make[@]}" clean
	[ ! -e "$tree/src/core/main.o" ]
	run in_root "$tree" "${make[@]}" -j2 W=1 modules
	[ "$status" -ne 0 ]
	[ "$(grep -c 'kernel-roulette needs <linux/none.h>' <<<"$output")" -eq 1 ]
	[[ $output != *error:* && $output != *warning:* ]]
}
