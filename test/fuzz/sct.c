/* SPDX-License-Identifier: Apache-2.0 */
/* test/fuzz/sct.c: lists of SCTs in TLS, certificates and OCSP responses, with signatures that verify as the
 * input says. Bytes: a bit for each signature, over and over; then the leaf's and the issuer's certificate, the
 * list in TLS and the response behind lengths of two bytes; what is left is the key of a log. */
#include "base/bytes.h"
#include "fuzz.h"
#include "tlscore.h"
#include "wire/reader.h"

enum { ROOM = 8 };

static const int64_t now_ms = INT64_C(1798761600000);
static uint8_t good_bits;
static unsigned asked;
static unsigned good;

static tlsc_err verify(uint16_t scheme, tlsc_bytes spki, tlsc_bytes message, tlsc_bytes signature)
{
    must(scheme == TLSC_SIG_ECDSA_P256_SHA256 || scheme == TLSC_SIG_RSA_PKCS1_SHA256);
    must(spki.n > 0 && message.n > 12 && message.p[0] == 0 && message.p[1] == 0);
    (void)signature;
    bool fine = (good_bits >> asked++ % 8 & 1) != 0;
    good += fine ? 1 : 0;
    return fine ? TLSC_OK : TLSC_E_BAD_SIGNATURE;
}

static void check(const tlsc_provider *provider, const tlsc_ct_logs *logs, const tlsc_sct_places *places)
{
    tlsc_sct out[ROOM] = { 0 };
    size_t num;
    unsigned valid = 0;
    tlsc_err rc = tlsc_sct_read(provider, logs, places, out, ROOM, &num);
    if (rc != TLSC_OK) {
        must(num == 0);
        return;
    }
    for (size_t i = 0; i < num && i < ROOM; i++) {
        bool unknown = out[i].status == TLSC_SCT_UNKNOWN_VERSION;
        must(out[i].log_id.n == (unknown ? 0U : 32U));
        must(out[i].timestamp_ms >= 0);
        must(logs != NULL || unknown || out[i].status == TLSC_SCT_UNCHECKED);
        must(out[i].status != TLSC_SCT_VALID || out[i].timestamp_ms <= now_ms);
        valid += out[i].status == TLSC_SCT_VALID ? 1 : 0;
    }
    must(num > ROOM || valid == good);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static tlsc_provider provider;
    tlsc_rd r = tlsc_rd_of(tlsc_bytes_of(data, size));
    tlsc_sct_places places = { .size = sizeof(places), .now_ms = now_ms };
    const tlsc_ct_logs *logs = NULL;
    provider = *tlsc_provider_default();
    provider.verify = verify;
    good_bits = tlsc_rd_u8(&r);
    asked = 0;
    good = 0;
    places.certificate = tlsc_rd_vec16(&r, 0, 0xffff);
    places.issuer = tlsc_rd_vec16(&r, 0, 0xffff);
    places.tls = tlsc_rd_vec16(&r, 0, 0xffff);
    places.ocsp = tlsc_rd_vec16(&r, 0, 0xffff);
    tlsc_ct_log log = { tlsc_rd_rest(&r), 0, 0 };
    check(&provider, NULL, &places);
    must(asked == 0);
    if (tlsc_ct_logs_new(&provider, &log, 1, &logs) == TLSC_OK) {
        check(&provider, logs, &places);
    }
    tlsc_ct_logs_free(logs);
    return 0;
}
