/* ini_edit - sets or takes out one key of a `.synapseConfig` and keeps every other byte: comments,
   order, line ends, byte order mark. */
#ifndef SYNAUTH_INI_EDIT_H
#define SYNAUTH_INI_EDIT_H

#include "base/secret.h"
#include "synauth.h"

struct ini_edit {
    const char *text;
    size_t length;
    const char *path;    /* only names the file in errors */
    const char *section; /* exact; without brackets */
    const char *key;     /* in lower case */
};

/* *ret is the text with `key = value`. In this order: an existing value is replaced, a commented
   line of the key (`#key = <word>`) in the section is uncommented, the key is added below the
   section's header, a commented header (`#[section]`) is uncommented with the lines below it left
   alone, the section is appended. What is read back from the result differs from before in this
   one value only: that is checked. Errors: a text that is not valid (file and line), memory. */
SYNAUTH_MUST_USE int ini_edit_set(const struct ini_edit *edit, const struct secret *value,
                                  struct secret **ret, synauth_error *error);
/* *ret is the text with `#key = <key>` in place of the key and its value. The key must be there. */
SYNAUTH_MUST_USE int ini_edit_comment_out(const struct ini_edit *edit, struct secret **ret,
                                          synauth_error *error);

#endif
