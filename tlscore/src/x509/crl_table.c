/* SPDX-License-Identifier: Apache-2.0 */
/* x509/crl_table.c: a hash table with linear probing. */
#include "x509/crl_table.h"

#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"

enum { REASON_MASK = 0xf };

tlsc_crl_key tlsc_crl_key_of(const tlsc_hmac *key, tlsc_bytes serial)
{
    uint8_t digest[TLSC_HASH_MAX];
    tlsc_crl_key out;
    tlsc_hmac_of(key, &serial, 1, digest);
    memcpy(out.hash, digest, sizeof(out.hash)); /* of any byte order: it stays in this process */
    out.hash[3] &= ~(uint32_t)REASON_MASK;
    return out;
}

/* Where a number belongs if its slot isn't taken. */
static uint32_t home_of(const tlsc_crl_table *table, tlsc_crl_key key)
{
    return (uint32_t)((uint64_t)key.hash[0] * table->num_slots >> 32);
}

static bool is_free(const tlsc_crl_slot *slot)
{
    return (slot->hash[3] & REASON_MASK) == 0;
}

static bool holds(const tlsc_crl_slot *slot, tlsc_crl_key key)
{
    return slot->hash[0] == key.hash[0] && slot->hash[1] == key.hash[1] &&
           slot->hash[2] == key.hash[2] && (slot->hash[3] & ~(uint32_t)REASON_MASK) == key.hash[3];
}

/* The slot that holds it, or the free one where it would be put: there is always one. */
static tlsc_crl_slot *slot_of(const tlsc_crl_table *table, tlsc_crl_key key)
{
    uint32_t i = home_of(table, key);
    while (!is_free(&table->slots[i]) && !holds(&table->slots[i], key)) {
        i = i + 1 == table->num_slots ? 0 : i + 1;
    }
    return &table->slots[i];
}

static uint32_t date_of(int64_t s)
{
    return s < 0 ? 0 : s > UINT32_MAX ? UINT32_MAX : (uint32_t)s;
}

tlsc_err tlsc_crl_table_fill(tlsc_crl_table *out, const tlsc_crl *crl, const tlsc_hmac *key)
{
    tlsc_crl_revoked revoked;
    *out = (tlsc_crl_table){ 0 };
    if (crl->num_revoked == 0) {
        return TLSC_OK;
    }
    size_t num_slots = crl->num_revoked + crl->num_revoked / 2 + 1;
    if (num_slots > UINT32_MAX) {
        return TLSC_E_NO_MEMORY;
    }
    out->slots = (tlsc_crl_slot *)tlsc_mem_zalloc(num_slots * sizeof(*out->slots));
    if (out->slots == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    out->num_slots = (uint32_t)num_slots;
    tlsc_crl_walk walk = tlsc_crl_walk_of(crl);
    while (tlsc_crl_next(&walk, &revoked)) {
        tlsc_crl_key k = tlsc_crl_key_of(key, revoked.serial);
        tlsc_crl_slot *slot = slot_of(out, k);
        if (is_free(slot)) {
            memcpy(slot->hash, k.hash, sizeof(slot->hash));
            slot->hash[3] |= revoked.reason + 1;
            slot->date_s = date_of(revoked.date_s);
        }
    }
    return TLSC_OK;
}

bool tlsc_crl_table_find(const tlsc_crl_table *table, tlsc_crl_key key, tlsc_crl_revoked *out)
{
    *out = (tlsc_crl_revoked){ 0 };
    if (table->num_slots == 0) {
        return false;
    }
    const tlsc_crl_slot *slot = slot_of(table, key);
    if (is_free(slot)) {
        return false;
    }
    out->date_s = slot->date_s;
    out->reason = (slot->hash[3] & REASON_MASK) - 1;
    return true;
}

void tlsc_crl_table_clear(tlsc_crl_table *table)
{
    tlsc_mem_free(table->slots);
    *table = (tlsc_crl_table){ 0 };
}
