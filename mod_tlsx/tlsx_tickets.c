/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_tickets.c: the ring of ticket keys.
 *
 *      previous           current            next
 *      |-- lifetime --|...|-- lifetime --|...|-- lifetime --|...
 *                          ^ now
 *
 * The current key seals; all three open. A ticket lives one lifetime at most, so the previous key
 * is needed for one lifetime after its own, and no longer. The next key stands ready before its
 * time: children go over to it by the clock, in step, though the parent looks here only every ten
 * seconds or so. The dots are a grace of a few seconds: a key goes on sealing if the parent comes
 * late to put a successor there; where there is one, it takes over without delay, since the
 * youngest key in force seals. */
#include "tlsx_tickets.h"

#include <stdatomic.h>
#include <string.h>

enum { SLOTS = 4, GRACE_MS = 5000 };

enum { PREVIOUS, CURRENT, NEXT };

/* A set of keys as it is published: never changed while it is the one in force. */
typedef struct slot {
    uint32_t lifetime_s; /* that it was made for */
    uint32_t reserved;
    tlsc_ticket_keys keys;
} slot;

struct tlsx_ring {
    /* How many sets were published; the last one is in slots[(published - 1) % SLOTS]. */
    _Atomic uint32_t published;
    uint32_t reserved;
    slot slots[SLOTS];
};

size_t tlsx_ring_size(void)
{
    return sizeof(tlsx_ring);
}

/* ---- reading ---- */

static bool try_read(const tlsx_ring *ring, tlsc_ticket_keys *out)
{
    uint32_t before = atomic_load_explicit(&ring->published, memory_order_acquire);

    if (before == 0) {
        return false;
    }
    memcpy(out, &ring->slots[(before - 1) % SLOTS].keys, sizeof(*out));
    atomic_thread_fence(memory_order_acquire);
    return atomic_load_explicit(&ring->published, memory_order_relaxed) == before;
}

tlsc_err tlsx_ring_read(const tlsx_ring *ring, tlsc_ticket_keys *out)
{
    if ((try_read(ring, out) || try_read(ring, out)) && out->num <= TLSC_TICKET_KEYS_MAX) {
        return TLSC_OK;
    }
    tlsc_ticket_keys_clear(out);
    return TLSC_E_NO_TICKET_KEY;
}

/* ---- writing ---- */

/* The slot is written whole, then published by one store: a writer that dies in between has changed
 * nothing, and no reader looks at a slot that is being written. */
static void publish(tlsx_ring *ring, const slot *set)
{
    uint32_t published = atomic_load_explicit(&ring->published, memory_order_relaxed);

    memcpy(&ring->slots[published % SLOTS], set, sizeof(*set));
    atomic_store_explicit(&ring->published, published + 1, memory_order_release);
}

static int64_t span_ms(uint32_t lifetime_s)
{
    return (int64_t)lifetime_s * 1000;
}

static tlsc_err make_key(const tlsc_provider *provider, int64_t from_ms, uint32_t lifetime_s,
                         tlsc_ticket_key *out)
{
    return tlsc_ticket_key_new(provider, from_ms, from_ms + span_ms(lifetime_s) + GRACE_MS, out);
}

/* Starts over: a first set, a lifetime that was changed, or a clock that jumped. Tickets of the
 * current key go on to resume. */
static tlsc_err start(slot *set, const tlsc_provider *provider, int64_t now_ms, uint32_t lifetime_s)
{
    tlsc_ticket_key *keys = set->keys.keys;
    tlsc_err err;

    if (set->keys.num == TLSC_TICKET_KEYS_MAX) {
        keys[PREVIOUS] = keys[CURRENT];
    } else {
        err = make_key(provider, now_ms - 2 * span_ms(lifetime_s), lifetime_s, &keys[PREVIOUS]);
        if (err != TLSC_OK) {
            return err;
        }
    }
    if (keys[PREVIOUS].until_ms > now_ms) {
        keys[PREVIOUS].until_ms = now_ms; /* it opens, but seals no more */
    }
    err = make_key(provider, now_ms, lifetime_s, &keys[CURRENT]);
    if (err == TLSC_OK) {
        err = make_key(provider, now_ms + span_ms(lifetime_s), lifetime_s, &keys[NEXT]);
    }
    set->keys.num = TLSC_TICKET_KEYS_MAX;
    set->lifetime_s = lifetime_s;
    return err;
}

/* One step: the next key becomes the current one. */
static tlsc_err shift(slot *set, const tlsc_provider *provider)
{
    tlsc_ticket_key *keys = set->keys.keys;

    keys[PREVIOUS] = keys[CURRENT];
    keys[CURRENT] = keys[NEXT];
    return make_key(provider, keys[CURRENT].from_ms + span_ms(set->lifetime_s), set->lifetime_s,
                    &keys[NEXT]);
}

/* True if the set is of use for this time and lifetime, perhaps after a few steps. */
static bool is_in_step(const slot *set, int64_t now_ms, uint32_t lifetime_s)
{
    const tlsc_ticket_key *current = &set->keys.keys[CURRENT];

    return set->keys.num == TLSC_TICKET_KEYS_MAX && set->lifetime_s == lifetime_s &&
           now_ms >= current->from_ms && now_ms < current->from_ms + 3 * span_ms(lifetime_s);
}

tlsc_err tlsx_ring_rotate(tlsx_ring *ring, const tlsc_provider *provider, int64_t now_ms,
                          uint32_t lifetime_s, bool *changed)
{
    slot set;
    tlsc_err err = TLSC_OK;
    uint32_t published = atomic_load_explicit(&ring->published, memory_order_relaxed);

    *changed = false;
    memset(&set, 0, sizeof(set));
    if (published) {
        memcpy(&set, &ring->slots[(published - 1) % SLOTS], sizeof(set));
    }
    if (!is_in_step(&set, now_ms, lifetime_s)) {
        err = start(&set, provider, now_ms, lifetime_s);
        *changed = true;
    }
    while (err == TLSC_OK && now_ms >= set.keys.keys[NEXT].from_ms) {
        err = shift(&set, provider);
        *changed = true;
    }
    *changed = *changed && err == TLSC_OK;
    if (*changed) {
        publish(ring, &set);
    }
    tlsc_ticket_keys_clear(&set.keys);
    return err;
}
