/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_port.c: which addresses and ports speak TLS. */
#include "tlsx_port.h"

#include <ap_listen.h>
#include <apr_hash.h>
#include <apr_strings.h>

#include "tlsx_log.h"

/* The TLSEngine [addr:]port line that covers a local address, or NULL. `addr` may be a wildcard
 * (a <VirtualHost *:port>): then any line for its port might. */
static const tlsx_listener *covering(const tlsx_server *conf, apr_sockaddr_t *addr, apr_port_t port)
{
    for (int i = 0; conf->listeners && i < conf->listeners->nelts; i++) {
        const tlsx_listener *l = &APR_ARRAY_IDX(conf->listeners, i, tlsx_listener);
        if (l->port == port &&
            (!l->addr || apr_sockaddr_is_wildcard(addr) || apr_sockaddr_equal(l->addr, addr))) {
            return l;
        }
    }
    return NULL;
}

bool tlsx_port_is_tls(const conn_rec *c)
{
    const tlsx_server *conf = tlsx_server_of(c->base_server);

    if (conf->engine != TLSX_UNSET) {
        return conf->engine == 1;
    }
    return conf->listeners && covering(conf, c->local_addr, c->local_addr->port);
}

/* ---- the check ---- */

/* What a virtual host says of one of its addresses. */
typedef struct claim {
    const tlsx_server *conf;
    bool tls;
    const tlsx_origin *at; /* the line that says so, or NULL */
} claim;

static claim claim_of(const tlsx_server *conf, const server_addr_rec *addr)
{
    claim it = {.conf = conf};
    const tlsx_listener *l = covering(conf, addr->host_addr, addr->host_port);

    if (conf->engine != TLSX_UNSET) {
        it.tls = conf->engine == 1;
        it.at = &conf->engine_at;
    } else if (l) {
        it.tls = true;
        it.at = &l->at;
    }
    return it;
}

static const char *claim_text(apr_pool_t *pool, const claim *it)
{
    return apr_psprintf(pool, "%s %s%s%s", tlsx_server_text(pool, it->conf->server),
                        it->tls ? "is TLS" : "is not TLS",
                        it->at ? " by " : ", as no TLSEngine speaks of it",
                        it->at ? tlsx_origin_text(pool, it->at) : "");
}

static int disagreement(apr_pool_t *pool, const server_addr_rec *addr, const claim *a,
                        const claim *b)
{
    ap_log_error(APLOG_MARK, APLOG_EMERG, 0, b->conf->server,
                 "TLSX0010: Virtual hosts on %s:%u disagree: %s, and %s. An address and port is "
                 "TLS or plain as a whole: give them the same TLSEngine, or ports of their own.",
                 addr->virthost, (unsigned)addr->host_port, claim_text(pool, a),
                 claim_text(pool, b));
    return 1;
}

/* `off` for a port that a TLSEngine line outside has turned on. */
static bool overruled(apr_pool_t *pool, const tlsx_server *conf, const server_addr_rec *addr)
{
    const tlsx_listener *l = covering(conf, addr->host_addr, addr->host_port);

    if (!l || conf->engine != 0) {
        return false;
    }
    ap_log_error(APLOG_MARK, APLOG_EMERG, 0, conf->server,
                 "TLSX0011: %s turns off for %s:%u what %s turns on for all of it: take one of the "
                 "lines out.",
                 tlsx_origin_text(pool, &conf->engine_at), addr->virthost,
                 (unsigned)addr->host_port, tlsx_origin_text(pool, &l->at));
    return true;
}

static int check_address(apr_pool_t *pool, apr_hash_t *claims, const tlsx_server *conf,
                         const server_addr_rec *addr)
{
    const char *key = apr_psprintf(pool, "%pI/%u", addr->host_addr, (unsigned)addr->host_port);
    claim it = claim_of(conf, addr);
    const claim *first = apr_hash_get(claims, key, APR_HASH_KEY_STRING);

    if (overruled(pool, conf, addr)) {
        return 1;
    }
    if (!first) {
        apr_hash_set(claims, key, APR_HASH_KEY_STRING, apr_pmemdup(pool, &it, sizeof(it)));
        return 0;
    }
    return first->tls != it.tls ? disagreement(pool, addr, first, &it) : 0;
}

/* TLSEngine 8443 without Listen 8443 is a slip that nothing else would show. */
static void warn_of_silence(apr_pool_t *pool, const tlsx_server *conf)
{
    for (int i = 0; conf->listeners && i < conf->listeners->nelts; i++) {
        const tlsx_listener *l = &APR_ARRAY_IDX(conf->listeners, i, tlsx_listener);
        const ap_listen_rec *lr = ap_listeners;
        while (lr && lr->bind_addr->port != l->port) {
            lr = lr->next;
        }
        if (!lr) {
            ap_log_error(APLOG_MARK, APLOG_WARNING, 0, conf->server,
                         "TLSX0012: %s: nothing listens on port %u. Add: Listen %u",
                         tlsx_origin_text(pool, &l->at), (unsigned)l->port, (unsigned)l->port);
        }
    }
}

int tlsx_port_check(apr_pool_t *ptemp, server_rec *servers)
{
    apr_hash_t *claims = apr_hash_make(ptemp);
    int errors = 0;

    for (server_rec *s = servers; s; s = s->next) {
        tlsx_server *conf = tlsx_server_of(s);
        for (server_addr_rec *addr = s->addrs; s->is_virtual && addr; addr = addr->next) {
            if (addr->host_port == 0) { /* any port: which it is shows with the connection */
                conf->serves |= conf->engine == 1 || (conf->engine != 0 && conf->listeners);
                continue;
            }
            errors += check_address(ptemp, claims, conf, addr);
            conf->serves |= claim_of(conf, addr).tls;
        }
        if (!s->is_virtual) {
            conf->serves = conf->engine == 1 || (conf->engine != 0 && conf->listeners);
            warn_of_silence(ptemp, conf);
        }
    }
    return errors;
}
