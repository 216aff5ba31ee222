/* SPDX-License-Identifier: Apache-2.0 */
/* api/extract.c: a connection's protection handed over to somebody else. */
#include <string.h>

#include "base/mem.h"
#include "base/try.h"
#include "conn/conn.h"
#include "record/protect12.h"
#include "record/protect13.h"

/* Key and IV of TLS 1.3 come from the secret, RFC 8446 7.3. */
static tlsc_err derive13(const tlsc_suite *suite, const tlsc_secret *secret, uint64_t seq,
                         tlsc_traffic_keys *out)
{
    TRY(tlsc_traffic_keys13(suite, secret, out->key, out->iv));
    out->key_len = suite->aead->key_len;
    out->iv_len = TLSC_AEAD_NONCE_LEN;
    out->seq = seq;
    memcpy(out->secret, secret->b, secret->n);
    out->secret_len = secret->n;
    return TLSC_OK;
}

static void take12(const tlsc_protect *p, const uint8_t *key, const uint8_t *iv,
                   tlsc_traffic_keys *out)
{
    out->key_len = p->suite->aead->key_len;
    memcpy(out->key, key, out->key_len);
    out->iv_len = (uint8_t)tlsc_protect12_iv_len(p->suite);
    memcpy(out->iv, iv, out->iv_len);
    out->seq = p->seq;
}

static tlsc_err take(const tlsc_conn *c, tlsc_secrets *out)
{
    const tlsc_protect *rd = &c->rl.rd;
    const tlsc_protect *wr = &c->rl.wr;
    const tlsc_keys12 *keys = &c->outcome.keys12;
    out->version = c->outcome.version;
    out->suite = wr->suite->id;
    if (out->version == TLSC_TLS13) {
        TRY(derive13(rd->suite, &rd->secret, rd->seq, &out->read));
        return derive13(wr->suite, &wr->secret, wr->seq, &out->write);
    }
    take12(rd, c->client ? keys->server_key : keys->client_key,
           c->client ? keys->server_iv : keys->client_iv, &out->read);
    take12(wr, c->client ? keys->client_key : keys->server_key,
           c->client ? keys->client_iv : keys->server_iv, &out->write);
    return TLSC_OK;
}

static tlsc_err check(const tlsc_conn *c)
{
    if (c->failure.code != TLSC_OK || c->read_closed || c->write_closed) {
        return TLSC_E_CLOSED;
    }
    if (c->hs != NULL || c->post != NULL || tlsc_join_pending(&c->join) || c->rl.out.n > 0 ||
        c->outcome.tickets_due > 0) {
        return TLSC_E_NOT_READY;
    }
    return c->outcome.config->allow_secret_extraction ? TLSC_OK : TLSC_E_UNSUPPORTED;
}

/* Two who count records under one key would say the same nonce twice. */
static void let_go(tlsc_conn *c)
{
    tlsc_protect_clear(&c->rl.rd);
    tlsc_protect_clear(&c->rl.wr);
    tlsc_keys12_clear(&c->outcome.keys12);
    c->write_closed = true; /* no alert is ours to send any more */
    (void)tlsc_conn_fail(c, TLSC_E_CLOSED);
}

tlsc_err tlsc_conn_extract_secrets(tlsc_conn *c, tlsc_secrets *out)
{
    memset(out, 0, sizeof(*out));
    TRY(check(c));
    tlsc_err rc = take(c, out);
    if (rc != TLSC_OK) {
        tlsc_wipe(out, sizeof(*out));
        return rc;
    }
    let_go(c);
    return TLSC_OK;
}

tlsc_err tlsc_traffic_keys_next(const tlsc_provider *provider, uint16_t suite,
                                tlsc_traffic_keys *keys)
{
    const tlsc_suite *s = tlsc_provider_suite(provider, suite);
    tlsc_secret secret = { .n = keys->secret_len };
    if (s == NULL || s->version != TLSC_TLS13 || keys->secret_len != s->hash->len) {
        return TLSC_E_USAGE;
    }
    memcpy(secret.b, keys->secret, keys->secret_len);
    tlsc_wipe(keys, sizeof(*keys));
    tlsc_err rc = tlsc_traffic_next13(s->hash, &secret);
    if (rc == TLSC_OK) {
        rc = derive13(s, &secret, 0, keys);
    }
    if (rc != TLSC_OK) {
        tlsc_wipe(keys, sizeof(*keys));
    }
    tlsc_secret_clear(&secret);
    return rc;
}
