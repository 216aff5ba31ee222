/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/sodium/arena.c: secret keys in guarded memory.
 *
 * A guarded allocation costs four mappings and two pages more than it holds, so that one for each key of
 * a server with thousands of hosts would meet the kernel's limit on mappings. Keys share one, with room
 * for CHUNK_KEYS; it is a chain of several only where there are more keys than that. */
#include "crypto/sodium/arena.h"

#include <pthread.h>
#include <sodium.h>

#include "base/mem.h"

/* libsodium puts a canary of 16 bytes in front: with it this is just below four pages. */
enum { CHUNK_KEYS = 255 };

typedef struct chunk {
    struct chunk *next;
    uint8_t *keys; /* guarded, TLSC_ARENA_KEY_LEN bytes each */
    size_t num_used;
    bool used[CHUNK_KEYS];
} chunk;

/* The process's; what keys there are is nobody's configuration. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static chunk *chunks;

static chunk *new_chunk(void)
{
    chunk *c = (chunk *)tlsc_mem_zalloc(sizeof(*c));
    if (c == NULL) {
        return NULL;
    }
    c->keys = (uint8_t *)sodium_allocarray(CHUNK_KEYS, TLSC_ARENA_KEY_LEN);
    if (c->keys == NULL) {
        tlsc_mem_free(c);
        return NULL;
    }
    c->next = chunks;
    chunks = c;
    return c;
}

/* Wiping its pages is libsodium's, and so is making them writable for that. */
static void free_chunk(chunk *c)
{
    chunk **at = &chunks;
    while (*at != c) {
        at = &(*at)->next;
    }
    *at = c->next;
    sodium_free(c->keys);
    tlsc_mem_free(c);
}

static chunk *chunk_with_room(void)
{
    for (chunk *c = chunks; c != NULL; c = c->next) {
        if (c->num_used < CHUNK_KEYS) {
            return c;
        }
    }
    return new_chunk();
}

/* Other threads may be reading other keys of it: it never becomes unreadable. A system without memory
 * protection leaves it writable. */
static bool make_writable(const chunk *c)
{
    return sodium_mprotect_readwrite(c->keys) == 0;
}

static void make_readonly(const chunk *c)
{
    (void)sodium_mprotect_readonly(c->keys);
}

static const uint8_t *take(chunk *c, void (*fill)(uint8_t *key, void *ctx), void *ctx)
{
    size_t i = 0;
    while (c->used[i]) {
        i++;
    }
    if (!make_writable(c)) {
        return NULL;
    }
    uint8_t *key = c->keys + i * TLSC_ARENA_KEY_LEN;
    fill(key, ctx);
    make_readonly(c);
    c->used[i] = true;
    c->num_used++;
    return key;
}

const uint8_t *tlsc_arena_take(void (*fill)(uint8_t *key, void *ctx), void *ctx)
{
    const uint8_t *key = NULL;
    (void)pthread_mutex_lock(&lock);
    chunk *c = chunk_with_room();
    if (c != NULL) {
        key = take(c, fill, ctx);
        if (c->num_used == 0) {
            free_chunk(c);
        }
    }
    (void)pthread_mutex_unlock(&lock);
    return key;
}

static bool holds(const chunk *c, const uint8_t *key)
{
    uintptr_t first = (uintptr_t)c->keys;
    return (uintptr_t)key >= first && (uintptr_t)key - first < CHUNK_KEYS * TLSC_ARENA_KEY_LEN;
}

/* A key that can't be wiped keeps its place. */
static void give(chunk *c, const uint8_t *key)
{
    size_t at = (size_t)(key - c->keys);
    if (c->num_used == 1) {
        free_chunk(c);
    } else if (make_writable(c)) {
        tlsc_wipe(c->keys + at, TLSC_ARENA_KEY_LEN);
        make_readonly(c);
        c->used[at / TLSC_ARENA_KEY_LEN] = false;
        c->num_used--;
    }
}

void tlsc_arena_give(const uint8_t *key)
{
    if (key == NULL) {
        return;
    }
    (void)pthread_mutex_lock(&lock);
    for (chunk *c = chunks; c != NULL; c = c->next) {
        if (holds(c, key)) {
            give(c, key);
            break;
        }
    }
    (void)pthread_mutex_unlock(&lock);
}
