/* SPDX-License-Identifier: Apache-2.0 */
/* api/info.c: what a connection negotiated, and why it failed. */
#include "tlscore/info.h"

#include <string.h>

#include "conn/conn.h"

/* A limit that counts the record's type leaves that much less. */
static uint16_t max_received(const tlsc_record_layer *rl)
{
    return rl->max_read == 0 ? TLSC_MAX_PLAINTEXT
                             : (uint16_t)(rl->max_read - (rl->max_read_counts_all ? 1 : 0));
}

void tlsc_conn_info(const tlsc_conn *c, tlsc_info *out)
{
    const tlsc_outcome *o = &c->outcome;
    memset(out, 0, sizeof(*out));
    out->client = c->client;
    out->handshake_done = c->hs == NULL;
    out->resumed = o->resumed;
    out->hello_retry = o->hello_retry;
    out->close_notify_sent = c->close_sent;
    out->close_notify_received = c->read_closed;
    out->version = o->version;
    out->suite = o->suite != NULL ? o->suite->id : 0;
    out->group = o->group;
    out->scheme = o->scheme;
    out->alpn = o->alpn;
    out->server_name = o->server_name;
    out->config = o->config;
    out->credential = o->credential;
    memcpy(out->client_random, o->client_random, sizeof(out->client_random));
    out->peer_scheme = o->peer_scheme;
    out->peer_certificate_type = o->peer_type;
    out->certificate_compression = o->compression;
    out->peer_certificate_compression = o->peer_compression;
    out->peer_authenticated = o->peer_authenticated;
    out->verify_error = o->verify_error;
    out->verify_index = o->verify_index;
    out->verified_chain = o->verified_chain;
    out->extended_master_secret = o->version == TLSC_TLS13 || o->extended_master_secret;
    out->session_application = o->session_application_in;
    out->early_data = o->early_data;
    out->early_data_sent = o->early_data_sent;
    out->tickets_received = o->tickets_received;
    out->session_issued_ms = o->session_issued_ms;
    out->ticket_age_skew_ms = o->ticket_age_skew_ms;
    out->max_record_sent = c->rl.max_fragment;
    out->max_record_received = max_received(&c->rl);
    out->key_updates_sent = c->key_updates_sent;
    out->key_updates_received = c->key_updates_received;
}

tlsc_bytes tlsc_conn_peer_certificate(const tlsc_conn *c, size_t i)
{
    tlsc_rd list = tlsc_rd_of(c->outcome.peer_chain);
    tlsc_bytes der = { NULL, 0 };
    for (size_t at = 0; at <= i; at++) {
        der = tlsc_rd_more(&list) ? tlsc_rd_vec24(&list, 1, 0xffffff) : (tlsc_bytes){ NULL, 0 };
    }
    return der;
}

void tlsc_conn_error(const tlsc_conn *c, tlsc_failure *out)
{
    *out = c->failure;
    if (out->code == TLSC_OK) {
        out->state = "";
        out->expected = "";
        out->got = "";
    }
}
