/* SPDX-License-Identifier: Apache-2.0 */
/* keys/memory_store.c: sessions in this process's memory: a hash table for each shard, whose entries
 * also stand in a list by age. */
#include <pthread.h>
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"
#include "tlscore/session.h"

/* Shards are for threads not to wait for each other; a small store has no use for many. */
enum { SHARDS_MAX = 64, SHARD_WORTH = 64, CACHE_LINE = 64, CAPACITY_MAX = 1 << 28 };

/* Links are indices into a shard's entries. */
typedef uint32_t slot;
#define NOWHERE UINT32_MAX

typedef struct entry {
    uint8_t key[TLSC_STORE_KEY_MAX];
    uint8_t *value; /* owned; NULL: the entry is free */
    size_t value_n;
    size_t key_n;
    int64_t until_ms;
    slot next;  /* in its bucket, or among the free */
    slot older; /* in the order of putting */
    slot newer;
} entry;

typedef struct shard {
    _Alignas(CACHE_LINE) pthread_mutex_t lock;
    entry *entries;
    slot *buckets;
    slot free;
    slot oldest;
    slot newest;
    size_t num; /* in use */
} shard;

struct tlsc_memory_store {
    shard *shards; /* `memory`, aligned */
    void *memory;
    size_t num_shards;  /* a power of two */
    size_t num_entries; /* of each shard */
    size_t num_buckets; /* of each shard, a power of two */
    uint64_t hash_key[2];
    int64_t (*now_ms)(void *ctx);
    void *now_ctx;
};

/* ---- where a key belongs ---- */

static uint64_t rotate(uint64_t v, unsigned by)
{
    return v << by | v >> (64 - by);
}

static void sip_round(uint64_t v[4])
{
    v[0] += v[1];
    v[1] = rotate(v[1], 13) ^ v[0];
    v[0] = rotate(v[0], 32);
    v[2] += v[3];
    v[3] = rotate(v[3], 16) ^ v[2];
    v[0] += v[3];
    v[3] = rotate(v[3], 21) ^ v[0];
    v[2] += v[1];
    v[1] = rotate(v[1], 17) ^ v[2];
    v[2] = rotate(v[2], 32);
}

/* Bytes, fewer than eight also, as a number: the same on one machine is enough. */
static uint64_t word_of(const uint8_t *p, size_t n)
{
    uint64_t w = 0;
    memcpy(&w, p, n);
    return w;
}

/* SipHash-1-3 under the store's own key: which keys share a bucket can't be known from outside, also
 * where the caller lets peers choose them. */
static uint64_t hash_of(const tlsc_memory_store *s, tlsc_bytes key)
{
    uint64_t v[4] = { s->hash_key[0] ^ 0x736f6d6570736575u, s->hash_key[1] ^ 0x646f72616e646f6du,
                      s->hash_key[0] ^ 0x6c7967656e657261u, s->hash_key[1] ^ 0x7465646279746573u };
    size_t at = 0;
    do {
        size_t left = key.n - at;
        bool last = left < sizeof(uint64_t);
        uint64_t w = word_of(key.p + at, last ? left : sizeof(uint64_t));
        w |= last ? (uint64_t)key.n << 56 : 0;
        v[3] ^= w;
        sip_round(v);
        v[0] ^= w;
        at += sizeof(uint64_t);
    } while (at <= key.n);
    v[2] ^= 0xff;
    for (int i = 0; i < 3; i++) {
        sip_round(v);
    }
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

typedef struct place {
    shard *shard;
    slot *bucket;
} place;

static place place_of(const tlsc_memory_store *s, tlsc_bytes key)
{
    uint64_t hash = hash_of(s, key);
    shard *sh = &s->shards[(size_t)(hash >> 32) & (s->num_shards - 1)];
    return (place){ sh, &sh->buckets[(size_t)hash & (s->num_buckets - 1)] };
}

/* ---- a shard, locked ---- */

/* The link that leads to a key's entry; to NOWHERE if there is none. */
static slot *find(const place *p, tlsc_bytes key)
{
    slot *at = p->bucket;
    while (*at != NOWHERE) {
        entry *e = &p->shard->entries[*at];
        if (tlsc_bytes_equal(key, tlsc_bytes_of(e->key, e->key_n))) {
            break;
        }
        at = &e->next;
    }
    return at;
}

/* Where a neighbour in the order of age keeps its link to an entry. */
static slot *link_of(shard *sh, slot neighbour, bool older_side)
{
    if (neighbour == NOWHERE) {
        return older_side ? &sh->oldest : &sh->newest;
    }
    entry *e = &sh->entries[neighbour];
    return older_side ? &e->newer : &e->older;
}

/* Takes the entry that `at` leads to out of the table; its value is the caller's to free. */
static uint8_t *unlink_entry(shard *sh, slot *at)
{
    slot index = *at;
    entry *e = &sh->entries[index];
    uint8_t *value = e->value;
    *at = e->next;
    *link_of(sh, e->older, true) = e->newer;
    *link_of(sh, e->newer, false) = e->older;
    memset(e, 0, sizeof(*e));
    e->next = sh->free;
    sh->free = index;
    sh->num--;
    return value;
}

/* Makes room: takes the oldest out if nothing is free. */
static uint8_t *evict(const tlsc_memory_store *s, shard *sh)
{
    if (sh->free != NOWHERE) {
        return NULL;
    }
    entry *e = &sh->entries[sh->oldest];
    place p = place_of(s, tlsc_bytes_of(e->key, e->key_n));
    return unlink_entry(sh, find(&p, tlsc_bytes_of(e->key, e->key_n)));
}

static void link_entry(const place *p, tlsc_bytes key, uint8_t *value, size_t value_n,
                       int64_t until_ms)
{
    shard *sh = p->shard;
    slot index = sh->free;
    entry *e = &sh->entries[index];
    sh->free = e->next;
    *e = (entry){ .value = value,
                  .value_n = value_n,
                  .key_n = key.n,
                  .until_ms = until_ms,
                  .next = *p->bucket,
                  .older = sh->newest,
                  .newer = NOWHERE };
    tlsc_bytes_copy(e->key, key);
    *p->bucket = index;
    *link_of(sh, sh->newest, true) = index;
    sh->newest = index;
    sh->num++;
}

/* ---- the store's functions ---- */

static bool is_key(tlsc_bytes key)
{
    return key.n > 0 && key.n <= TLSC_STORE_KEY_MAX;
}

static tlsc_err put(void *ctx, tlsc_bytes key, tlsc_bytes value, uint32_t lifetime_s)
{
    const tlsc_memory_store *s = (const tlsc_memory_store *)ctx;
    if (!is_key(key) || value.n == 0 || value.n > TLSC_STORE_VALUE_MAX) {
        return TLSC_E_USAGE;
    }
    uint8_t *copy = (uint8_t *)tlsc_mem_dup(value); /* outside of the lock, as what is freed */
    if (copy == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    int64_t until_ms = s->now_ms(s->now_ctx) + (int64_t)lifetime_s * 1000;
    place p = place_of(s, key);
    (void)pthread_mutex_lock(&p.shard->lock);
    slot *at = find(&p, key);
    uint8_t *old = *at != NOWHERE ? unlink_entry(p.shard, at) : evict(s, p.shard);
    link_entry(&p, key, copy, value.n, until_ms);
    (void)pthread_mutex_unlock(&p.shard->lock);
    tlsc_mem_free(old);
    return TLSC_OK;
}

/* Copies a value out, and takes it out of the table where that is asked for or it is too old. */
static tlsc_err look_up(const tlsc_memory_store *s, tlsc_bytes key, bool remove, uint8_t *out,
                        size_t cap, size_t *n)
{
    *n = 0;
    if (!is_key(key)) {
        return TLSC_OK;
    }
    int64_t now_ms = s->now_ms(s->now_ctx);
    tlsc_err rc = TLSC_OK;
    uint8_t *gone = NULL;
    place p = place_of(s, key);
    (void)pthread_mutex_lock(&p.shard->lock);
    slot *at = find(&p, key);
    if (*at != NOWHERE) {
        const entry *e = &p.shard->entries[*at];
        bool alive = now_ms < e->until_ms;
        if (alive && e->value_n > cap) {
            rc = TLSC_E_TOO_SMALL;
        } else if (alive) {
            memcpy(out, e->value, e->value_n);
            *n = e->value_n;
        }
        if (!alive || (remove && rc == TLSC_OK)) {
            gone = unlink_entry(p.shard, at);
        }
    }
    (void)pthread_mutex_unlock(&p.shard->lock);
    tlsc_mem_free(gone);
    return rc;
}

static tlsc_err get(void *ctx, tlsc_bytes key, uint8_t *out, size_t cap, size_t *n, bool *later)
{
    *later = false;
    return look_up((const tlsc_memory_store *)ctx, key, false, out, cap, n);
}

static tlsc_err take(void *ctx, tlsc_bytes key, uint8_t *out, size_t cap, size_t *n, bool *later)
{
    *later = false;
    return look_up((const tlsc_memory_store *)ctx, key, true, out, cap, n);
}

tlsc_store tlsc_memory_store_as_store(tlsc_memory_store *store)
{
    return (tlsc_store){ .size = sizeof(tlsc_store),
                         .ctx = store,
                         .atomic_take = true,
                         .put = put,
                         .get = get,
                         .take = take };
}

size_t tlsc_memory_store_len(const tlsc_memory_store *s)
{
    size_t num = 0;
    for (size_t i = 0; i < s->num_shards; i++) {
        shard *sh = &s->shards[i];
        (void)pthread_mutex_lock(&sh->lock);
        num += sh->num;
        (void)pthread_mutex_unlock(&sh->lock);
    }
    return num;
}

/* ---- its life ---- */

static bool open_shard(const tlsc_memory_store *s, shard *sh)
{
    sh->entries = (entry *)tlsc_mem_zalloc(s->num_entries * sizeof(entry));
    sh->buckets = (slot *)tlsc_mem_alloc(s->num_buckets * sizeof(slot));
    if (sh->entries == NULL || sh->buckets == NULL) {
        return false;
    }
    memset(sh->buckets, 0xff, s->num_buckets * sizeof(slot)); /* NOWHERE */
    sh->oldest = NOWHERE;
    sh->newest = NOWHERE;
    sh->free = NOWHERE;
    for (size_t i = s->num_entries; i > 0; i--) {
        sh->entries[i - 1].next = sh->free;
        sh->free = (slot)(i - 1);
    }
    return true;
}

static void close_shard(const tlsc_memory_store *s, shard *sh)
{
    for (size_t i = 0; sh->entries != NULL && i < s->num_entries; i++) {
        tlsc_mem_free(sh->entries[i].value);
    }
    tlsc_mem_free(sh->entries);
    tlsc_mem_free(sh->buckets);
    (void)pthread_mutex_destroy(&sh->lock);
}

static void set_sizes(tlsc_memory_store *s, size_t capacity)
{
    s->num_shards = 1;
    while (s->num_shards < SHARDS_MAX && capacity / s->num_shards > SHARD_WORTH) {
        s->num_shards *= 2;
    }
    s->num_entries = (capacity + s->num_shards - 1) / s->num_shards;
    s->num_buckets = 1;
    while (s->num_buckets < s->num_entries) {
        s->num_buckets *= 2;
    }
}

/* Each lock has a cache line of its own; the allocator aligns to less. */
static tlsc_err open_shards(tlsc_memory_store *s)
{
    s->memory = tlsc_mem_zalloc(s->num_shards * sizeof(shard) + CACHE_LINE);
    if (s->memory == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    uint8_t *memory = (uint8_t *)s->memory;
    memory += (CACHE_LINE - (uintptr_t)memory % CACHE_LINE) % CACHE_LINE;
    s->shards = (shard *)(void *)memory;
    bool ok = true;
    for (size_t i = 0; i < s->num_shards; i++) {
        ok = pthread_mutex_init(&s->shards[i].lock, NULL) == 0 && ok;
    }
    for (size_t i = 0; ok && i < s->num_shards; i++) {
        ok = open_shard(s, &s->shards[i]);
    }
    return ok ? TLSC_OK : TLSC_E_NO_MEMORY;
}

tlsc_err tlsc_memory_store_new(size_t capacity, int64_t (*now_ms)(void *ctx), void *now_ctx,
                               tlsc_memory_store **out)
{
    *out = NULL;
    if (capacity == 0 || capacity > CAPACITY_MAX || now_ms == NULL) {
        return TLSC_E_USAGE;
    }
    tlsc_memory_store *s = (tlsc_memory_store *)tlsc_mem_zalloc(sizeof(*s));
    if (s == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    s->now_ms = now_ms;
    s->now_ctx = now_ctx;
    set_sizes(s, capacity);
    const tlsc_random *random = tlsc_provider_default()->random;
    tlsc_err rc = random->fill(random->ctx, (uint8_t *)s->hash_key, sizeof(s->hash_key));
    if (rc == TLSC_OK) {
        rc = open_shards(s);
    }
    if (rc != TLSC_OK) {
        tlsc_memory_store_free(s);
        return rc;
    }
    *out = s;
    return TLSC_OK;
}

void tlsc_memory_store_free(tlsc_memory_store *s)
{
    if (s == NULL) {
        return;
    }
    for (size_t i = 0; s->shards != NULL && i < s->num_shards; i++) {
        close_shard(s, &s->shards[i]);
    }
    tlsc_mem_free(s->memory);
    tlsc_mem_free(s);
}
