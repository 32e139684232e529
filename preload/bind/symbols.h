/* symbols - what an object defines and what it refers to, judged as the loader judges it. */
#ifndef SYNAUTH_SYMBOLS_H
#define SYNAUTH_SYMBOLS_H

#include "bind/objects.h"

/* How an object asks for a name. */
struct reference {
    const char *name;
    const char *version; /* NULL: any */
    bool hidden;         /* that very version, not a default one in its place */
    bool exists;         /* the object has the name among its symbols */
};

/* The object's reference to a name; without `exists`, how dlsym would ask. object may be NULL. */
struct reference symbols_reference(const struct object *object, const char *name);
/* The definition in this very object that the loader would bind the reference to, or NULL. The
   rules are do_lookup_x's of glibc; musl knows no versions and takes what is no old one. */
void *symbols_bound(const struct object *object, const struct reference *reference);

/* The definition of a function or variable in this very object, or NULL. */
void *object_symbol(const struct object *object, const char *name);
/* The version of that definition ("CURL_OPENSSL_4"), or NULL when it has none. */
const char *object_symbol_version(const struct object *object, const char *name);
/* The version that this object asks of a symbol it does not define, or NULL. */
const char *object_reference_version(const struct object *object, const char *name);

#endif
