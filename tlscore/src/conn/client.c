/* SPDX-License-Identifier: Apache-2.0 */
/* conn/client.c: a client connection's beginning. */
#include "base/try.h"
#include "conn/conn.h"
#include "handshake/client.h"

static tlsc_err check(const tlsc_config *config, const tlsc_client_options *client)
{
    bool known = config != NULL && config->client && client != NULL &&
                 client->size == sizeof(*client);
    return known && client->num_sessions <= TLSC_CLIENT_SESSIONS_MAX ? TLSC_OK : TLSC_E_USAGE;
}

static tlsc_err begin(tlsc_conn *c, const tlsc_config *config, const tlsc_client_options *client)
{
    if (config->provider != c->provider) {
        return TLSC_E_USAGE;
    }
    c->on_session = client->on_session;
    c->session_ctx = client->session_ctx;
    c->hs->config = tlsc_config_ref(config);
    c->outcome.config = tlsc_config_ref(config);
    TRY(tlsc_client_begin(c->hs, client));
    return tlsc_hs_resume(c->hs);
}

tlsc_err tlsc_conn_new_client(const tlsc_conn_options *options, const tlsc_config *config,
                              const tlsc_client_options *client, tlsc_conn **out)
{
    *out = NULL;
    TRY(check(config, client));
    TRY(tlsc_conn_new(options, true, &tlsc_client_first, out));
    tlsc_err rc = begin(*out, config, client);
    if (rc != TLSC_OK) {
        tlsc_conn_free(*out);
        *out = NULL;
    }
    return rc;
}
