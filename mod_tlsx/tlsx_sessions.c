/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_sessions.c: sessions in shared memory.
 *
 * A table of sets of four slots; a key's hash says which set. Each slot has a count, odd while
 * somebody writes: who wants to write makes it odd, readers copy and look whether it stayed the
 * same. A child that is killed in between leaves it odd; after a while others help themselves to
 * the slot. Should the first writer still be there then, two write at once: what comes of that
 * opens with no key, and its client makes a full handshake. */
#include "tlsx_sessions.h"

#include <stdatomic.h>
#include <string.h>

enum {
    SETS = 512,
    WAYS = 4,
    KEY_LEN = TLSC_STORE_KEY_MAX,
    VALUE_MAX = 456,   /* a sealed session without certificates has 200 bytes and its names */
    PATIENCE_MS = 5000 /* with a writer */
};

/* 512 bytes. */
typedef struct slot {
    _Atomic uint32_t count; /* odd: being written */
    uint32_t len;
    _Atomic int64_t since_ms; /* when it was last made odd */
    _Atomic int64_t until_ms; /* 0: empty */
    uint8_t key[KEY_LEN];
    uint8_t value[VALUE_MAX];
} slot;

struct tlsx_sessions {
    slot slots[SETS][WAYS];
};

size_t tlsx_sessions_size(void)
{
    return sizeof(tlsx_sessions);
}

/* FNV-1a. Keys are random, but whoever asks for one may have made it up: that costs him alone. */
static slot *set_of(tlsx_sessions *sessions, tlsc_bytes key)
{
    uint32_t hash = 2166136261u;

    for (size_t i = 0; i < key.n; i++) {
        hash = (hash ^ key.p[i]) * 16777619u;
    }
    return sessions->slots[(hash ^ hash >> 16) % SETS];
}

static bool has_key(const slot *s, tlsc_bytes key)
{
    return memcmp(s->key, key.p, KEY_LEN) == 0;
}

/* ---- writing ---- */

/* Makes the slot this writer's; `*count` is what release wants. */
static bool claim(slot *s, int64_t now_ms, uint32_t *count)
{
    uint32_t seen = atomic_load_explicit(&s->count, memory_order_acquire);
    int64_t since_ms = atomic_load_explicit(&s->since_ms, memory_order_relaxed);
    bool is_free = seen % 2 == 0;

    if (!is_free && now_ms - since_ms < PATIENCE_MS) {
        return false;
    }
    *count = seen + (is_free ? 1 : 2);
    /* before the count: who sees that odd must not take the time of the writer before for ours */
    atomic_store_explicit(&s->since_ms, now_ms, memory_order_relaxed);
    if (!atomic_compare_exchange_strong(&s->count, &seen, *count)) {
        return false;
    }
    atomic_thread_fence(memory_order_release); /* nobody sees what follows under the old count */
    return true;
}

/* False where the slot was taken away; then it is somebody else's to release. */
static bool release(slot *s, uint32_t count)
{
    return atomic_compare_exchange_strong(&s->count, &count, count + 1);
}

/* The slot with that key, else the one that ends first; an empty one has ended. */
static slot *victim(slot *set, tlsc_bytes key)
{
    slot *best = set;

    for (size_t i = 0; i < WAYS; i++) {
        if (has_key(&set[i], key)) {
            return &set[i];
        }
        if (atomic_load_explicit(&set[i].until_ms, memory_order_relaxed) <
            atomic_load_explicit(&best->until_ms, memory_order_relaxed)) {
            best = &set[i];
        }
    }
    return best;
}

bool tlsx_sessions_put(tlsx_sessions *sessions, tlsc_bytes key, tlsc_bytes value, int64_t now_ms,
                       int64_t until_ms)
{
    slot *s;
    uint32_t count;

    if (key.n != KEY_LEN || value.n > VALUE_MAX) {
        return false;
    }
    s = victim(set_of(sessions, key), key);
    if (!claim(s, now_ms, &count)) {
        return false;
    }
    s->len = (uint32_t)value.n;
    memcpy(s->key, key.p, KEY_LEN);
    memcpy(s->value, value.p, value.n);
    atomic_store_explicit(&s->until_ms, until_ms, memory_order_relaxed);
    return release(s, count);
}

/* ---- reading ---- */

/* Copies a slot's value if it is the one, whoever writes meanwhile. Its length is another process's
 * word. */
static size_t copy(const slot *s, tlsc_bytes key, int64_t now_ms, uint8_t *out, size_t cap)
{
    size_t len = *(const volatile uint32_t *)&s->len; /* read once */

    if (!has_key(s, key) || len > VALUE_MAX || len > cap ||
        atomic_load_explicit(&s->until_ms, memory_order_relaxed) <= now_ms) {
        return 0;
    }
    memcpy(out, s->value, len);
    return len;
}

size_t tlsx_sessions_get(tlsx_sessions *sessions, tlsc_bytes key, int64_t now_ms, uint8_t *out,
                         size_t cap)
{
    slot *set = key.n == KEY_LEN ? set_of(sessions, key) : NULL;

    for (size_t i = 0; set && i < WAYS; i++) {
        uint32_t count = atomic_load_explicit(&set[i].count, memory_order_acquire);
        size_t len = count % 2 == 0 ? copy(&set[i], key, now_ms, out, cap) : 0;

        atomic_thread_fence(memory_order_acquire);
        if (len > 0 && atomic_load_explicit(&set[i].count, memory_order_relaxed) == count) {
            return len;
        }
    }
    return 0;
}

size_t tlsx_sessions_take(tlsx_sessions *sessions, tlsc_bytes key, int64_t now_ms, uint8_t *out,
                          size_t cap)
{
    slot *set = key.n == KEY_LEN ? set_of(sessions, key) : NULL;
    size_t len = 0;
    uint32_t count;

    for (size_t i = 0; set && len == 0 && i < WAYS; i++) {
        if (!has_key(&set[i], key) || !claim(&set[i], now_ms, &count)) {
            continue;
        }
        len = copy(&set[i], key, now_ms, out, cap);
        if (len > 0) {
            memset(set[i].key, 0, KEY_LEN);
            atomic_store_explicit(&set[i].until_ms, 0, memory_order_relaxed);
        }
        if (!release(&set[i], count)) {
            len = 0; /* who took the slot away may have taken the session out, too */
        }
    }
    return len;
}
