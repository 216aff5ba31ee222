/* SPDX-License-Identifier: Apache-2.0 */
/* keys/ticket_keys.c: the keys of the ring, as tlscore/session.h has them. */
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"
#include "keys/ticket_seal.h"

tlsc_err tlsc_ticket_key_new(const tlsc_provider *provider, int64_t from_ms, int64_t until_ms,
                             tlsc_ticket_key *out)
{
    memset(out, 0, sizeof(*out));
    const tlsc_random *random = provider->random;
    tlsc_err rc = random->fill(random->ctx, out->name, sizeof(out->name));
    if (rc == TLSC_OK) {
        rc = random->fill(random->ctx, out->key, sizeof(out->key));
    }
    if (rc != TLSC_OK) {
        tlsc_wipe(out, sizeof(*out));
        return rc;
    }
    out->from_ms = from_ms;
    out->until_ms = until_ms;
    return TLSC_OK;
}

void tlsc_ticket_keys_clear(tlsc_ticket_keys *keys)
{
    tlsc_wipe(keys, sizeof(*keys));
}

tlsc_err tlsc_ticket_open(const tlsc_provider *provider, const tlsc_ticket_keys *keys,
                          tlsc_bytes ticket, uint8_t *out, size_t cap, size_t *out_len)
{
    *out_len = 0;
    tlsc_buf session = tlsc_buf_of(ticket.n);
    tlsc_err rc = tlsc_ticket_unseal(provider, keys, ticket, &session);
    if (rc == TLSC_OK && session.n > cap) {
        rc = TLSC_E_TOO_SMALL;
    }
    if (rc == TLSC_OK) {
        tlsc_bytes_copy(out, tlsc_buf_bytes(&session));
        *out_len = session.n;
    }
    tlsc_buf_clear(&session);
    return rc;
}
