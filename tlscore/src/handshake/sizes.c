/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/sizes.c: record_size_limit (RFC 8449), where each says what it takes, and
 * max_fragment_length (RFC 6066 4), where the client says what goes both ways. */
#include "handshake/sizes.h"

#include "base/try.h"

enum { LIMIT_MIN = 64, CODE_MAX = 4 };

/* The longest plaintext that there is; in TLS 1.3 the type that is sealed with it counts. */
static uint16_t longest(uint16_t version)
{
    return version == TLSC_TLS13 ? TLSC_MAX_PLAINTEXT + 1 : TLSC_MAX_PLAINTEXT;
}

static uint16_t smaller(uint16_t a, uint16_t b)
{
    return a < b ? a : b;
}

/* From bytes to the code, 0 if it is none. */
static uint8_t code_of(uint16_t bytes)
{
    for (uint8_t code = 1; code <= CODE_MAX; code++) {
        if (bytes == 256u << code) {
            return code;
        }
    }
    return 0;
}

/* ---- what was agreed on ---- */

/* in: the peer's limit, which is for what we send, and ours. */
static void use_limits(tlsc_hs *hs, uint16_t peers, uint16_t ours)
{
    bool counts_type = hs->outcome->version == TLSC_TLS13;
    uint16_t most = longest(hs->outcome->version);
    uint16_t content = (uint16_t)(smaller(peers, most) - (counts_type ? 1 : 0));
    hs->rl->max_fragment = smaller(hs->rl->max_fragment, content);
    hs->rl->max_read = smaller(ours, most);
    hs->rl->max_read_counts_all = counts_type;
    hs->rl->max_read_sealed = true;
}

static void use_fragment(tlsc_hs *hs, uint8_t code)
{
    uint16_t bytes = (uint16_t)(256u << code);
    hs->rl->max_fragment = smaller(hs->rl->max_fragment, bytes);
    hs->rl->max_read = bytes;
}

/* ---- both sides ---- */

tlsc_record_sizes tlsc_sizes_offer(const tlsc_config *config)
{
    return (tlsc_record_sizes){
        .has_limit = config->record_size_limit > 0,
        .limit = smaller(config->record_size_limit, longest(config->max_version)),
        .has_fragment = config->max_fragment_length > 0,
        .fragment = code_of(config->max_fragment_length),
    };
}

/* Who offers both wants the limit, and knows that old servers don't. RFC 8449 5 */
tlsc_err tlsc_sizes_answer(tlsc_hs *hs, tlsc_record_sizes *out)
{
    const tlsc_record_sizes *offer = &hs->hello.msg.sizes;
    uint16_t ours = smaller(hs->config->record_size_limit, longest(hs->outcome->version));
    *out = (tlsc_record_sizes){ .limit = 0 };
    if (offer->has_limit && ours > 0) {
        if (offer->limit < LIMIT_MIN) {
            return TLSC_E_BAD_RECORD_SIZE;
        }
        *out = (tlsc_record_sizes){ .has_limit = true, .limit = ours };
        use_limits(hs, offer->limit, ours);
    } else if (offer->has_fragment) {
        if (offer->fragment == 0 || offer->fragment > CODE_MAX) {
            return TLSC_E_BAD_RECORD_SIZE;
        }
        *out = (tlsc_record_sizes){ .has_fragment = true, .fragment = offer->fragment };
        use_fragment(hs, offer->fragment);
    }
    return TLSC_OK;
}

tlsc_err tlsc_sizes_take(tlsc_hs *hs, const tlsc_record_sizes *answer)
{
    tlsc_record_sizes offer = tlsc_sizes_offer(hs->config);
    if (answer->has_limit && answer->has_fragment) {
        return TLSC_E_BAD_RECORD_SIZE;
    }
    if (answer->has_limit) {
        if (answer->limit < LIMIT_MIN) {
            return TLSC_E_BAD_RECORD_SIZE;
        }
        use_limits(hs, answer->limit, offer.limit);
    }
    if (answer->has_fragment) {
        if (answer->fragment != offer.fragment) {
            return TLSC_E_BAD_RECORD_SIZE;
        }
        use_fragment(hs, answer->fragment);
    }
    return TLSC_OK;
}
