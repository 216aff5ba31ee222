/* SPDX-License-Identifier: Apache-2.0 */
/* test/fuzz/crl.c: CRLs read, kept in a table, and held against a certificate's distribution points. Bytes: a
 * serial number behind a length of one byte, a cRLDistributionPoints extension's value behind one of two, then the
 * CRL. */
#include <string.h>

#include "base/bytes.h"
#include "base/try.h"
#include "fuzz.h"
#include "x509/revocation.h"

enum { ASKED_MAX = 200 };

static void inside(tlsc_bytes whole, tlsc_bytes part)
{
    must(part.n == 0 || (part.p >= whole.p && part.n <= whole.n &&
                         (size_t)(part.p - whole.p) <= whole.n - part.n));
}

/* What was read lies in the input, and within its bounds. */
static void check_fields(const tlsc_crl *crl, tlsc_bytes der)
{
    const tlsc_bytes views[] = { crl->tbs,    crl->signature,        crl->issuer, crl->revoked,
                                 crl->number, crl->authority_key_id, crl->points };
    for (size_t i = 0; i < TLSC_COUNT(views); i++) {
        inside(der, views[i]);
    }
    must(crl->scheme != 0 && crl->issuer.n >= 2);
    must(crl->version == 1 || (crl->version == 2));
    must(crl->version == 2 || (!crl->has_number && !crl->has_points && !crl->only_users && !crl->only_cas));
    must(crl->number.n <= TLSC_CRL_NUMBER_MAX && !(crl->only_users && crl->only_cas));
    must(crl->has_points == (crl->points.n > 0));
}

/* The first entry with this serial number: the one that counts. */
static bool first_of(const tlsc_crl *crl, tlsc_bytes serial, tlsc_crl_revoked *out)
{
    tlsc_crl_walk walk = tlsc_crl_walk_of(crl);
    while (tlsc_crl_next(&walk, out)) {
        if (tlsc_bytes_equal(out->serial, serial)) {
            return true;
        }
    }
    return false;
}

/* The table says what the list says. */
static void ask(const tlsc_crl *crl, const tlsc_crl_table *table, const tlsc_hmac *key, tlsc_bytes serial)
{
    tlsc_crl_revoked listed;
    tlsc_crl_revoked found;
    bool is_listed = first_of(crl, serial, &listed);
    must(tlsc_crl_table_find(table, tlsc_crl_key_of(key, serial), &found) == is_listed);
    if (is_listed) {
        int64_t date = listed.date_s < 0 ? 0 : listed.date_s > UINT32_MAX ? UINT32_MAX : listed.date_s;
        must(found.reason == listed.reason && found.date_s == date && found.reason <= 10);
    }
}

static void check_table(const tlsc_crl *crl, tlsc_bytes serial)
{
    static tlsc_hmac key;
    tlsc_crl_table table;
    tlsc_crl_revoked r;
    size_t num = 0;
    if (key.hash == NULL) {
        tlsc_hmac_init(&key, tlsc_provider_default()->ticket_hash, tlsc_bytes_of("a key", 5));
    }
    if (tlsc_crl_table_fill(&table, crl, &key) != TLSC_OK) {
        return; /* memory */
    }
    ask(crl, &table, &key, serial);
    tlsc_crl_walk walk = tlsc_crl_walk_of(crl);
    while (tlsc_crl_next(&walk, &r)) {
        inside(crl->revoked, r.serial);
        if (num++ < ASKED_MAX) {
            ask(crl, &table, &key, r.serial);
        }
    }
    must(tlsc_der_end(&walk.d) == TLSC_OK && !walk.unsupported && num == crl->num_revoked);
    tlsc_crl_table_clear(&table);
}

static void check_scope(const tlsc_crl *crl, tlsc_bytes extension)
{
    tlsc_crl_scope scope;
    tlsc_crl_kept kept = { .points = crl->points,
                           .has_points = crl->has_points,
                           .only_users = crl->only_users,
                           .only_cas = crl->only_cas };
    tlsc_node node = { .c.issuer = crl->issuer, .e.crl_points = extension };
    tlsc_work work = { .left = { 100, 1000, 1000, 100000 } };
    tlsc_err rc = tlsc_crl_covers(&kept, &node, &work, &scope);
    must(rc == TLSC_OK || rc == TLSC_E_BAD_EXTENSION || rc == TLSC_E_VERIFY_BUDGET);
    must(rc == TLSC_OK || scope == TLSC_CRL_OTHER);
    must((rc == TLSC_E_VERIFY_BUDGET) == work.exhausted);
    must(crl->has_points || crl->only_cas || (rc == TLSC_OK && scope == TLSC_CRL_COVERS));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    tlsc_crl crl;
    tlsc_rd r = tlsc_rd_of(tlsc_bytes_of(data, size));
    tlsc_bytes serial = tlsc_rd_vec8(&r, 0, 0xff);
    tlsc_bytes extension = tlsc_rd_vec16(&r, 0, 0xffff);
    tlsc_bytes der = tlsc_rd_rest(&r);
    tlsc_err rc = tlsc_crl_parse(&crl, der);
    if (rc == TLSC_OK) {
        check_fields(&crl, der);
        check_table(&crl, serial);
        check_scope(&crl, extension);
    } else {
        must(rc == TLSC_E_BAD_DER || rc == TLSC_E_BAD_CRL || rc == TLSC_E_CRL_UNSUPPORTED);
        must(crl.tbs.p == NULL && crl.num_revoked == 0);
    }
    return 0;
}
