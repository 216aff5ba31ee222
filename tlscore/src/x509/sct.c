/* SPDX-License-Identifier: Apache-2.0 */
/* x509/sct.c: reads lists of promises and checks each by its log's key. RFC 6962 3.2, 3.3 */
#include "x509/sct.h"

#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"
#include "x509/der_out.h"
#include "x509/digest.h"

enum {
    VERSION_1 = 0,
    CERTIFICATE_TIMESTAMP = 0, /* SignatureType */
    X509_ENTRY = 0,            /* LogEntryType */
    PRECERT_ENTRY = 1,
    HEAD_MAX = 64, /* bytes of a signed entry besides the certificate and the SCT's extensions */
    TAG_EXTENSIONS = TLSC_DER_CONTEXT_CONSTRUCTED | 3
};

static const uint8_t embedded_oid[] = { 0x2b, 0x06, 0x01, 0x04, 0x01,
                                        0xd6, 0x79, 0x02, 0x04, 0x02 };

static bool is_embedded(tlsc_bytes oid)
{
    return tlsc_bytes_equal(oid, tlsc_bytes_of(embedded_oid, sizeof(embedded_oid)));
}

tlsc_bytes tlsc_sct_embedded(const tlsc_certificate *c)
{
    tlsc_extension e;
    bool there =
        tlsc_certificate_extension(c, tlsc_bytes_of(embedded_oid, sizeof(embedded_oid)), &e);
    return there ? e.value : (tlsc_bytes){ NULL, 0 };
}

/* ---- one promise ---- */

typedef struct promise {
    bool known_version; /* else nothing else is here */
    tlsc_bytes log_id;
    uint64_t timestamp_ms;
    tlsc_bytes extensions;
    uint16_t scheme; /* HashAlgorithm and SignatureAlgorithm of RFC 5246 7.4.1.4.1 */
    tlsc_bytes signature;
} promise;

/* struct { Version sct_version; LogID id; uint64 timestamp; CtExtensions extensions<0..2^16-1>;
 *          digitally-signed struct { ... }; } SignedCertificateTimestamp;   RFC 6962 3.2 */
static tlsc_err read_promise(promise *out, tlsc_bytes sct)
{
    tlsc_rd r = tlsc_rd_of(sct);
    *out = (promise){ 0 };
    if (tlsc_rd_u8(&r) != VERSION_1 && !r.bad) {
        return TLSC_OK;
    }
    out->known_version = true;
    out->log_id = tlsc_rd_bytes(&r, TLSC_CT_ID_LEN);
    out->timestamp_ms = tlsc_rd_u64(&r);
    out->extensions = tlsc_rd_vec16(&r, 0, 65535);
    out->scheme = tlsc_rd_u16(&r);
    out->signature = tlsc_rd_vec16(&r, 0, 65535);
    return tlsc_rd_end(&r) == TLSC_OK ? TLSC_OK : TLSC_E_BAD_SCT;
}

/* ---- what the log signed ---- */

/* What stands in a TBSCertificate before its extensions. */
static tlsc_bytes before_extensions(tlsc_bytes tbs)
{
    tlsc_der d = tlsc_der_of(tbs);
    tlsc_der inside = tlsc_der_enter(&d, TLSC_DER_SEQUENCE);
    tlsc_rd start = inside.r;
    while (tlsc_der_more(&inside) && !tlsc_der_next_is(&inside, TAG_EXTENSIONS)) {
        uint8_t tag;
        (void)tlsc_der_any(&inside, &tag);
    }
    return tlsc_rd_bytes(&start, start.n - inside.r.n);
}

/* Splits the extensions around the embedded promises. */
static void split_extensions(tlsc_bytes extensions, tlsc_bytes *before, tlsc_bytes *after)
{
    tlsc_rd start = tlsc_rd_of(extensions);
    tlsc_der walk = tlsc_der_of(extensions);
    tlsc_extension e;
    size_t from = extensions.n; /* bytes left */
    *before = extensions;
    *after = (tlsc_bytes){ NULL, 0 };
    while (tlsc_extension_next(&walk, &e)) {
        if (is_embedded(e.oid)) {
            *before = tlsc_rd_bytes(&start, extensions.n - from);
            *after = walk.r.n > 0 ? tlsc_bytes_of(walk.r.p, walk.r.n) : *after;
            return;
        }
        from = walk.r.n;
    }
}

/* The TBSCertificate as it was in the precertificate: without the list, whose place in it then was the
 * poison's, and that isn't there either. RFC 6962 3.2 */
static void put_precert_tbs(tlsc_der_out *o, const tlsc_certificate *leaf)
{
    tlsc_bytes before;
    tlsc_bytes after;
    size_t from = o->n;
    split_extensions(leaf->extensions, &before, &after);
    if (before.n + after.n > 0) {
        tlsc_der_put(o, after);
        tlsc_der_put(o, before);
        tlsc_der_wrap(o, TLSC_DER_SEQUENCE, from);
        tlsc_der_wrap(o, TAG_EXTENSIONS, from);
    }
    tlsc_der_put(o, before_extensions(leaf->tbs));
    tlsc_der_wrap(o, TLSC_DER_SEQUENCE, from);
}

/* struct { opaque issuer_key_hash[32]; opaque TBSCertificate<1..2^24-1>; } PreCert;
 * opaque ASN.1Cert<1..2^24-1>; */
static bool put_entry(tlsc_der_out *o, const tlsc_sct_terms *terms, bool precert)
{
    size_t from = o->n;
    if (!precert) {
        tlsc_der_put(o, terms->leaf->der);
        tlsc_der_put_number(o, o->n - from, 3);
        return true;
    }
    uint8_t key_hash[TLSC_DIGEST_MAX];
    size_t n;
    put_precert_tbs(o, terms->leaf);
    tlsc_der_put_number(o, o->n - from, 3);
    if (!tlsc_digest(terms->provider, TLSC_DIGEST_SHA256, terms->issuer_key, key_hash, &n)) {
        return false;
    }
    tlsc_der_put(o, tlsc_bytes_of(key_hash, n));
    return true;
}

/* digitally-signed struct {
 *     Version sct_version; SignatureType signature_type = certificate_timestamp; uint64 timestamp;
 *     LogEntryType entry_type; select (entry_type) { ASN.1Cert; PreCert; } signed_entry;
 *     CtExtensions extensions<0..2^16-1>; };   RFC 6962 3.2 */
static tlsc_bytes write_signed(tlsc_der_out *o, const tlsc_sct_terms *terms, const promise *p,
                               bool precert)
{
    tlsc_der_put(o, p->extensions);
    tlsc_der_put_number(o, p->extensions.n, 2);
    if (!put_entry(o, terms, precert)) {
        return (tlsc_bytes){ NULL, 0 };
    }
    tlsc_der_put_number(o, precert ? PRECERT_ENTRY : X509_ENTRY, 2);
    tlsc_der_put_number(o, p->timestamp_ms, 8);
    tlsc_der_put_number(o, CERTIFICATE_TIMESTAMP, 1);
    tlsc_der_put_number(o, VERSION_1, 1);
    return tlsc_der_out_bytes(o);
}

/* Logs have P-256 or RSA keys, and use SHA-256. RFC 6962 2.1.4 */
static bool scheme_fits(const tlsc_ct_known *log, uint16_t scheme)
{
    return scheme == (log->kind == TLSC_SPKI_P256 ? TLSC_SIG_ECDSA_P256_SHA256
                                                  : TLSC_SIG_RSA_PKCS1_SHA256);
}

static tlsc_err check_signature(const tlsc_sct_terms *terms, const promise *p,
                                const tlsc_ct_known *log, bool precert, tlsc_sct_status *status)
{
    *status = TLSC_SCT_BAD_SIGNATURE;
    if (!scheme_fits(log, p->scheme)) {
        return TLSC_OK;
    }
    if (!tlsc_work_take(terms->work, &terms->work->left.signatures, log->weight)) {
        return TLSC_E_VERIFY_BUDGET;
    }
    size_t cap = terms->leaf->der.n + p->extensions.n + HEAD_MAX;
    uint8_t *room = (uint8_t *)tlsc_mem_alloc(cap);
    if (room == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    tlsc_der_out o = tlsc_der_out_of(room, cap);
    tlsc_bytes message = write_signed(&o, terms, p, precert);
    tlsc_err rc = message.n == 0 ? TLSC_E_BAD_SIGNATURE
                                 : tlsc_provider_verify(terms->provider, p->scheme, log->key,
                                                        message, p->signature);
    tlsc_mem_free(room);
    if (rc == TLSC_OK) {
        *status = TLSC_SCT_VALID;
    }
    return rc == TLSC_E_NO_MEMORY ? rc : TLSC_OK;
}

/* ---- what becomes of it ---- */

static size_t find_log(const tlsc_ct_logs *logs, tlsc_bytes id)
{
    size_t low = 0;
    size_t high = logs->num;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = memcmp(logs->known[middle].id, id.p, TLSC_CT_ID_LEN);
        if (order == 0) {
            return middle;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return logs->num;
}

static int64_t milliseconds(uint64_t v)
{
    return v > INT64_MAX ? INT64_MAX : (int64_t)v;
}

/* Cheap questions first. */
static tlsc_err judge(const tlsc_sct_terms *terms, const promise *p, tlsc_sct *sct, size_t *at)
{
    const tlsc_ct_logs *logs = terms->logs;
    bool precert = sct->source == TLSC_SCT_EMBEDDED;
    if (logs == NULL || (precert && terms->issuer_key.n == 0)) {
        return TLSC_OK;
    }
    *at = find_log(logs, p->log_id);
    if (*at == logs->num) {
        sct->status = TLSC_SCT_UNKNOWN_LOG;
        return TLSC_OK;
    }
    const tlsc_ct_known *log = &logs->known[*at];
    if (sct->timestamp_ms > terms->now_ms) {
        sct->status = TLSC_SCT_FROM_FUTURE;
        return TLSC_OK;
    }
    int64_t s = sct->timestamp_ms / 1000;
    if (s < log->from_s || s >= log->until_s) {
        sct->status = TLSC_SCT_LOG_NOT_ACCEPTED;
        return TLSC_OK;
    }
    return check_signature(terms, p, log, precert, &sct->status);
}

static tlsc_err read_one(const tlsc_sct_terms *terms, tlsc_sct_source source, tlsc_bytes bytes,
                         tlsc_sct_tell *tell, void *ctx)
{
    promise p;
    size_t at = terms->logs == NULL ? 0 : terms->logs->num;
    tlsc_sct sct = { .source = source, .status = TLSC_SCT_UNKNOWN_VERSION };
    TRY(read_promise(&p, bytes));
    if (p.known_version) {
        sct.status = TLSC_SCT_UNCHECKED;
        sct.log_id = p.log_id;
        sct.timestamp_ms = milliseconds(p.timestamp_ms);
        TRY(judge(terms, &p, &sct, &at));
    }
    tell(ctx, &sct, at);
    return TLSC_OK;
}

/* opaque SerializedSCT<1..2^16-1>;
 * struct { SerializedSCT sct_list<1..2^16-1>; } SignedCertificateTimestampList;   RFC 6962 3.3 */
tlsc_err tlsc_sct_list_read(const tlsc_sct_terms *terms, tlsc_sct_source source, tlsc_bytes list,
                            tlsc_sct_tell *tell, void *ctx)
{
    tlsc_rd r = tlsc_rd_of(list);
    tlsc_rd scts = tlsc_rd_of(tlsc_rd_vec16(&r, 1, 65535));
    if (tlsc_rd_end(&r) != TLSC_OK) {
        return TLSC_E_BAD_SCT;
    }
    while (tlsc_rd_more(&scts)) {
        tlsc_bytes sct = tlsc_rd_vec16(&scts, 1, 65535);
        if (sct.n > 0) {
            TRY(read_one(terms, source, sct, tell, ctx));
        }
    }
    return tlsc_rd_end(&scts) == TLSC_OK ? TLSC_OK : TLSC_E_BAD_SCT;
}

tlsc_err tlsc_sct_extension_read(const tlsc_sct_terms *terms, tlsc_sct_source source,
                                 tlsc_bytes value, tlsc_sct_tell *tell, void *ctx)
{
    tlsc_der d = tlsc_der_of(value);
    tlsc_bytes list = tlsc_der_get(&d, TLSC_DER_OCTET_STRING);
    if (tlsc_der_end(&d) != TLSC_OK) {
        return TLSC_E_BAD_SCT;
    }
    return tlsc_sct_list_read(terms, source, list, tell, ctx);
}
