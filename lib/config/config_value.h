/* config_value - one setting of a configuration: its place, its value as the type that is wanted,
   and the mistake when it is none. */
#ifndef SYNAUTH_CONFIG_VALUE_H
#define SYNAUTH_CONFIG_VALUE_H

#include "config/config_errors.h"
#include "config/config_text.h"
#include "foreign/deps.h"

/* What is needed while one file is read. */
struct config_reader {
    const struct deps *deps;
    struct arena *arena;
    struct config_text *text;
    struct config *config; /* gets the mistakes */
    synauth_error first;   /* the first mistake since its code was cleared */
};

/* Adds a mistake at the place of a setting; also noted in reader->first. */
void value_mistake(struct config_reader *reader, enum mistake mistake,
                   const config_setting_t *setting, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* The file (in the arena) and line of a setting. */
const char *value_place(struct config_reader *reader, const config_setting_t *setting,
                        unsigned *ret_line);
/* "unknown key", with the nearest of `known` (NULL-terminated). */
void value_unknown(struct config_reader *reader, const config_setting_t *setting,
                   const char *const *known);
/* The member of `known` that `name` was probably meant to be; NULL for none. */
const char *value_nearest(const char *name, const char *const *known);
/* The elements of a group, list or array; none for other types. */
static inline size_t value_count(const config_setting_t *setting)
{
    return config_setting_is_aggregate(setting) && setting->value.list ? setting->value.list->length
                                                                       : 0;
}
static inline const config_setting_t *value_element(const config_setting_t *setting, size_t index)
{
    return setting->value.list->elements[index];
}

/* Each fills *ret (strings in the arena or in the tree, never empty) or reports the mistake and
 * returns false. */
bool value_bool(struct config_reader *reader, const config_setting_t *setting, bool *ret);
bool value_string(struct config_reader *reader, const config_setting_t *setting, const char **ret);
/* Made absolute against the file that it stands in. */
bool value_path(struct config_reader *reader, const config_setting_t *setting, const char **ret);
/* A name that an environment variable can have. */
bool value_variable(struct config_reader *reader, const config_setting_t *setting,
                    const char **ret);
/* "host[:port]" or a URL without a path, normalised to lower-case host[:port] without :443. */
bool value_server(struct config_reader *reader, const config_setting_t *setting, const char **ret);
/* A list of strings; a program with a slash in its name is made absolute as a path is. */
bool value_arguments(struct config_reader *reader, const config_setting_t *setting,
                     const char *const **ret);
/* The position of the value in `choices` (NULL-terminated). */
bool value_choice(struct config_reader *reader, const config_setting_t *setting,
                  const char *const *choices, size_t *ret);

#endif
