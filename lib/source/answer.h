/* answer - what the sources of a token said: the token or why there is none, where it came from,
   the trail of what was tried, and the files whose change makes it stale. */
#ifndef SYNAUTH_ANSWER_H
#define SYNAUTH_ANSWER_H

#include "base/secret.h"
#include "file/watch.h"
#include <stdbool.h>

enum outcome {
    OUTCOME_TOKEN,    /* value holds the token, already trimmed and judged (token.h) */
    OUTCOME_ABSENT,   /* the next source is asked */
    OUTCOME_UNUSABLE, /* ends the chain; nothing is sent */
    OUTCOME_NOT_ASKED, /* a slow source would have to be asked, which ends the chain, too */
    OUTCOME_SIGN      /* user name and API key found: every request is signed (signature.h) */
};

/* Where something was found. Borrowed strings; NULL and 0 when absent. */
struct place {
    const char *kind; /* as synauth.h names them; static */
    const char *name, *path, *key;
    unsigned line;
    const char *trail_name; /* in the trail, where that is not `name` */
};

/* The same, owned by an answer. */
struct provenance {
    const char *kind; /* static */
    char *name, *path, *key;
    unsigned line;
};

struct tried {
    const char *kind; /* static */
    char *name;
    char *outcome; /* a sentence */
};

/* A file whose change makes the answer stale: absent names and links included. */
struct watched {
    char *path;
    struct watch_state state; /* before it was read */
};

struct answer {
    enum outcome outcome;
    struct secret *value; /* OUTCOME_TOKEN: the token; OUTCOME_SIGN: the key, decoded */
    struct secret *user;  /* OUTCOME_SIGN */
    int64_t due;  /* seconds since 1970 from which the sources are to be asked again; 0 = never */
    char *reason; /* a sentence for all but OUTCOME_TOKEN; see answer_reason */
    struct provenance source; /* also of what is unusable */
    struct tried *tried;
    size_t tried_count;
    char **warnings; /* sentences about a token that is used all the same */
    size_t warning_count;
    struct watched *watched;
    size_t watched_count;
    bool short_of_memory;
    bool wants_login; /* only the login that a password asks for could give a token */
};

/* An answer with nothing tried yet. */
void answer_init(struct answer *answer);
void answer_free(struct answer *answer);
/* Never NULL. */
const char *answer_reason(const struct answer *answer);

/* A line of the trail. Control characters in what is printed are escaped. */
void answer_tried(struct answer *answer, const char *kind, const char *name, const char *format,
                  ...) __attribute__((format(printf, 4, 5)));
void answer_warn(struct answer *answer, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Remembers the file and what it looks like now; to be called before it is read. */
void answer_watch(struct answer *answer, const char *path);

/* Ends the chain with a reason: "PATH:LINE (NAME, key "KEY"): text", as far as `place` knows. */
void answer_end(struct answer *answer, enum outcome outcome, const struct place *place,
                const char *format, ...) __attribute__((format(printf, 4, 5)));
/* Judges a value found at `place` (token.h): token, unusable, or (when empty) absent. Returns
   whether the chain ends. */
bool answer_judge(struct answer *answer, const struct place *place, const char *bytes,
                  size_t length);
/* User name and API key (decoded) found at `place`; both are copied. Ends the chain. */
void answer_sign(struct answer *answer, const struct place *place, const struct secret *user,
                 const struct secret *key);
/* Asking again makes sense at that time (seconds since 1970; 0 is ignored); the earliest counts. */
void answer_due(struct answer *answer, int64_t due);
/* No source had a token: composes the reason from the trail. */
void answer_absent(struct answer *answer);
/* Last step: an answer that could not be remembered in full is none. */
void answer_seal(struct answer *answer);

#endif
