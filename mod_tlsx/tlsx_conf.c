/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_conf.c: the directives. A function that returns text refuses its line; httpd puts file and
 * line number in front of it. */
#include "tlsx_conf.h"

#include <http_core.h>
#include <apr_strings.h>

#include "tlsx_log.h"

static tlsx_origin origin_of(const cmd_parms *cmd)
{
    tlsx_origin at = {cmd->cmd->name, cmd->directive->filename, cmd->directive->line_num};
    return at;
}

/* Every directive of ours speaks of connections, which <Directory> and the like know nothing of. */
static const char *check_context(cmd_parms *cmd)
{
    return ap_check_cmd_context(cmd, NOT_IN_DIR_CONTEXT);
}

/* Sets `*flag` from "on" or "off". */
static const char *set_flag(cmd_parms *cmd, const char *arg, int *flag)
{
    const char *err = check_context(cmd);

    if (err) {
        return err;
    }
    if (!strcasecmp(arg, "on")) {
        *flag = 1;
    } else if (!strcasecmp(arg, "off")) {
        *flag = 0;
    } else {
        return apr_psprintf(cmd->pool, "%s takes on or off, not '%s'", cmd->cmd->name, arg);
    }
    return NULL;
}

/* ---- TLSEngine ---- */

static const char *add_listener(cmd_parms *cmd, const char *arg)
{
    tlsx_server *conf = tlsx_server_of(cmd->server);
    char *host = NULL, *scope = NULL;
    apr_port_t port = 0;
    apr_sockaddr_t *addr = NULL;

    if (apr_parse_addr_port(&host, &scope, &port, arg, cmd->temp_pool) != APR_SUCCESS || !port) {
        return apr_psprintf(cmd->pool, "TLSEngine takes on, off or [address:]port, not '%s'", arg);
    }
    if (cmd->server->is_virtual) {
        return apr_psprintf(cmd->pool,
                            "TLSEngine %s belongs outside of <VirtualHost>, where it turns TLS on "
                            "for all virtual hosts of that port; inside of one, write TLSEngine on",
                            arg);
    }
    if (host && strcmp(host, "*") &&
        apr_sockaddr_info_get(&addr, host, APR_UNSPEC, port, 0, cmd->pool) != APR_SUCCESS) {
        return apr_psprintf(cmd->pool,
                            "TLSEngine %s: '%s' is no address; write an IP address of this "
                            "machine, or the port alone for all of them",
                            arg, host);
    }
    if (!conf->listeners) {
        conf->listeners = apr_array_make(cmd->pool, 2, sizeof(tlsx_listener));
    }
    APR_ARRAY_PUSH(conf->listeners, tlsx_listener) =
        (tlsx_listener){.addr = addr, .port = port, .at = origin_of(cmd)};
    return NULL;
}

static const char *cmd_engine(cmd_parms *cmd, void *dir, const char *arg)
{
    tlsx_server *conf = tlsx_server_of(cmd->server);
    const char *err = check_context(cmd);

    (void)dir;
    if (err) {
        return err;
    }
    if (strcasecmp(arg, "on") && strcasecmp(arg, "off")) {
        return add_listener(cmd, arg);
    }
    conf->engine_at = origin_of(cmd);
    return set_flag(cmd, arg, &conf->engine);
}

/* ---- TLSCertificate ---- */

static const char *cmd_certificate(cmd_parms *cmd, void *dir, const char *cert, const char *key)
{
    tlsx_server *conf = tlsx_server_of(cmd->server);
    const char *err = check_context(cmd);
    tlsx_cert_files files = {.at = origin_of(cmd)};

    (void)dir;
    if (err) {
        return err;
    }
    files.cert = ap_server_root_relative(cmd->pool, cert);
    files.key = key ? ap_server_root_relative(cmd->pool, key) : NULL;
    if (!files.cert || (key && !files.key)) {
        return apr_psprintf(cmd->pool, "TLSCertificate: '%s' is no valid path",
                            files.cert ? key : cert);
    }
    if (!conf->certs) {
        conf->certs = apr_array_make(cmd->pool, 2, sizeof(tlsx_cert_files));
    }
    APR_ARRAY_PUSH(conf->certs, tlsx_cert_files) = files;
    return NULL;
}

/* ---- TLSProtocol ---- */

/* Each version by its name and by its number on the wire, as in mod_tls. */
static const struct {
    const char *name, *number;
    int min_version;
} protocols[] = {
    {"TLSv1.2+", "TLSv0x0303+", TLSC_TLS12},
    {"TLSv1.3+", "TLSv0x0304+", TLSC_TLS13},
};

static const char *cmd_protocol(cmd_parms *cmd, void *dir, const char *arg)
{
    tlsx_server *conf = tlsx_server_of(cmd->server);
    const char *err = check_context(cmd);
    int found = strcasecmp(arg, "default") ? TLSX_UNSET : TLSX_MIN_VERSION;

    (void)dir;
    if (err) {
        return err;
    }
    for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++) {
        if (!strcasecmp(arg, protocols[i].name) || !strcasecmp(arg, protocols[i].number)) {
            found = protocols[i].min_version;
        }
    }
    if (found == TLSX_UNSET) {
        return apr_psprintf(
            cmd->pool,
            "TLSProtocol takes default, TLSv1.2+ or TLSv1.3+, the oldest version that is served, "
            "not '%s'; versions below TLSv1.2 are not safe and not to be had",
            arg);
    }
    conf->min_version = found;
    conf->min_version_at = origin_of(cmd);
    return NULL;
}

/* ---- lists of names: TLSCiphersPrefer, TLSCiphersSuppress, TLSGroups ---- */

typedef tlsc_err lookup_fn(const tlsc_provider *provider, const char *name, uint16_t *id);

typedef struct name_list {
    const char *what; /* "cipher suite" */
    lookup_fn *lookup;
    const char *(*known)(apr_pool_t *pool); /* the names there are */
    bool may_be_unserved;                   /* to name what isn't served is no slip */
    apr_array_header_t *ids;
} name_list;

static const char *known_suites(apr_pool_t *pool)
{
    const tlsc_provider *provider = tlsc_provider_default();
    const char *text = "";

    for (size_t i = 0; i < provider->num_suites; i++) {
        text = apr_pstrcat(pool, text, i ? ", " : "", provider->suites[i]->name, NULL);
    }
    return text;
}

static const char *known_groups(apr_pool_t *pool)
{
    const tlsc_provider *provider = tlsc_provider_default();
    const char *text = "";

    for (size_t i = 0; i < provider->num_groups; i++) {
        text = apr_pstrcat(pool, text, i ? ", " : "", provider->groups[i]->name, NULL);
    }
    return text;
}

static const char *add_name(cmd_parms *cmd, name_list *list, const char *name)
{
    uint16_t id = 0;
    tlsc_err err = list->lookup(tlsc_provider_default(), name, &id);
    tlsx_origin at = origin_of(cmd);

    if (err == TLSC_E_UNSUPPORTED && list->may_be_unserved) {
        return NULL;
    }
    if (err == TLSC_E_UNSUPPORTED) {
        ap_log_error(
            APLOG_MARK, APLOG_WARNING, 0, cmd->server,
            "TLSX0002: %s: the %s %s is known, but not served here, and passed over; there are: %s",
            tlsx_origin_text(cmd->temp_pool, &at), list->what, name, list->known(cmd->temp_pool));
        return NULL;
    }
    if (err != TLSC_OK) {
        return apr_psprintf(cmd->pool, "%s: there is no %s '%s'; there are: %s", cmd->cmd->name,
                            list->what, name, list->known(cmd->pool));
    }
    for (int i = 0; i < list->ids->nelts; i++) {
        if (APR_ARRAY_IDX(list->ids, i, uint16_t) == id) {
            return apr_psprintf(cmd->pool, "%s names '%s' twice; take one out", cmd->cmd->name,
                                name);
        }
    }
    APR_ARRAY_PUSH(list->ids, uint16_t) = id;
    return NULL;
}

/* Words may be parted by blanks, as httpd does, or by colons, as OpenSSL does. */
static const char *read_names(cmd_parms *cmd, name_list *list, int argc, char *const argv[])
{
    const char *err = check_context(cmd);

    list->ids = apr_array_make(cmd->pool, 4, sizeof(uint16_t));
    for (int i = 0; !err && i < argc; i++) {
        char *rest = apr_pstrdup(cmd->temp_pool, argv[i]);
        char *state = NULL;
        for (char *name = apr_strtok(rest, ":", &state); !err && name;
             name = apr_strtok(NULL, ":", &state)) {
            err = add_name(cmd, list, name);
        }
    }
    return err;
}

/* True if there is one word, and it is this one. */
static bool is_only(const char *word, int argc, char *const argv[])
{
    return argc == 1 && !strcasecmp(argv[0], word);
}

static const char *cmd_ciphers_prefer(cmd_parms *cmd, void *dir, int argc, char *const argv[])
{
    tlsx_server *conf = tlsx_server_of(cmd->server);
    name_list list = {"cipher suite", tlsc_suite_by_name, known_suites, false, NULL};

    (void)dir;
    if (argc == 0) {
        return "TLSCiphersPrefer wants names of cipher suites, best first, or default";
    }
    const char *err = read_names(cmd, &list, is_only("default", argc, argv) ? 0 : argc, argv);
    if (!err) {
        conf->suites = list.ids;
    }
    return err;
}

static const char *cmd_ciphers_suppress(cmd_parms *cmd, void *dir, int argc, char *const argv[])
{
    tlsx_server *conf = tlsx_server_of(cmd->server);
    name_list list = {"cipher suite", tlsc_suite_by_name, known_suites, true, NULL};

    (void)dir;
    if (argc == 0) {
        return "TLSCiphersSuppress wants names of cipher suites that are never used, or none";
    }
    const char *err = read_names(cmd, &list, is_only("none", argc, argv) ? 0 : argc, argv);
    if (!err) {
        conf->suppressed = list.ids;
        conf->suppressed_at = origin_of(cmd);
    }
    return err;
}

static const char *cmd_groups(cmd_parms *cmd, void *dir, int argc, char *const argv[])
{
    tlsx_server *conf = tlsx_server_of(cmd->server);
    name_list list = {"key-exchange group", tlsc_group_by_name, known_groups, false, NULL};

    (void)dir;
    if (argc == 0) {
        return "TLSGroups wants names of key-exchange groups, best first, or default";
    }
    bool is_default = is_only("default", argc, argv);
    const char *err = read_names(cmd, &list, is_default ? 0 : argc, argv);
    if (!err && !is_default && list.ids->nelts == 0) {
        err = apr_psprintf(cmd->pool, "TLSGroups: none of these is served here; there are: %s",
                           known_groups(cmd->pool));
    }
    if (!err) {
        conf->groups = list.ids;
        conf->groups_at = origin_of(cmd);
    }
    return err;
}

/* ---- clients' certificates ---- */

static const char *cmd_client_ca(cmd_parms *cmd, void *dir, const char *path)
{
    tlsx_server *conf = tlsx_server_of(cmd->server);
    const char *err = check_context(cmd);
    tlsx_ca_path ca = {ap_server_root_relative(cmd->pool, path), origin_of(cmd)};

    (void)dir;
    if (err) {
        return err;
    }
    if (!*path || !ca.path) {
        return apr_psprintf(cmd->pool, "TLSClientCA: '%s' is no valid path", path);
    }
    if (!conf->client_cas) {
        conf->client_cas = apr_array_make(cmd->pool, 2, sizeof(tlsx_ca_path));
    }
    APR_ARRAY_PUSH(conf->client_cas, tlsx_ca_path) = ca;
    return NULL;
}

static const char *cmd_client_certificate(cmd_parms *cmd, void *dir, const char *arg)
{
    tlsx_server *conf = tlsx_server_of(cmd->server);
    const char *err = check_context(cmd);

    (void)dir;
    if (err) {
        return err;
    }
    if (!strcasecmp(arg, "none")) {
        conf->client_auth = TLSC_CLIENT_AUTH_NONE;
    } else if (!strcasecmp(arg, "optional")) {
        conf->client_auth = TLSC_CLIENT_AUTH_OPTIONAL;
    } else if (!strcasecmp(arg, "required")) {
        conf->client_auth = TLSC_CLIENT_AUTH_REQUIRED;
    } else {
        return apr_psprintf(cmd->pool,
                            "TLSClientCertificate takes none, optional or required, not '%s'", arg);
    }
    conf->client_auth_at = origin_of(cmd);
    return NULL;
}

/* ---- flags and numbers ---- */

static const char *cmd_honor_client_order(cmd_parms *cmd, void *dir, const char *arg)
{
    (void)dir;
    return set_flag(cmd, arg, &tlsx_server_of(cmd->server)->honor_client_order);
}

static const char *cmd_certificate_compression(cmd_parms *cmd, void *dir, const char *arg)
{
    (void)dir;
    return set_flag(cmd, arg, &tlsx_server_of(cmd->server)->compression);
}

static const char *cmd_strict_sni(cmd_parms *cmd, void *dir, const char *arg)
{
    (void)dir;
    return set_flag(cmd, arg, &tlsx_server_of(cmd->server)->strict_sni);
}

static const char *cmd_session_tickets(cmd_parms *cmd, void *dir, const char *arg)
{
    (void)dir;
    return set_flag(cmd, arg, &tlsx_server_of(cmd->server)->tickets);
}

/* The ring of keys is one for all servers, so its clock is too. */
static const char *cmd_ticket_lifetime(cmd_parms *cmd, void *dir, const char *arg)
{
    const char *err = ap_check_cmd_context(cmd, GLOBAL_ONLY);
    char *end = NULL;
    apr_int64_t seconds;

    (void)dir;
    if (err) {
        return err;
    }
    seconds = apr_strtoi64(arg, &end, 10);
    if (end == arg || *end || seconds < 10 || seconds > 604800) {
        return apr_psprintf(
            cmd->pool, "TLSSessionTicketLifetime takes 10 to 604800 seconds (7 days), not '%s'",
            arg);
    }
    tlsx_server_of(cmd->server)->ticket_lifetime_s = (int)seconds;
    return NULL;
}

/* ---- the rows ---- */

const command_rec tlsx_directives[] = {
    AP_INIT_TAKE1("TLSEngine", cmd_engine, NULL, RSRC_CONF,
                  "on or off; outside of <VirtualHost> also [address:]port, all of which is TLS"),
    AP_INIT_TAKE12("TLSCertificate", cmd_certificate, NULL, RSRC_CONF,
                   "file with a PEM certificate chain, and one with its key unless it is in there"),
    AP_INIT_TAKE1("TLSProtocol", cmd_protocol, NULL, RSRC_CONF,
                  "the oldest protocol version served: default, TLSv1.2+ or TLSv1.3+"),
    AP_INIT_TAKE_ARGV("TLSCiphersPrefer", cmd_ciphers_prefer, NULL, RSRC_CONF,
                      "cipher suites to prefer, best first, or default"),
    AP_INIT_TAKE_ARGV("TLSCiphersSuppress", cmd_ciphers_suppress, NULL, RSRC_CONF,
                      "cipher suites that are never used, or none"),
    AP_INIT_TAKE1("TLSHonorClientOrder", cmd_honor_client_order, NULL, RSRC_CONF,
                  "on: the client's order of cipher suites decides; off: the server's"),
    AP_INIT_TAKE_ARGV("TLSGroups", cmd_groups, NULL, RSRC_CONF,
                      "key-exchange groups served, best first, or default"),
    AP_INIT_TAKE1("TLSCertificateCompression", cmd_certificate_compression, NULL, RSRC_CONF,
                  "on: certificates go compressed to clients that can read that"),
    AP_INIT_ITERATE("TLSClientCA", cmd_client_ca, NULL, RSRC_CONF,
                    "PEM files, or directories of them, with the authorities whose certificates "
                    "clients may show"),
    AP_INIT_TAKE1("TLSClientCertificate", cmd_client_certificate, NULL, RSRC_CONF,
                  "whether clients are asked for a certificate: none, optional or required"),
    AP_INIT_TAKE1("TLSStrictSNI", cmd_strict_sni, NULL, RSRC_CONF,
                  "on: clients that ask for no known host name are turned away"),
    AP_INIT_TAKE1("TLSSessionTickets", cmd_session_tickets, NULL, RSRC_CONF,
                  "on: clients get tickets with which they resume their session"),
    AP_INIT_TAKE1("TLSSessionTicketLifetime", cmd_ticket_lifetime, NULL, RSRC_CONF,
                  "seconds that a session ticket, and the key that seals it, lasts"),
    {NULL, {NULL}, NULL, 0, RAW_ARGS, NULL}};
