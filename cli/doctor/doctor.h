/* doctor - the list of what `synauth doctor` finds, and the groups of checks that look for it. */
#ifndef SYNAUTH_CLI_DOCTOR_H
#define SYNAUTH_CLI_DOCTOR_H

#include "synauth.h"
#include <stdbool.h>

enum severity {
    FINDING_PROBLEM,
    FINDING_NOTE /* worth knowing; nothing is wrong */
};

struct finding {
    enum severity severity;
    const char *check;  /* which one found it: a static word for scripts */
    const char *path;   /* NULL when it is about no file */
    unsigned line;      /* 0 = none */
    const char *text;   /* a sentence */
    const char *remedy; /* what to do; NULL for a note that needs nothing */
};

struct doctor {
    synauth_context *context;
    struct finding *findings;
    size_t count;
    bool short_of_memory;
};

/* All texts are copied. The same path and text again are not added. */
void doctor_add(struct doctor *doctor, const struct finding *finding);
/* The same for a file; the remedy is a command with the path behind it, quoted for a shell. */
void doctor_add_file(struct doctor *doctor, enum severity severity, const char *check,
                     const char *path, const char *text, const char *command);

/* The configuration's mistakes, and variables that switch off or lose something. */
void doctor_config(struct doctor *doctor);
/* Owner and mode of files with tokens, of those that variables name, and of sessions. */
void doctor_files(struct doctor *doctor);
/* Tokens that other programs have left in plain text. */
void doctor_leftovers(struct doctor *doctor);
/* Our libraries and helpers: there where they are needed, and of one version. */
void doctor_library(struct doctor *doctor);

#endif
