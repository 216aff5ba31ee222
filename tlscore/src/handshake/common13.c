/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/common13.c: what both roles of TLS 1.3 share, in the handshake and after it. */
#include "handshake/common13.h"

#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"

tlsc_err tlsc_common13_check_finished(tlsc_hs *hs, const tlsc_msg *msg)
{
    const tlsc_hash *hash = hs->suite->hash;
    uint8_t transcript[TLSC_HASH_MAX];
    uint8_t expected[TLSC_HASH_MAX];
    if (msg->body.n != hash->len) {
        return TLSC_E_DECODE;
    }
    tlsc_transcript_hash_before(&hs->transcript, (tlsc_bytes){ NULL, 0 }, transcript);
    TRY(tlsc_finished13(hash, &hs->rl->rd.secret, transcript, expected));
    bool same = tlsc_ct_equal(msg->body, tlsc_bytes_of(expected, hash->len));
    tlsc_wipe(expected, sizeof(expected));
    if (!same) {
        return TLSC_E_BAD_FINISHED;
    }
    hs->proven |= TLSC_PROVEN_FINISHED;
    return TLSC_OK;
}

tlsc_err tlsc_common13_send_finished(tlsc_hs *hs)
{
    const tlsc_hash *hash = hs->suite->hash;
    uint8_t transcript[TLSC_HASH_MAX];
    uint8_t verify_data[TLSC_HASH_MAX];
    tlsc_transcript_hash(&hs->transcript, transcript);
    TRY(tlsc_finished13(hash, &hs->rl->wr.secret, transcript, verify_data));
    tlsc_hs_out out = tlsc_hs_begin(hs, TLSC_HS_FINISHED);
    tlsc_wr_bytes(&out.w, tlsc_bytes_of(verify_data, hash->len));
    TRY(tlsc_hs_end(hs, &out));
    return tlsc_hs_flush(hs);
}

static tlsc_err derive_exporter(const tlsc_hs *hs, tlsc_label13 label, const char *log_label,
                                const uint8_t *transcript_hash, tlsc_secret *keep)
{
    tlsc_secret secret;
    if (hs->log.write == NULL && !hs->config->allow_export) {
        return TLSC_OK;
    }
    TRY(tlsc_schedule13_derive(&hs->schedule, label, transcript_hash, &secret));
    tlsc_hs_log(hs, log_label, &secret);
    if (hs->config->allow_export) {
        *keep = secret;
    }
    tlsc_secret_clear(&secret);
    return TLSC_OK;
}

tlsc_err tlsc_common13_exporter(tlsc_hs *hs, const uint8_t *transcript_hash)
{
    return derive_exporter(hs, TLSC_LABEL_EXPORTER, "EXPORTER_SECRET", transcript_hash,
                           &hs->outcome->exporter);
}

tlsc_err tlsc_common13_early_exporter(tlsc_hs *hs, const uint8_t *transcript_hash)
{
    TRY(derive_exporter(hs, TLSC_LABEL_EARLY_EXPORTER, "EARLY_EXPORTER_SECRET", transcript_hash,
                        &hs->outcome->early_exporter));
    hs->outcome->early_hash = hs->schedule.hash;
    return TLSC_OK;
}

void tlsc_common13_drop_early_exporter(tlsc_hs *hs)
{
    tlsc_secret_clear(&hs->outcome->early_exporter);
    hs->outcome->early_hash = NULL;
}
