/* SPDX-License-Identifier: Apache-2.0 */
/* api/exporter.c: keying material for the application, RFC 8446 7.5, RFC 5705. */
#include <string.h>

#include "base/mem.h"
#include "base/try.h"
#include "conn/conn.h"

enum { LABEL_MAX = 249, HASHES_MAX = 255 };

/* What TLS 1.2 uses the master secret for itself. RFC 5705 4, RFC 7627 8 */
static bool is_reserved(const char *label)
{
    static const char *const labels[] = { "client finished", "server finished", "master secret",
                                          "key expansion", "extended master secret" };
    for (size_t i = 0; i < TLSC_COUNT(labels); i++) {
        if (strcmp(label, labels[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* in: the hash of the version's exporter; NULL: not known yet. */
static tlsc_err check(const tlsc_conn *c, const tlsc_hash *hash, size_t n, const char *label)
{
    const tlsc_config *config = c->outcome.config;
    if (label == NULL || strlen(label) > LABEL_MAX || is_reserved(label) || n == 0) {
        return TLSC_E_USAGE;
    }
    if (c->failure.code != TLSC_OK) {
        return TLSC_E_CLOSED;
    }
    if (config == NULL || hash == NULL) {
        return TLSC_E_NOT_READY;
    }
    if (!config->allow_export || c->export_ended) {
        return TLSC_E_UNSUPPORTED;
    }
    return n > (size_t)HASHES_MAX * hash->len ? TLSC_E_USAGE : TLSC_OK;
}

/* The traffic secrets are there, and the peer's Finished, unless data may go without it. */
static bool is_ready(const tlsc_conn *c)
{
    bool half_rtt = !c->client && c->hs != NULL && c->hs->may_write;
    return (c->hs == NULL || half_rtt) && c->outcome.exporter.n > 0;
}

tlsc_err tlsc_conn_export(const tlsc_conn *c, uint8_t *out, size_t n, const char *label,
                          tlsc_bytes context, bool has_context)
{
    const tlsc_outcome *o = &c->outcome;
    tlsc_wipe(out, n);
    TRY(check(c, o->suite != NULL ? o->suite->hash : NULL, n, label));
    if (!is_ready(c)) {
        return TLSC_E_NOT_READY;
    }
    if (o->version == TLSC_TLS13) {
        tlsc_bytes nothing = { NULL, 0 };
        return tlsc_export13(o->suite->hash, &o->exporter, label, has_context ? context : nothing,
                             out, n);
    }
    if (!o->extended_master_secret) {
        return TLSC_E_UNSUPPORTED;
    }
    return tlsc_export12(o->suite->hash, &o->exporter, label, o->client_random, o->server_random,
                         context, has_context, out, n);
}

tlsc_err tlsc_conn_export_early(const tlsc_conn *c, uint8_t *out, size_t n, const char *label,
                                tlsc_bytes context)
{
    const tlsc_outcome *o = &c->outcome;
    tlsc_wipe(out, n);
    TRY(check(c, o->early_hash, n, label));
    return tlsc_export13(o->early_hash, &o->early_exporter, label, context, out, n);
}

void tlsc_conn_end_export(tlsc_conn *c)
{
    tlsc_secret_clear(&c->outcome.exporter);
    tlsc_secret_clear(&c->outcome.early_exporter);
    c->export_ended = true;
}
