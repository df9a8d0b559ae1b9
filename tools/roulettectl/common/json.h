/* SPDX-License-Identifier: GPL-2.0 */
#ifndef ROULETTECTL_JSON_H
#define ROULETTECTL_JSON_H

struct json_object;

struct json_object *json_new_object(void);
struct json_object *json_new_array(void);
void json_set_text(struct json_object *object, const char *key,
		   const char *value);
void json_print(struct json_object *object);

#endif
