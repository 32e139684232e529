/* json - JSON on standard output: what the commands say, built as cJSON's tree, and what a server
   sent. When memory runs out the command says so and ends. */
#ifndef SYNAUTH_CLI_JSON_H
#define SYNAUTH_CLI_JSON_H

#include <cjson/cJSON.h>

/* Weak, so that the command starts also where LD_LIBRARY_PATH brings another libcjson that lacks one
   of them: synauth_open, which every command calls before it prints JSON, says which file that is. */
#pragma weak cJSON_AddItemToArray
#pragma weak cJSON_AddItemToObjectCS
#pragma weak cJSON_CreateArray
#pragma weak cJSON_CreateNull
#pragma weak cJSON_CreateNumber
#pragma weak cJSON_CreateObject
#pragma weak cJSON_CreateString
#pragma weak cJSON_Delete
#pragma weak cJSON_PrintUnformatted
#pragma weak cJSON_free

cJSON *json_new_object(void);
cJSON *json_new_list(void);
/* The object that a command answers with: {"schema":1. */
cJSON *json_new_answer(void);
/* The object owns the item; NULL stands for null. Names are not copied. */
void json_add(cJSON *object, const char *name, cJSON *item);
void json_append(cJSON *list, cJSON *item);
cJSON *json_new_text(const char *text);
/* A string, or null. Bytes that are not UTF-8 become U+FFFD. */
void json_add_text(cJSON *object, const char *name, const char *text);
/* A number, or null for 0. */
void json_add_line(cJSON *object, const char *name, unsigned line);

/* The tree in one line, what could steer a terminal as \uNNNN; frees it. */
void put_json(cJSON *tree);
/* An answer with that list alone; frees it. */
void put_json_list(const char *name, cJSON *list);
/* JSON of a server: as it is, but on a terminal what would steer it as \uNNNN. Returns an exit
   status. */
int put_json_answer(const char *json);

#endif
