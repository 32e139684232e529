/* rules - the table of rules, first match wins, at a cost that does not grow with their number. */
#ifndef SYNAUTH_RULES_H
#define SYNAUTH_RULES_H

#include "rules/origin.h"

enum rule_service { SERVICE_SYNAPSE, SERVICE_CAVE };

/* What a rule says about its token; NULL = not set. Paths are absolute: relative ones were made so
   against the configuration file, `~` is expanded. */
struct rule_sources {
    const char *profile, *username, *config_file;      /* synapse */
    const char *auth_server, *token_key, *secrets_dir; /* cave; auth_server: host[:port] */
    const char *token_file, *token_env;                /* both */
    const char *const *token_command;                  /* NULL-terminated argument list */
};

/* Immutable once the table is sealed. Strings belong to the configuration. Small, since there may
   be ten thousand: most say nothing about their token. */
struct rule {
    enum rule_service service;
    const char *match; /* first pattern as written, for messages */
    const char *file;  /* "(built in)" for the compiled-in ones */
    unsigned line;
    unsigned index;     /* position in the order in which rules are tried */
    const char *broken; /* the mistake in it ("file:line: text"): matches, sends nothing */
    const struct rule_sources *sources; /* NULL = none; see rule_sources() */
    bool on_missing_set;                /* the rule has its own `on_missing` */
    bool on_missing_fail, allow_unverified_tls, allow_cleartext;
};

/* Never NULL. */
static inline const struct rule_sources *rule_sources(const struct rule *rule)
{
    static const struct rule_sources none = {0};
    return rule->sources ? rule->sources : &none;
}

struct rules; /* opaque table */

struct rules *rules_new(void);
void rules_free(struct rules *rules);
/* Makes room for `more` rules at once; only a matter of speed. */
void rules_reserve(struct rules *rules, size_t more);
/* Appends a rule with its patterns. The rule's strings are not copied: they must outlive the
   table. */
SYNAUTH_MUST_USE int rules_add(struct rules *rules, const struct rule *rule,
                               const struct origin_pattern *patterns, size_t pattern_count);
/* A rule that may still be changed: before rules_seal only. */
struct rule *rules_draft(struct rules *rules, size_t index);
/* Builds the index. No rules_add afterwards. */
SYNAUTH_MUST_USE int rules_seal(struct rules *rules);
/* The first rule that matches, or NULL. Thread-safe, no allocation. */
const struct rule *rules_match(const struct rules *rules, const struct origin *origin);
size_t rules_count(const struct rules *rules);
const struct rule *rules_get(const struct rules *rules, size_t index);

#endif
