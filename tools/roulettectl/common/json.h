/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_JSON_H
#define ROULETTECTL_JSON_H

/* How JSON is written, for people and programs. */
#define JSON_STYLE	(JSON_C_TO_STRING_PRETTY | JSON_C_TO_STRING_SPACED | \
			 JSON_C_TO_STRING_NOSLASHESCAPE)

struct json_object;

struct json_object *json_new_object(void);
struct json_object *json_new_array(void);
void json_set_text(struct json_object *object, const char *key,
		   const char *value);
void json_set_seconds(struct json_object *object, const char *key,
		      double seconds);
void json_print(struct json_object *object);

#endif
