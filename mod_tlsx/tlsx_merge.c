/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_merge.c: a server's configuration from its own directives and the main server's. */
#include "tlsx_merge.h"

void *tlsx_server_create(apr_pool_t *pool, server_rec *s)
{
    tlsx_server *conf = apr_pcalloc(pool, sizeof(*conf));

    conf->server = s;
    conf->engine = TLSX_UNSET;
    conf->min_version = TLSX_UNSET;
    conf->honor_client_order = TLSX_UNSET;
    conf->strict_sni = TLSX_UNSET;
    conf->compression = TLSX_UNSET;
    conf->tickets = TLSX_UNSET;
    conf->ticket_lifetime_s = TLSX_UNSET;
    conf->client_auth = TLSX_UNSET;
    return conf;
}

static int flag(int base, int own)
{
    return own != TLSX_UNSET ? own : base;
}

/* A setting and its place go together. */
static tlsx_origin place(bool is_own, tlsx_origin base, tlsx_origin own)
{
    return is_own ? own : base;
}

static apr_array_header_t *list(apr_array_header_t *base, apr_array_header_t *own)
{
    return own ? own : base;
}

/* Own certificates stand in for the main server's, they don't join them: the first that fits the
 * client serves, and that must not be another server's. Nor do own CAs: who names some wants
 * clients of these, and no others. */
void *tlsx_server_merge(apr_pool_t *pool, void *base_conf, void *own_conf)
{
    const tlsx_server *base = base_conf, *own = own_conf;
    tlsx_server *conf = apr_pcalloc(pool, sizeof(*conf));

    conf->server = own->server;
    conf->engine = flag(base->engine, own->engine);
    conf->engine_at = place(own->engine != TLSX_UNSET, base->engine_at, own->engine_at);
    conf->listeners = base->listeners;
    conf->certs = list(base->certs, own->certs);
    conf->min_version = flag(base->min_version, own->min_version);
    conf->min_version_at =
        place(own->min_version != TLSX_UNSET, base->min_version_at, own->min_version_at);
    conf->suites = list(base->suites, own->suites);
    conf->suppressed = list(base->suppressed, own->suppressed);
    conf->suppressed_at = place(own->suppressed, base->suppressed_at, own->suppressed_at);
    conf->groups = list(base->groups, own->groups);
    conf->groups_at = place(own->groups, base->groups_at, own->groups_at);
    conf->honor_client_order = flag(base->honor_client_order, own->honor_client_order);
    conf->strict_sni = flag(base->strict_sni, own->strict_sni);
    conf->compression = flag(base->compression, own->compression);
    conf->tickets = flag(base->tickets, own->tickets);
    conf->ticket_lifetime_s = base->ticket_lifetime_s;
    conf->client_auth = flag(base->client_auth, own->client_auth);
    conf->client_auth_at =
        place(own->client_auth != TLSX_UNSET, base->client_auth_at, own->client_auth_at);
    conf->client_cas = list(base->client_cas, own->client_cas);
    return conf;
}
