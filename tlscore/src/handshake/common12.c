/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/common12.c: from the premaster secret to Finished, in either role of TLS 1.2. */
#include "handshake/common12.h"

#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"
#include "record/protect12.h"

tlsc_err tlsc_common12_signed_params(const tlsc_hs *hs, tlsc_bytes params, tlsc_buf *out)
{
    TRY(tlsc_buf_append(out, tlsc_bytes_of(hs->outcome->client_random, TLSC_RANDOM_LEN)));
    TRY(tlsc_buf_append(out, tlsc_bytes_of(hs->server_random, TLSC_RANDOM_LEN)));
    return tlsc_buf_append(out, params);
}

tlsc_err tlsc_common12_derive_master(tlsc_hs *hs, tlsc_bytes premaster)
{
    const tlsc_hash *hash = hs->suite->hash;
    uint8_t session_hash[TLSC_HASH_MAX];
    if (!hs->extended_master_secret) {
        return tlsc_master12(hash, premaster, hs->outcome->client_random, hs->server_random,
                             &hs->master);
    }
    tlsc_transcript_hash(&hs->transcript, session_hash);
    return tlsc_master12_extended(hash, premaster, session_hash, &hs->master);
}

tlsc_err tlsc_common12_derive_keys(tlsc_hs *hs)
{
    tlsc_hs_log(hs, "CLIENT_RANDOM", &hs->master);
    if (hs->config->allow_export) {
        hs->outcome->exporter = hs->master;
        memcpy(hs->outcome->server_random, hs->server_random, sizeof(hs->server_random));
    }
    tlsc_hmac_init(&hs->keyed_master, hs->suite->hash, tlsc_secret_bytes(&hs->master));
    TRY(tlsc_keys12_derive(hs->suite, tlsc_protect12_iv_len(hs->suite), &hs->keyed_master,
                           hs->outcome->client_random, hs->server_random, &hs->keys12));
    if (hs->config->allow_secret_extraction) {
        hs->outcome->keys12 = hs->keys12;
    }
    return TLSC_OK;
}

tlsc_err tlsc_common12_send_finished(tlsc_hs *hs)
{
    const tlsc_keys12 *keys = &hs->keys12;
    uint8_t transcript[TLSC_HASH_MAX];
    uint8_t verify_data[TLSC_VERIFY_DATA12_LEN];
    TRY(tlsc_hs_flush(hs));
    TRY(tlsc_rl_put_ccs(hs->rl));
    TRY(tlsc_protect12_start(&hs->rl->wr, hs->suite,
                             hs->is_client ? keys->client_key : keys->server_key,
                             hs->is_client ? keys->client_iv : keys->server_iv));
    tlsc_transcript_hash(&hs->transcript, transcript);
    TRY(tlsc_finished12(&hs->keyed_master, !hs->is_client, transcript, verify_data));
    tlsc_hs_out out = tlsc_hs_begin(hs, TLSC_HS_FINISHED);
    tlsc_wr_bytes(&out.w, tlsc_bytes_of(verify_data, sizeof(verify_data)));
    TRY(tlsc_hs_end(hs, &out));
    return tlsc_hs_flush(hs);
}

tlsc_err tlsc_common12_take_ccs(tlsc_hs *hs)
{
    const tlsc_keys12 *keys = &hs->keys12;
    return tlsc_protect12_start(&hs->rl->rd, hs->suite,
                                hs->is_client ? keys->server_key : keys->client_key,
                                hs->is_client ? keys->server_iv : keys->client_iv);
}

tlsc_err tlsc_common12_check_finished(tlsc_hs *hs, const tlsc_msg *msg)
{
    uint8_t transcript[TLSC_HASH_MAX];
    uint8_t expected[TLSC_VERIFY_DATA12_LEN];
    if (msg->body.n != sizeof(expected)) {
        return TLSC_E_DECODE;
    }
    tlsc_transcript_hash_before(&hs->transcript, (tlsc_bytes){ NULL, 0 }, transcript);
    TRY(tlsc_finished12(&hs->keyed_master, hs->is_client, transcript, expected));
    if (!tlsc_ct_equal(msg->body, tlsc_bytes_of(expected, sizeof(expected)))) {
        return TLSC_E_BAD_FINISHED;
    }
    hs->proven |= TLSC_PROVEN_FINISHED;
    return TLSC_OK;
}
