// SPDX-License-Identifier: GPL-2.0
/*
 * Checks the lines of an animation. A terminal executes the control sequences
 * of its input, so a file may contain text and colours, but no other sequences.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "animation.h"

/**
 * parrot_fault_set() - set the text of a fault, but not its line
 * @fault: the fault
 * @format: printf() format of the text
 * @...: arguments of @format
 *
 * Context: Any context.
 */
void parrot_fault_set(struct parrot_fault *fault, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(fault->what, sizeof(fault->what), format, args);
	va_end(args);
}

/*
 * Returns the length of the UTF-8 sequence at the start of @text, or 0. The
 * Unicode Standard, 3.9, has the table of well-formed sequences. U+0080 to
 * U+009F are refused, because they are control characters.
 */
static size_t parrot_utf8_len(const u8 *text, size_t len)
{
	u8 low = 0x80, high = 0xbf;
	size_t need, i;

	switch (text[0]) {
	case 0xc2 ... 0xdf:
		need = 2;
		if (text[0] == 0xc2)
			low = 0xa0;
		break;
	case 0xe0 ... 0xef:
		need = 3;
		if (text[0] == 0xe0)
			low = 0xa0;
		if (text[0] == 0xed)
			high = 0x9f;
		break;
	case 0xf0 ... 0xf4:
		need = 4;
		if (text[0] == 0xf0)
			low = 0x90;
		if (text[0] == 0xf4)
			high = 0x8f;
		break;
	default:
		return 0;
	}
	if (len < need || text[1] < low || text[1] > high)
		return 0;
	for (i = 2; i < need; i++) {
		if (text[i] < 0x80 || text[i] > 0xbf)
			return 0;
	}
	return need;
}

/**
 * parrot_color_sequence() - get the length of a colour sequence ESC [ ... m
 * @text: the text
 * @len: bytes in @text
 *
 * Context: Any context.
 *
 * Return: the length, or 0 if @text does not begin with a colour sequence.
 */
size_t parrot_color_sequence(const u8 *text, size_t len)
{
	size_t i;

	if (len < 3 || text[0] != '\033' || text[1] != '[')
		return 0;
	for (i = 2; i < len; i++) {
		if (text[i] == 'm')
			return i + 1;
		if (!strchr("0123456789;:", text[i]) || !text[i])
			return 0;
	}
	return 0;
}

/* Files saved as "UTF-8 with BOM" or UTF-16 begin with a byte-order mark. */
static const char *parrot_byte_order_mark(const u8 *line, size_t len)
{
	if (len >= 3 && !memcmp(line, "\xef\xbb\xbf", 3))
		return "UTF-8";
	if (len >= 2 && (!memcmp(line, "\xff\xfe", 2) ||
			 !memcmp(line, "\xfe\xff", 2)))
		return "UTF-16";
	return NULL;
}

/* Sets the reason why the first byte of @text is refused. */
static void parrot_refuse_byte(const u8 *text, size_t len,
			       struct parrot_fault *fault)
{
	if (text[0] == '\033')
		parrot_fault_set(fault, "escape sequence is not a colour (ESC [ numbers m)");
	else if (text[0] == '\f')
		parrot_fault_set(fault, "form feed must be alone on its line");
	else if (text[0] < 0x80)
		parrot_fault_set(fault, "control character 0x%02x", text[0]);
	else if (len > 1 && text[0] == 0xc2 && text[1] >= 0x80 &&
		 text[1] <= 0x9f)
		parrot_fault_set(fault, "control character U+%04X", text[1]);
	else
		parrot_fault_set(fault, "byte 0x%02x is not UTF-8", text[0]);
}

/**
 * parrot_check_line() - check a line of an animation
 * @line: the line, without its newline; not a separator
 * @len: bytes in @line
 * @holds: the contents of a valid line
 * @fault: the reason why the line is invalid, except the line number
 *
 * A valid line contains printable ASCII, other UTF-8 and colour sequences only,
 * and does not begin with a byte-order mark.
 *
 * Context: Any context.
 *
 * Return: true if the line is valid.
 */
bool parrot_check_line(const u8 *line, size_t len, struct parrot_holds *holds,
		       struct parrot_fault *fault)
{
	const char *mark = parrot_byte_order_mark(line, len);
	size_t i = 0, step;

	memset(holds, 0, sizeof(*holds));
	if (mark) {
		parrot_fault_set(fault, "byte-order mark (%s): save the file as UTF-8 without one",
				 mark);
		return false;
	}
	if (len && line[len - 1] == '\r') {
		parrot_fault_set(fault, "line ends with CR LF: use LF");
		return false;
	}
	while (i < len) {
		if (line[i] >= 0x20 && line[i] <= 0x7e) {
			i++;
			continue;
		}
		if (line[i] >= 0x80) {
			step = parrot_utf8_len(line + i, len - i);
			holds->other = true;
		} else {
			step = parrot_color_sequence(line + i, len - i);
			holds->color = true;
		}
		if (!step) {
			parrot_refuse_byte(line + i, len - i, fault);
			return false;
		}
		i += step;
	}
	return true;
}
