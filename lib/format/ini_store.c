/* ini_store - what an ini file holds, and the questions that can be asked about it. */
#include "format/ini_store.h"

#include "base/ascii.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_SLOTS = 64 };

/* Keys are stored in lower case and may be asked for in any; sections are exact. */
static char folded(size_t parent, char byte)
{
    return parent == INI_ROOT ? byte : ascii_lower(byte);
}

static uint64_t hash_of(size_t parent, const char *name, size_t length)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325) ^ (uint64_t)parent; /* FNV-1a */
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)folded(parent, name[i])) * UINT64_C(0x100000001b3);
    return hash ^ hash >> 32;
}

static bool is_named(const struct ini_node *node, size_t parent, const char *name, size_t length)
{
    if (node->parent != parent || secret_length(node->name) != length)
        return false;
    const char *own = secret_bytes(node->name);
    for (size_t i = 0; i < length; i++)
        if (own[i] != folded(parent, name[i]))
            return false;
    return true;
}

/* The slot that holds the node of this name, or the free one where it would go. */
static size_t slot_of(const struct ini *ini, size_t parent, const char *name, size_t length)
{
    size_t mask = ini->slot_count - 1;
    size_t slot = (size_t)hash_of(parent, name, length) & mask;
    while (ini->slots[slot] && !is_named(&ini->nodes[ini->slots[slot] - 1], parent, name, length))
        slot = (slot + 1) & mask;
    return slot;
}

size_t ini_find(const struct ini *ini, size_t parent, const char *name, size_t length)
{
    size_t found = ini->slots[slot_of(ini, parent, name, length)];
    return found ? found - 1 : INI_NONE;
}

static bool grow_slots(struct ini *ini)
{
    size_t wanted = ini->slot_count ? ini->slot_count * 2 : FIRST_SLOTS;
    size_t *slots = calloc(wanted, sizeof *slots);
    if (!slots)
        return false;
    free(ini->slots);
    ini->slots = slots;
    ini->slot_count = wanted;
    for (size_t i = 0; i < ini->count; i++) {
        const struct ini_node *node = &ini->nodes[i];
        size_t length = secret_length(node->name);
        slots[slot_of(ini, node->parent, secret_bytes(node->name), length)] = i + 1;
    }
    return true;
}

/* Nodes hold no secret bytes themselves, so moving them leaves none behind. */
static bool grow_nodes(struct ini *ini)
{
    size_t wanted = ini->capacity ? ini->capacity * 2 : FIRST_SLOTS / 2;
    struct ini_node *nodes = reallocarray(ini->nodes, wanted, sizeof *nodes);
    if (!nodes)
        return false;
    ini->nodes = nodes;
    ini->capacity = wanted;
    return true;
}

size_t ini_add(struct ini *ini, size_t parent, struct secret *name, unsigned line)
{
    bool room = name && (ini->count < ini->capacity || grow_nodes(ini)) &&
                (ini->count * 2 < ini->slot_count || grow_slots(ini));
    if (!room) {
        secret_unref(name);
        return INI_NONE;
    }
    size_t index = ini->count++;
    ini->nodes[index] = (struct ini_node){.parent = parent, .name = name, .line = line};
    ini->slots[slot_of(ini, parent, secret_bytes(name), secret_length(name))] = index + 1;
    return index;
}

struct ini *ini_new(void)
{
    static const char default_name[] = "DEFAULT";
    struct ini *ini = calloc(1, sizeof *ini);
    if (!ini)
        return NULL;
    struct secret *name = secret_new(default_name, sizeof default_name - 1);
    if (ini_add(ini, INI_ROOT, name, 0) != INI_DEFAULT) {
        ini_free(ini);
        return NULL;
    }
    return ini;
}

void ini_free(struct ini *ini)
{
    if (!ini)
        return;
    for (size_t i = 0; i < ini->count; i++) {
        secret_unref(ini->nodes[i].name);
        secret_unref(ini->nodes[i].value);
    }
    free(ini->nodes);
    free(ini->slots);
    free(ini);
}

static size_t find_section(const struct ini *ini, const char *section)
{
    size_t found = ini_find(ini, INI_ROOT, section, strlen(section));
    return found == INI_DEFAULT ? INI_NONE : found;
}

bool ini_has_section(const struct ini *ini, const char *section)
{
    return find_section(ini, section) != INI_NONE;
}

const struct secret *ini_get(const struct ini *ini, const char *section, const char *key,
                             unsigned *ret_line)
{
    size_t parent = find_section(ini, section);
    if (parent == INI_NONE)
        return NULL;
    size_t found = ini_find(ini, parent, key, strlen(key));
    if (found == INI_NONE)
        found = ini_find(ini, INI_DEFAULT, key, strlen(key));
    if (found == INI_NONE)
        return NULL;
    if (ret_line)
        *ret_line = ini->nodes[found].line;
    return ini->nodes[found].value;
}

/* Is this node a key that the section has from [DEFAULT] only? */
static bool is_inherited(const struct ini *ini, const struct ini_node *node, size_t section)
{
    return node->parent == INI_DEFAULT &&
           ini_find(ini, section, secret_bytes(node->name), secret_length(node->name)) == INI_NONE;
}

size_t ini_key_count(const struct ini *ini, const char *section)
{
    size_t parent = find_section(ini, section);
    size_t count = 0;
    if (parent == INI_NONE)
        return 0;
    for (size_t i = 0; i < ini->count; i++)
        if (ini->nodes[i].parent == parent || is_inherited(ini, &ini->nodes[i], parent))
            count++;
    return count;
}

const char *ini_key_name(const struct ini *ini, const char *section, size_t index,
                         size_t *ret_length)
{
    size_t parent = find_section(ini, section);
    if (parent == INI_NONE)
        return NULL;
    for (int inherited = 0; inherited <= 1; inherited++) {
        for (size_t i = 0; i < ini->count; i++) {
            const struct ini_node *node = &ini->nodes[i];
            if (inherited ? !is_inherited(ini, node, parent) : node->parent != parent)
                continue;
            if (index-- > 0)
                continue;
            *ret_length = secret_length(node->name);
            return secret_bytes(node->name);
        }
    }
    return NULL;
}

size_t ini_section_count(const struct ini *ini)
{
    size_t count = 0;
    for (size_t i = INI_DEFAULT + 1; i < ini->count; i++)
        count += ini->nodes[i].parent == INI_ROOT;
    return count;
}

const char *ini_section_name(const struct ini *ini, size_t index, size_t *ret_length)
{
    for (size_t i = INI_DEFAULT + 1; i < ini->count; i++) {
        if (ini->nodes[i].parent != INI_ROOT || index-- > 0)
            continue;
        *ret_length = secret_length(ini->nodes[i].name);
        return secret_bytes(ini->nodes[i].name);
    }
    return NULL;
}

static const struct ini_node *counterpart(const struct ini *other, const struct ini *ini,
                                          const struct ini_node *node)
{
    size_t parent = node->parent, length = secret_length(node->name);
    const char *name = secret_bytes(node->name);
    if (parent != INI_ROOT && parent != INI_DEFAULT) {
        const struct secret *section = ini->nodes[parent].name;
        parent = ini_find(other, INI_ROOT, secret_bytes(section), secret_length(section));
    }
    size_t found = parent == INI_NONE ? INI_NONE : ini_find(other, parent, name, length);
    if (found == INI_NONE && parent != INI_NONE && parent != INI_ROOT)
        found = ini_find(other, INI_DEFAULT, name, length);
    return found == INI_NONE ? NULL : &other->nodes[found];
}

static bool same_value(const struct secret *a, const struct secret *b)
{
    if (!a || !b)
        return a == b;
    return secret_length(a) == secret_length(b) &&
           memcmp(secret_bytes(a), secret_bytes(b), secret_length(a)) == 0;
}

static bool is_text(const struct secret *name, const char *text)
{
    return secret_length(name) == strlen(text) &&
           memcmp(secret_bytes(name), text, secret_length(name)) == 0;
}

bool ini_includes(const struct ini *whole, const struct ini *part, const char *section,
                  const char *key)
{
    for (size_t i = INI_DEFAULT + 1; i < part->count; i++) {
        const struct ini_node *node = &part->nodes[i];
        bool is_section = node->parent == INI_ROOT;
        const struct ini_node *above = is_section ? node : &part->nodes[node->parent];
        bool is_edited = node->parent != INI_DEFAULT && is_text(above->name, section);
        if (is_edited && (is_section || is_text(node->name, key)))
            continue;
        const struct ini_node *other = counterpart(whole, part, node);
        if (!other || !same_value(node->value, other->value))
            return false;
    }
    return true;
}
