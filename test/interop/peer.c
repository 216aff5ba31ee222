/* SPDX-License-Identifier: Apache-2.0 */
/* test/interop/peer.c: tlscore as a client or a server over a socket, for the interop matrix.
 *
 *     peer client --port N --pin SPKI [option]...    connects, asks, prints what came
 *     peer server --cert FILE --key FILE [option]... serves on 127.0.0.1, prints "port N" first
 *
 * Each connection prints one line of JSON; `run` compares it with the matrix. It ends by itself: after
 * --connections, and after ten seconds without a byte. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "tlscore.h"

enum { FILE_MAX = 1 << 20, SESSIONS_MAX = 8, PATIENCE_S = 60, LIST_MAX = 16 };

static const char reply[] = "HTTP/1.0 200 OK\r\nContent-Length: 12\r\n\r\nhello, peer\n";

struct options {
    bool server;
    unsigned port;
    unsigned connections;
    uint16_t min_version;
    uint16_t max_version;
    uint16_t groups[LIST_MAX];
    size_t num_groups;
    const char *cert;
    const char *key;
    const char *pin;
    const char *name;
    const char *alpn;
    const char *request;
    const char *compression;    /* of certificates: this one alone; NULL: the default */
    unsigned record_size_limit; /* 0: the default */
    const char *export; /* a label: the report has keying material for it */
    bool raw_key;      /* ours is a raw public key */
    bool peer_raw_key; /* and so is the peer's */
    bool store;
    bool early;
    bool pha;
    bool linger; /* a client that keeps the connection open until the server closes it */
    tlsc_client_auth client_auth;
};

struct session {
    uint8_t *bytes;
    size_t n;
};

static struct session sessions[SESSIONS_MAX];
static size_t num_sessions;

static void die(const char *what, tlsc_err e)
{
    fprintf(stderr, "peer: %s: %s (%s)\n", what, tlsc_err_name(e), tlsc_err_text(e));
    exit(2);
}

static void try(const char *what, tlsc_err e)
{
    if (e != TLSC_OK) {
        die(what, e);
    }
}

static void usage(const char *what)
{
    fprintf(stderr, "peer: %s\n", what);
    exit(2);
}

static int64_t now_ms(void *ctx)
{
    (void)ctx;
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* A file's contents, zero-terminated; never freed. */
static tlsc_bytes file_contents(const char *path)
{
    FILE *f = fopen(path, "rb");
    uint8_t *p = (uint8_t *)malloc(FILE_MAX + 1);
    if (f == NULL || p == NULL) {
        usage(path);
    }
    size_t n = fread(p, 1, FILE_MAX, f);
    p[n] = 0;
    fclose(f);
    return (tlsc_bytes){ p, n };
}

/* ---- the command line ---- */

static char request_line[1024];
static unsigned patience_s = PATIENCE_S; /* with a silent peer */

static uint16_t version_of(const char *text)
{
    return strcmp(text, "1.2") == 0 ? TLSC_TLS12 : TLSC_TLS13;
}

static void parse_groups(struct options *o, char *list)
{
    for (char *name = strtok(list, ":"); name != NULL; name = strtok(NULL, ":")) {
        if (o->num_groups == LIST_MAX) {
            usage("too many groups");
        }
        try(name, tlsc_group_by_name(tlsc_provider_default(), name, &o->groups[o->num_groups++]));
    }
}

static bool parse_flag(struct options *o, const char *arg)
{
    struct {
        const char *name;
        bool *flag;
    } flags[] = {
        { "--raw-key", &o->raw_key }, { "--peer-raw-key", &o->peer_raw_key },
        { "--store", &o->store },     { "--early", &o->early },
        { "--pha", &o->pha },         { "--linger", &o->linger },
    };
    for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
        if (strcmp(arg, flags[i].name) == 0) {
            *flags[i].flag = true;
            return true;
        }
    }
    return false;
}

static void parse_value(struct options *o, const char *arg, char *value)
{
    if (strcmp(arg, "--port") == 0) {
        o->port = (unsigned)atoi(value);
    } else if (strcmp(arg, "--connections") == 0) {
        o->connections = (unsigned)atoi(value);
    } else if (strcmp(arg, "--patience") == 0) {
        patience_s = (unsigned)atoi(value);
    } else if (strcmp(arg, "--version") == 0) {
        o->min_version = o->max_version = version_of(value);
    } else if (strcmp(arg, "--groups") == 0) {
        parse_groups(o, value);
    } else if (strcmp(arg, "--cert") == 0) {
        o->cert = value;
    } else if (strcmp(arg, "--key") == 0) {
        o->key = value;
    } else if (strcmp(arg, "--pin") == 0) {
        o->pin = value;
    } else if (strcmp(arg, "--name") == 0) {
        o->name = value;
    } else if (strcmp(arg, "--alpn") == 0) {
        o->alpn = value;
    } else if (strcmp(arg, "--record-size-limit") == 0) {
        o->record_size_limit = (unsigned)atoi(value);
    } else if (strcmp(arg, "--export") == 0) {
        o->export = value;
    } else if (strcmp(arg, "--compression") == 0) {
        o->compression = value;
    } else if (strcmp(arg, "--request") == 0) { /* a line, without its end */
        snprintf(request_line, sizeof(request_line), "%s\n", value);
        o->request = request_line;
    } else if (strcmp(arg, "--client-auth") == 0) {
        o->client_auth = strcmp(value, "required") == 0 ? TLSC_CLIENT_AUTH_REQUIRED
                                                         : TLSC_CLIENT_AUTH_OPTIONAL;
    } else {
        usage(arg);
    }
}

static struct options parse(int argc, char **argv)
{
    struct options o = { .connections = 1,
                         .min_version = TLSC_TLS12,
                         .max_version = TLSC_TLS13,
                         .name = "localhost",
                         .request = "GET / HTTP/1.0\r\nHost: localhost\r\n\r\n" };
    if (argc < 2) {
        usage("client or server?");
    }
    o.server = strcmp(argv[1], "server") == 0;
    for (int i = 2; i < argc; i++) {
        if (parse_flag(&o, argv[i])) {
            continue;
        }
        if (i + 1 == argc) {
            usage(argv[i]);
        }
        parse_value(&o, argv[i], argv[i + 1]);
        i++;
    }
    return o;
}

/* ---- the configuration ---- */

/* The peer's key is this one, whoever signed its certificate. */
static void pin(tlsc_config_builder *b, const struct options *o)
{
    tlsc_bytes spki = file_contents(o->pin);
    try(o->pin, tlsc_config_set_pinned_keys(b, &spki, 1));
}

static tlsc_err ticket_keys(void *ctx, tlsc_ticket_keys *out)
{
    *out = *(const tlsc_ticket_keys *)ctx;
    return TLSC_OK;
}

/* A client that sends early data twice would be seen by its first bytes; one process, one list. */
static tlsc_err is_first(void *ctx, const uint8_t id[32], int64_t until_ms, bool *first)
{
    static uint8_t seen[64][32];
    static size_t num;
    (void)ctx;
    (void)until_ms;
    for (size_t i = 0; i < num; i++) {
        if (memcmp(seen[i], id, 32) == 0) {
            *first = false;
            return TLSC_OK;
        }
    }
    if (num == 64) {
        return TLSC_E_NO_MEMORY;
    }
    memcpy(seen[num++], id, 32);
    *first = true;
    return TLSC_OK;
}

static void set_sessions(tlsc_config_builder *b, const struct options *o)
{
    static tlsc_ticket_keys keys;
    static const uint8_t identity[32] = { 1 };
    keys.num = 1;
    try("ticket key", tlsc_ticket_key_new(tlsc_provider_default(), now_ms(NULL) - 1000,
                                          now_ms(NULL) + 3600000, &keys.keys[0]));
    tlsc_ticketer ticketer = { .size = sizeof(ticketer),
                               .ctx = &keys,
                               .read_keys = ticket_keys,
                               .lifetime_s = 3600 };
    try("ticketer", tlsc_config_set_ticketer(b, &ticketer, identity, 2));
    if (o->store) {
        tlsc_memory_store *memory;
        try("store", tlsc_memory_store_new(256, now_ms, NULL, &memory));
        tlsc_store store = tlsc_memory_store_as_store(memory);
        try("store", tlsc_config_set_store(b, &store, false));
    }
    if (o->early) {
        tlsc_replay_guard guard = { .size = sizeof(guard), .is_first = is_first };
        try("early data", tlsc_config_accept_early_data(b, 16384, &guard));
    }
}

static void add_credential(tlsc_config_builder *b, const struct options *o)
{
    if (o->key == NULL) {
        return;
    }
    tlsc_credential *c = NULL;
    const tlsc_provider *p = tlsc_provider_default();
    tlsc_bytes key = file_contents(o->key);
    try(o->key, o->raw_key ? tlsc_credential_raw_key(p, key, &c, NULL)
                           : tlsc_credential_from_pem(p, file_contents(o->cert), key, &c, NULL));
    try("credential", tlsc_config_add_credential(b, c));
    tlsc_credential_free(c);
}

static void set_compression(tlsc_config_builder *b, const char *name)
{
    size_t num;
    const tlsc_compression *const *all = tlsc_compressions(&num);
    for (size_t i = 0; i < num; i++) {
        if (strcmp(all[i]->name, name) == 0) {
            try(name, tlsc_config_set_certificate_compression(b, &all[i], 1));
            return;
        }
    }
    usage(name);
}

/* The name of an algorithm that was used, or "". */
static const char *compression_name(uint16_t id)
{
    const tlsc_compression *by = tlsc_compression_by_id(id);
    return by != NULL ? by->name : "";
}

static const tlsc_config *configure(const struct options *o)
{
    static const uint8_t raw = TLSC_CERT_RAW_PUBLIC_KEY;
    const tlsc_provider *p = tlsc_provider_default();
    const tlsc_config *config = NULL;
    tlsc_config_builder *b =
        o->server ? tlsc_config_builder_new(p) : tlsc_config_builder_new_client(p);
    if (b == NULL) {
        die("builder", TLSC_E_NO_MEMORY);
    }
    try("versions", tlsc_config_set_versions(b, o->min_version, o->max_version));
    if (o->num_groups > 0) {
        try("groups", tlsc_config_set_groups(b, o->groups, o->num_groups));
    }
    if (o->alpn != NULL) {
        tlsc_bytes name = { (const uint8_t *)o->alpn, strlen(o->alpn) };
        try("alpn", tlsc_config_set_alpn(b, &name, 1));
    }
    add_credential(b, o);
    if (o->pin != NULL) {
        pin(b, o);
    }
    if (o->peer_raw_key) {
        try("certificate types", tlsc_config_set_peer_certificate_types(b, &raw, 1));
    }
    tlsc_config_post_handshake_auth(b, o->pha);
    tlsc_config_allow_export(b, o->export != NULL);
    if (o->compression != NULL) {
        set_compression(b, o->compression);
    }
    if (o->record_size_limit > 0) {
        try("record size limit",
            tlsc_config_set_record_size_limit(b, (uint16_t)o->record_size_limit));
    }
    if (o->server) {
        set_sessions(b, o);
        try("client auth", tlsc_config_set_client_auth(b, o->client_auth));
    }
    try("configuration", tlsc_config_build(b, &config));
    tlsc_config_builder_free(b);
    return config;
}

/* ---- the socket ---- */

static int listen_on(unsigned *port)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)*port) };
    socklen_t n = sizeof(a);
    int on = 1;
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (bind(fd, (struct sockaddr *)&a, sizeof(a)) != 0 || listen(fd, 16) != 0 ||
        getsockname(fd, (struct sockaddr *)&a, &n) != 0) {
        usage("can't listen");
    }
    *port = ntohs(a.sin_port);
    return fd;
}

static void be_patient(int fd)
{
    struct timeval t = { .tv_sec = (time_t)patience_s };
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t));
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &t, sizeof(t));
}

static int connect_to(unsigned port)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    be_patient(fd);
    if (connect(fd, (struct sockaddr *)&a, sizeof(a)) != 0) {
        usage("can't connect");
    }
    return fd;
}

/* ---- a connection ---- */

struct link {
    int fd;
    tlsc_stream *stream;
    const tlsc_config *config;
    char text[65536]; /* what was read */
    size_t text_n;
    size_t early_n; /* of it, before the handshake was done */
    bool ended;
    tlsc_err error;
};

static bool flush(struct link *l)
{
    tlsc_bytes out;
    while (tlsc_stream_output(l->stream, &out) == TLSC_OK && out.n > 0) {
        ssize_t n = send(l->fd, out.p, out.n, MSG_NOSIGNAL);
        if (n <= 0) {
            return false;
        }
        tlsc_stream_sent(l->stream, (size_t)n);
    }
    return true;
}

static bool done(const struct link *l)
{
    tlsc_info info;
    tlsc_conn_info(tlsc_stream_conn(l->stream), &info);
    return info.handshake_done;
}

static void take_text(struct link *l)
{
    size_t room = sizeof(l->text) - 1 - l->text_n;
    size_t n = tlsc_stream_read(l->stream, (uint8_t *)l->text + l->text_n, room);
    l->text_n += n;
    l->text[l->text_n] = 0;
    if (!done(l)) {
        l->early_n += n;
    }
}

static void answer(struct link *l)
{
    tlsc_opened opened;
    tlsc_conn *c = tlsc_stream_conn(l->stream);
    while (tlsc_conn_wait(c) == TLSC_WAIT_CONFIG) {
        l->error =
            tlsc_conn_answer_config(c, l->config, (tlsc_bytes){ NULL, 0 }, NULL, &opened);
        if (l->error == TLSC_OK) {
            l->error = tlsc_stream_step(l->stream);
        }
    }
}

/* Reads once from the socket, and lets the engine work. False at the end, whichever it was. */
static bool move(struct link *l)
{
    uint8_t buf[16384];
    if (!flush(l)) {
        return false;
    }
    ssize_t n = recv(l->fd, buf, sizeof(buf), 0);
    if (n <= 0) {
        l->ended = true;
        return false;
    }
    l->error = tlsc_stream_feed(l->stream, buf, (size_t)n);
    if (l->error == TLSC_OK) {
        answer(l);
    }
    take_text(l);
    tlsc_info info;
    tlsc_conn_info(tlsc_stream_conn(l->stream), &info);
    l->ended = info.close_notify_received;
    return flush(l) && l->error == TLSC_OK && !l->ended;
}

static const char *early_name(tlsc_early_data e)
{
    static const char *const names[] = { "none", "pending", "accepted", "off",    "not resumed",
                                         "retry", "alpn",   "suite",    "age",    "replay",
                                         "session", "refused", "version" };
    return names[e];
}

/* 32 bytes of keying material, in hexadecimal digits; nothing without a label. */
static void export(const struct link *l, const char *label, char hex[65])
{
    uint8_t bytes[32];
    hex[0] = 0;
    if (label != NULL && done(l)) {
        tlsc_bytes none = { NULL, 0 };
        try("export", tlsc_conn_export(tlsc_stream_conn(l->stream), bytes, sizeof(bytes), label,
                                       none, false));
        for (size_t i = 0; i < sizeof(bytes); i++) {
            snprintf(hex + 2 * i, 3, "%02X", (unsigned)bytes[i]);
        }
    }
}

static void print_report(const struct options *o, const struct link *l, bool asked_later)
{
    char exported[65];
    export(l, l->error == TLSC_OK ? o->export : NULL, exported);
    tlsc_info i;
    tlsc_failure f;
    tlsc_conn_info(tlsc_stream_conn(l->stream), &i);
    tlsc_conn_error(tlsc_stream_conn(l->stream), &f);
    printf("{\"done\": %s, \"version\": \"%s\", \"suite\": \"%s\", \"group\": \"%s\", "
           "\"resumed\": %s, \"hello_retry\": %s, \"authenticated\": %s, \"raw_key\": %s, "
           "\"own_raw_key\": %s, \"compression\": \"%s\", \"peer_compression\": \"%s\", "
           "\"exported\": \"%s\", \"max_sent\": %u, \"max_received\": %u, "
           "\"early\": \"%s\", \"early_bytes\": %zu, \"later\": %s, \"alpn\": \"%.*s\", "
           "\"bytes\": %zu, \"error\": \"%s\", \"alert_sent\": %d, \"alert_received\": %d}\n",
           i.handshake_done ? "true" : "false",
           i.version == TLSC_TLS12   ? "1.2"
           : i.version == TLSC_TLS13 ? "1.3"
                                     : "",
           tlsc_suite_name(i.suite), tlsc_group_name(i.group), i.resumed ? "true" : "false",
           i.hello_retry ? "true" : "false", i.peer_authenticated ? "true" : "false",
           i.peer_certificate_type == TLSC_CERT_RAW_PUBLIC_KEY ? "true" : "false",
           i.credential != NULL &&
                   tlsc_credential_type(i.credential) == TLSC_CERT_RAW_PUBLIC_KEY
               ? "true"
               : "false",
           compression_name(i.certificate_compression),
           compression_name(i.peer_certificate_compression), exported, (unsigned)i.max_record_sent,
           (unsigned)i.max_record_received, early_name(i.early_data), l->early_n,
           asked_later ? "true" : "false", (int)i.alpn.n,
           (const char *)(i.alpn.p != NULL ? i.alpn.p : (const uint8_t *)""), l->text_n,
           l->error == TLSC_OK ? f.code == TLSC_OK ? "" : tlsc_err_name(f.code)
                               : tlsc_err_name(l->error),
           (int)f.alert_sent, (int)f.alert_received);
    fflush(stdout);
}

static void close_link(struct link *l)
{
    (void)tlsc_conn_close(tlsc_stream_conn(l->stream));
    flush(l);
    tlsc_stream_free(l->stream);
    shutdown(l->fd, SHUT_WR);
    uint8_t rest[256];
    while (recv(l->fd, rest, sizeof(rest), 0) > 0) {
    }
    close(l->fd);
}

static void say(struct link *l, const char *text)
{
    l->error = tlsc_stream_write(l->stream, (const uint8_t *)text, strlen(text));
    flush(l);
}

/* ---- the client ---- */

static void on_session(void *ctx, tlsc_bytes bytes)
{
    (void)ctx;
    uint8_t *copy = (uint8_t *)malloc(bytes.n);
    if (copy == NULL || num_sessions == SESSIONS_MAX) {
        free(copy);
        return;
    }
    memcpy(copy, bytes.p, bytes.n);
    sessions[num_sessions++] = (struct session){ copy, bytes.n };
}

static tlsc_conn_options conn_options(void)
{
    tlsc_conn_options o = { .size = sizeof(o), .now_ms = now_ms };
    return o;
}

static void client_connection(const struct options *o, const tlsc_config *config)
{
    tlsc_conn *c;
    tlsc_conn_options options = conn_options();
    tlsc_bytes last = { NULL, 0 };
    tlsc_client_options co = { .size = sizeof(co),
                               .name = { (const uint8_t *)o->name, strlen(o->name) },
                               .early_data = o->early,
                               .on_session = on_session };
    if (num_sessions > 0) {
        last = (tlsc_bytes){ sessions[num_sessions - 1].bytes, sessions[num_sessions - 1].n };
        co.sessions = &last;
        co.num_sessions = 1;
    }
    struct link *l = (struct link *)calloc(1, sizeof(*l));
    if (l == NULL) {
        die("memory", TLSC_E_NO_MEMORY);
    }
    l->fd = connect_to(o->port);
    l->config = config;
    try("client", tlsc_conn_new_client(&options, config, &co, &c));
    try("stream", tlsc_stream_new(c, &l->stream));
    bool said = false;
    if (o->early && tlsc_conn_early_data_left(c) >= strlen(o->request)) {
        say(l, o->request);
        said = true;
    }
    while (!done(l) && move(l)) {
    }
    tlsc_info info;
    tlsc_conn_info(c, &info);
    if (info.handshake_done && (!said || info.early_data != TLSC_EARLY_ACCEPTED)) {
        say(l, o->request);
    }
    while (l->error == TLSC_OK && !l->ended &&
           (o->linger || o->pha || strchr(l->text, '\n') == NULL) && move(l)) {
    }
    if (l->text_n > 0) {
        printf("it says: %s\n", l->text);
    }
    print_report(o, l, false);
    close_link(l);
    free(l);
}

/* ---- the server ---- */

/* Asks for the client's certificate once its request is there, and goes on when it came. */
static bool ask_later(struct link *l)
{
    tlsc_info info;
    tlsc_conn *c = tlsc_stream_conn(l->stream);
    l->error = tlsc_conn_request_certificate(c);
    do {
        tlsc_conn_info(c, &info);
    } while (l->error == TLSC_OK && !info.peer_authenticated && move(l));
    return info.peer_authenticated;
}

static void server_connection(const struct options *o, const tlsc_config *config, int fd)
{
    tlsc_conn *c;
    tlsc_conn_options options = conn_options();
    struct link *l = (struct link *)calloc(1, sizeof(*l));
    if (l == NULL) {
        die("memory", TLSC_E_NO_MEMORY);
    }
    bool later = false;
    be_patient(fd);
    l->fd = fd;
    l->config = config;
    try("server", tlsc_conn_new_server(&options, &c));
    try("stream", tlsc_stream_new(c, &l->stream));
    while (!done(l) && move(l)) {
    }
    tlsc_conn_send_tickets(c); /* some clients ask for nothing before they have one */
    while (strchr(l->text, '\n') == NULL && move(l)) {
    }
    if (done(l) && l->error == TLSC_OK && l->text_n > 0) {
        later = o->pha && ask_later(l);
        if (l->error == TLSC_OK) {
            say(l, reply);
        }
    }
    print_report(o, l, later);
    close_link(l);
    free(l);
}

static void serve(const struct options *o, const tlsc_config *config)
{
    unsigned port = o->port;
    int listener = listen_on(&port);
    be_patient(listener);
    printf("port %u\n", port);
    fflush(stdout);
    for (unsigned i = 0; i < o->connections; i++) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0) {
            fprintf(stderr, "peer: nobody came: %s\n", strerror(errno));
            exit(3);
        }
        server_connection(o, config, fd);
    }
}

int main(int argc, char **argv)
{
    struct options o = parse(argc, argv);
    signal(SIGPIPE, SIG_IGN);
    const tlsc_config *config = configure(&o);
    if (o.server) {
        serve(&o, config);
    } else {
        for (unsigned i = 0; i < o.connections; i++) {
            client_connection(&o, config);
        }
    }
    tlsc_config_free(config);
    for (size_t i = 0; i < num_sessions; i++) {
        free(sessions[i].bytes);
    }
    return 0;
}
