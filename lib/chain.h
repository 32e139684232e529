/* chain - asks the sources of one service in order and keeps the trail of what was tried.
   Data flows one way: a source knows nothing of the rule that asked for it. */
#ifndef SYNAUTH_CHAIN_H
#define SYNAUTH_CHAIN_H

#include "origin.h"
#include "secret.h"

enum outcome {
    OUTCOME_TOKEN,    /* value holds the token, already trimmed and judged (token.h) */
    OUTCOME_ABSENT,   /* the next source is asked */
    OUTCOME_UNUSABLE, /* ends the chain; nothing is sent */
    OUTCOME_LOGIN,    /* user name and password found: needs a login */
    OUTCOME_SIGN      /* user name and API key found: needs signing */
};

/* Where an answer came from. Heap strings, NULL when absent. */
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
};

struct answer {
    enum outcome outcome;
    struct secret *value;      /* OUTCOME_TOKEN */
    char *reason;              /* a sentence for everything but OUTCOME_TOKEN */
    struct provenance source;  /* also of what is unusable */
    struct tried *tried;
    size_t tried_count;
    struct watched *watched;
    size_t watched_count;
};

struct synapse_query {
    const char *argument;    /* explicit token */
    const char *profile, *username, *config_file; /* any set: `.synapseConfig` only */
    const char *default_config_file;              /* `synapse.config_file`, else NULL */
    const char *token_file, *token_env;           /* that source only */
    const char *const *token_command;
};
struct cave_query {
    const char *argument;
    const char *auth_server;  /* host[:port], lower case */
    const char *request_host; /* host[:port] of the request, lower case; port only if not 443 */
    const char *token_key;    /* NULL = "token" */
    const char *secrets_dir;  /* NULL = the usual place */
    const char *token_file, *token_env;
    const char *const *token_command;
};

/* Always fill *ret (answer_free it), also when memory is short (then OUTCOME_UNUSABLE). */
void chain_synapse(const struct synapse_query *query, struct answer *ret);
void chain_cave(const struct cave_query *query, struct answer *ret);
void answer_free(struct answer *answer);

#endif
