/* handles - which state belongs to a libcurl handle: a table without a lock. */
#include "ground/handles.h"
#include <stdatomic.h>
#include <stdlib.h>

/* A key lives in one bucket of each segment: a look-up compares eight keys per segment, and the
   segments grow fourfold, so there are few. They are never given back: their size is that of the
   largest number of handles that lived at one time. */
#define BUCKET_SLOTS 8u
#define FIRST_BUCKETS 16u

struct bucket {
    _Atomic uintptr_t keys[BUCKET_SLOTS];
    void *_Atomic values[BUCKET_SLOTS];
};

struct segment {
    struct segment *_Atomic next;
    size_t bucket_mask;
    struct bucket *buckets;
};

struct handle_table {
    struct segment first;
};

static struct bucket address_buckets[FIRST_BUCKETS];
static struct bucket id_buckets[FIRST_BUCKETS];
static struct bucket multi_buckets[1];
struct handle_table handles_by_address = {
    .first = {.bucket_mask = FIRST_BUCKETS - 1, .buckets = address_buckets}};
struct handle_table handles_by_id = {
    .first = {.bucket_mask = FIRST_BUCKETS - 1, .buckets = id_buckets}};
struct handle_table handles_by_multi = {.first = {.bucket_mask = 0, .buckets = multi_buckets}};

static struct bucket *bucket_of(struct segment *segment, uintptr_t key)
{
    uint64_t mixed = (uint64_t)key * UINT64_C(0x9e3779b97f4a7c15);
    return &segment->buckets[(size_t)(mixed >> 32) & segment->bucket_mask];
}

/* The slot that holds the key, or NULL; *ret_slot is its number. Every call of libcurl passes here,
   so it is put into its callers. */
static inline __attribute__((always_inline)) struct bucket *
find_slot(struct handle_table *table, uintptr_t key, unsigned *ret_slot)
{
    struct segment *segment = &table->first;

    do {
        struct bucket *bucket = bucket_of(segment, key);
        for (unsigned i = 0; i < BUCKET_SLOTS; i++) {
            if (atomic_load_explicit(&bucket->keys[i], memory_order_acquire) == key) {
                *ret_slot = i;
                return bucket;
            }
        }
        segment = atomic_load_explicit(&segment->next, memory_order_acquire);
    } while (segment);
    return NULL;
}

void *handles_find(struct handle_table *table, uintptr_t key)
{
    unsigned slot;
    struct bucket *bucket = key ? find_slot(table, key, &slot) : NULL;
    return bucket ? atomic_load_explicit(&bucket->values[slot], memory_order_acquire) : NULL;
}

static bool claim_slot(struct bucket *bucket, uintptr_t key, void *value)
{
    for (unsigned i = 0; i < BUCKET_SLOTS; i++) {
        uintptr_t found = atomic_load_explicit(&bucket->keys[i], memory_order_relaxed);
        /* The same key: a fork came while a thread that is not here any more was adding it. */
        if (found == key || (found == 0 && atomic_compare_exchange_strong_explicit(
                                               &bucket->keys[i], &found, key, memory_order_acq_rel,
                                               memory_order_relaxed))) {
            atomic_store_explicit(&bucket->values[i], value, memory_order_release);
            return true;
        }
    }
    return false;
}

static struct segment *append_segment(struct segment *last)
{
    size_t count = (last->bucket_mask + 1) * 4;
    struct segment *segment = malloc(sizeof(*segment));
    struct segment *other = NULL;

    if (!segment)
        return NULL;
    *segment =
        (struct segment){.bucket_mask = count - 1, .buckets = calloc(count, sizeof(struct bucket))};
    if (segment->buckets && atomic_compare_exchange_strong(&last->next, &other, segment))
        return segment;
    free(segment->buckets);
    free(segment);
    return other; /* another thread was first, or out of memory */
}

bool handles_add(struct handle_table *table, uintptr_t key, void *value)
{
    struct segment *segment = &table->first;

    while (segment) {
        struct segment *next;
        if (claim_slot(bucket_of(segment, key), key, value))
            return true;
        next = atomic_load_explicit(&segment->next, memory_order_acquire);
        segment = next ? next : append_segment(segment);
    }
    return false;
}

void handles_remove(struct handle_table *table, uintptr_t key)
{
    unsigned slot;
    struct bucket *bucket = key ? find_slot(table, key, &slot) : NULL;

    if (!bucket)
        return;
    atomic_store_explicit(&bucket->values[slot], NULL, memory_order_relaxed);
    atomic_store_explicit(&bucket->keys[slot], 0, memory_order_release);
}
