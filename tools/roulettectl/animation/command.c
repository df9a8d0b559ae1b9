// SPDX-License-Identifier: GPL-2.0
/* The command animation, which has three commands of its own. */
#define _GNU_SOURCE
#include <string.h>

#include "commands.h"

static const struct command *const commands[] = {
	&animation_import_command, &animation_list_command,
	&animation_preview_command,
};

static enum status animation(const struct command *command, int argc,
			     char **argv)
{
	static const struct option options[] = { HELP_OPTION };
	size_t i;

	for (i = 0; argc > 1 && i < sizeof(commands) / sizeof(*commands); i++) {
		const struct command *chosen = commands[i];

		if (strcmp(argv[1], chosen->name + strlen("animation ")))
			continue;
		argv[1] = text("roulettectl %s", chosen->name);
		return chosen->run(chosen, argc - 1, argv + 1);
	}
	/* The + ends the options at the first other word. */
	while (next_option(command, argc, argv, "+h", options) >= 0)
		;
	if (optind < argc)
		return wrong_usage(command, "'%s' is not a command of animation",
				   argv[optind]);
	return wrong_usage(command, "give a command: import, list or preview");
}

const struct command animation_command = {
	.name = "animation",
	.arguments = "import|list|preview [ARGUMENT...]",
	.summary = "Import, list or preview animations of a parrot.",
	.help = "  import   make an animation from a GIF or from text files\n"
		"  list     list all animations, one a line\n"
		"  preview  play an animation in this terminal\n\n"
		"roulettectl animation import --help describes import, and so on.\n",
	.run = animation,
};
