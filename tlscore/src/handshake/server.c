/* SPDX-License-Identifier: Apache-2.0 */
/* handshake/server.c: what all versions share on the server's side: ClientHello, the configuration
 * pause, the choice of the version. */
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "base/try.h"
#include "handshake/hs.h"
#include "handshake/negotiate.h"

static tlsc_err on_client_hello(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);
static tlsc_err on_choose_config(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);
static tlsc_err on_choose_version(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next);

const tlsc_hs_state tlsc_server_expect_client_hello = {
    "server: expect ClientHello", TLSC_HS_BIT(CLIENT_HELLO), true, on_client_hello
};
static const tlsc_hs_state choose_config = { "server: choose a configuration", 0, false,
                                             on_choose_config };
static const tlsc_hs_state choose_version = { "server: choose a version", 0, false,
                                              on_choose_version };

static tlsc_err on_client_hello(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    tlsc_outcome *o = hs->outcome;
    TRY(tlsc_hello_take(&hs->hello, msg->raw));
    tlsc_bytes_copy(o->client_random, hs->hello.msg.random);
    if (hs->hello.name_n > 0) {
        uint8_t *name = (uint8_t *)tlsc_mem_dup(tlsc_bytes_of(hs->hello.name, hs->hello.name_n));
        if (name == NULL) {
            return TLSC_E_NO_MEMORY;
        }
        o->server_name = tlsc_bytes_of(name, hs->hello.name_n);
    }
    *next = &choose_config;
    return TLSC_OK;
}

static tlsc_err on_choose_config(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    (void)msg;
    if (hs->config == NULL) {
        hs->wait = TLSC_WAIT_CONFIG;
        return TLSC_OK;
    }
    hs->outcome->config = tlsc_config_ref(hs->config);
    hs->rl->pad_block = hs->config->pad_block;
    hs->rl->pad_min = hs->config->pad_min;
    *next = &choose_version;
    return TLSC_OK;
}

/* The configuration's own list decides where the answer didn't. */
static tlsc_err choose_alpn(tlsc_hs *hs)
{
    tlsc_outcome *o = hs->outcome;
    if (o->alpn.n > 0 || !hs->config->has_alpn) {
        return TLSC_OK;
    }
    tlsc_bytes name;
    TRY(tlsc_negotiate_alpn(hs->config->alpn, &hs->hello.msg, &name));
    if (name.n > 0) {
        uint8_t *copy = (uint8_t *)tlsc_mem_dup(name);
        if (copy == NULL) {
            return TLSC_E_NO_MEMORY;
        }
        o->alpn = tlsc_bytes_of(copy, name.n);
    }
    return TLSC_OK;
}

static tlsc_err on_choose_version(tlsc_hs *hs, const tlsc_msg *msg, const tlsc_hs_state **next)
{
    (void)msg;
    uint16_t version;
    TRY(tlsc_negotiate_version(hs->config, &hs->hello.msg, &version));
    /* a client that fell back says so, and shouldn't have had to. RFC 7507 3 */
    if (version < hs->config->max_version &&
        tlsc_u16_list_has(hs->hello.msg.cipher_suites, TLSC_SCSV_FALLBACK)) {
        return TLSC_E_INAPPROPRIATE_FALLBACK;
    }
    hs->outcome->version = version;
    TRY(choose_alpn(hs));
    *next = version == TLSC_TLS13 ? &tlsc_server13_negotiate : &tlsc_server12_negotiate;
    return TLSC_OK;
}
