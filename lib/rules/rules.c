/* rules - the table of rules, first match wins, at a cost that does not grow with their number.

   Every pattern is one entry of a hash table, under its host, scheme, port and kind. A look-up
   asks for the host itself and for each domain above it, with the request's port and with any
   port, and takes the lowest rule among the answers. */
#include "rules/rules.h"

#include "base/arena.h"
#include "base/error.h"
#include "rules/pages.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct indexed_pattern {
    const char *host;
    uint64_t hash; /* of the host */
    uint32_t rule;
    uint32_t kind; /* scheme, port and whether it covers what is below the host */
};

struct rules {
    struct rule *rules;
    size_t count, capacity;
    struct indexed_pattern *entries;
    size_t entry_count, entry_capacity;
    uint32_t *slots; /* position in entries + 1; 0 = free */
    size_t slot_mask;
    struct arena *arena;
};

enum { KIND_BELOW = 1 << 16, KIND_HTTP = 1 << 17, KIND_ANY_PORT = 1 << 18 };

static uint32_t kind_of(enum origin_scheme scheme, bool below, bool any_port, unsigned port)
{
    uint32_t kind = any_port ? (uint32_t)KIND_ANY_PORT : port;
    if (below)
        kind |= KIND_BELOW;
    if (scheme == ORIGIN_HTTP)
        kind |= KIND_HTTP;
    return kind;
}

/* Eight bytes at a time: byte by byte it would be a seventh of what a rule costs to load. */
static uint64_t hash_host(const char *host, size_t length)
{
    static const uint64_t factor = 0x9e3779b97f4a7c15u;
    uint64_t hash = length, word;
    for (; length >= sizeof word; host += sizeof word, length -= sizeof word) {
        memcpy(&word, host, sizeof word);
        hash = (hash ^ word) * factor;
        hash ^= hash >> 32;
    }
    for (word = 0; length > 0; length--)
        word = word << 8 | (unsigned char)host[length - 1];
    return (hash ^ word) * factor;
}

static size_t first_slot(const struct rules *rules, uint64_t hash, uint32_t kind)
{
    uint64_t mixed = (hash ^ kind) * 0x100000001b3u;
    return (size_t)(mixed ^ (mixed >> 32)) & rules->slot_mask;
}

struct rules *rules_new(void)
{
    struct rules *rules = calloc(1, sizeof *rules);
    if (!rules)
        return NULL;
    rules->arena = arena_new();
    if (rules->arena)
        return rules;
    free(rules);
    return NULL;
}

void rules_free(struct rules *rules)
{
    if (!rules)
        return;
    arena_free(rules->arena);
    free(rules->rules);
    free(rules->entries);
    free(rules->slots);
    free(rules);
}

/* Makes room for `more` further items in an array. */
static bool reserve(void **items, size_t item_size, size_t count, size_t more, size_t *capacity)
{
    enum { CAPACITY_FIRST = 16 };
    if (more > UINT32_MAX / 4 || count > UINT32_MAX / 4)
        return false; /* positions are stored in 32 bits */
    if (count + more <= *capacity)
        return true;
    size_t wanted = *capacity ? *capacity * 2 : CAPACITY_FIRST;
    if (wanted < count + more)
        wanted = count + more;
    void *grown = reallocarray(*items, wanted, item_size);
    if (!grown)
        return false;
    pages_populate(grown, wanted * item_size);
    *items = grown;
    *capacity = wanted;
    return true;
}

/* Most hosts stand in the text of their rule just as they are compared. */
static const char *keep_host(struct rules *rules, const struct rule *rule,
                             const struct origin_pattern *pattern)
{
    const char *written = rule->match ? rule->match : "";
    if (pattern->below && written[0] == '*' && written[1] == '.')
        written += 2;
    if (strcmp(written, pattern->host) == 0)
        return written;
    return arena_strdup(rules->arena, pattern->host);
}

static bool add_entry(struct rules *rules, const struct rule *rule,
                      const struct origin_pattern *pattern)
{
    const char *host = keep_host(rules, rule, pattern);
    if (!host)
        return false;
    rules->entries[rules->entry_count++] = (struct indexed_pattern){
        .host = host,
        .hash = hash_host(pattern->host, strlen(pattern->host)),
        .rule = (uint32_t)rules->count,
        .kind = kind_of(pattern->scheme, pattern->below, pattern->any_port, pattern->port),
    };
    return true;
}

static bool make_room(struct rules *rules, size_t more_rules, size_t more_entries)
{
    void *items = rules->rules, *entries = rules->entries;
    bool has_room =
        reserve(&items, sizeof *rules->rules, rules->count, more_rules, &rules->capacity) &&
        reserve(&entries, sizeof *rules->entries, rules->entry_count, more_entries,
                &rules->entry_capacity);
    rules->rules = items;
    rules->entries = entries;
    return has_room;
}

void rules_reserve(struct rules *rules, size_t more)
{
    (void)make_room(rules, more, more); /* rules_add asks again */
}

int rules_add(struct rules *rules, const struct rule *rule, const struct origin_pattern *patterns,
              size_t pattern_count)
{
    if (!make_room(rules, 1, pattern_count))
        return SYNAUTH_E_MEMORY;
    for (size_t i = 0; i < pattern_count; i++)
        if (!add_entry(rules, rule, &patterns[i]))
            return SYNAUTH_E_MEMORY;
    rules->rules[rules->count] = *rule;
    rules->rules[rules->count].index = (unsigned)rules->count;
    rules->count++;
    return SYNAUTH_OK;
}

struct rule *rules_draft(struct rules *rules, size_t index)
{
    return index < rules->count ? &rules->rules[index] : NULL;
}

/* The entry of this very key, or the free slot where it belongs. */
static uint32_t *find_slot(const struct rules *rules, uint64_t hash, uint32_t kind,
                           const char *host)
{
    for (size_t i = first_slot(rules, hash, kind);; i = (i + 1) & rules->slot_mask) {
        uint32_t *slot = &rules->slots[i];
        if (*slot == 0)
            return slot;
        const struct indexed_pattern *entry = &rules->entries[*slot - 1];
        if (entry->hash == hash && entry->kind == kind && strcmp(entry->host, host) == 0)
            return slot;
    }
}

int rules_seal(struct rules *rules)
{
    size_t size = 8;
    while (size < rules->entry_count * 2)
        size *= 2;
    rules->slots = calloc(size, sizeof *rules->slots);
    if (!rules->slots)
        return SYNAUTH_E_MEMORY;
    rules->slot_mask = size - 1;
    for (size_t i = 0; i < rules->entry_count; i++) {
        const struct indexed_pattern *entry = &rules->entries[i];
        uint32_t *slot = find_slot(rules, entry->hash, entry->kind, entry->host);
        if (*slot == 0) /* else an earlier rule has the same pattern */
            *slot = (uint32_t)(i + 1);
    }
    return SYNAUTH_OK;
}

/* The lower of `best` and the rules for this host or domain, at the request's port or any. */
static uint32_t lower_rule(const struct rules *rules, const struct origin *origin, const char *host,
                           size_t length, bool below, uint32_t best)
{
    uint64_t hash = hash_host(host, length);
    for (int any_port = 0; any_port <= 1; any_port++) {
        uint32_t kind = kind_of(origin->scheme, below, any_port, origin->port);
        uint32_t slot = *find_slot(rules, hash, kind, host);
        if (slot != 0 && rules->entries[slot - 1].rule < best)
            best = rules->entries[slot - 1].rule;
    }
    return best;
}

const struct rule *rules_match(const struct rules *rules, const struct origin *origin)
{
    const char *host = origin->host;
    size_t length = strlen(host);
    unsigned dots = 0; /* in what follows the current byte */
    uint32_t best = lower_rule(rules, origin, host, length, false, UINT32_MAX);
    for (size_t i = length; i-- > 1;)
        if (host[i] == '.' && dots++ > 0)
            best = lower_rule(rules, origin, host + i + 1, length - i - 1, true, best);
    return best == UINT32_MAX ? NULL : &rules->rules[best];
}

size_t rules_count(const struct rules *rules)
{
    return rules->count;
}

const struct rule *rules_get(const struct rules *rules, size_t index)
{
    return index < rules->count ? &rules->rules[index] : NULL;
}
