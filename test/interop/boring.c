/* SPDX-License-Identifier: Apache-2.0 */
/* test/interop/boring.c: BoringSSL's libssl as a client or a server over a socket, with certificate
 * compression by the libraries themselves (test/lib/boring_compress.h), which its own program hasn't.
 * Its options are those of peer.c; both sides print what the other said, and end by themselves. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "boring_compress.h"

enum { PATIENCE_S = 60 };

struct options {
    bool server;
    unsigned port;
    unsigned connections;
    const char *ca;
    const char *cert;
    const char *key;
    unsigned compressions;
};

static void die(const char *what)
{
    fprintf(stderr, "boring: %s\n", what);
    exit(2);
}

static unsigned compression_of(const char *name)
{
    if (strcmp(name, "zlib") == 0) {
        return BORING_ZLIB;
    }
    return strcmp(name, "brotli") == 0 ? BORING_BROTLI : BORING_ZSTD;
}

static struct options parse(int argc, char **argv)
{
    struct options o = { .connections = 1 };
    if (argc < 2 || argc % 2 != 0) {
        die("client or server, then options with a value");
    }
    o.server = strcmp(argv[1], "server") == 0;
    for (int i = 2; i < argc; i += 2) {
        const char *value = argv[i + 1];
        if (strcmp(argv[i], "--port") == 0) {
            o.port = (unsigned)atoi(value);
        } else if (strcmp(argv[i], "--connections") == 0) {
            o.connections = (unsigned)atoi(value);
        } else if (strcmp(argv[i], "--ca") == 0) {
            o.ca = value;
        } else if (strcmp(argv[i], "--cert") == 0) {
            o.cert = value;
        } else if (strcmp(argv[i], "--key") == 0) {
            o.key = value;
        } else if (strcmp(argv[i], "--compression") == 0) {
            o.compressions = compression_of(value);
        } else if (strcmp(argv[i], "--version") != 0 || strcmp(value, "1.3") != 0) {
            die(argv[i]); /* RFC 8879 is TLS 1.3's alone */
        }
    }
    return o;
}

static SSL_CTX *configure(const struct options *o)
{
    SSL_CTX *ctx = SSL_CTX_new(TLS_method());
    if (ctx == NULL || !SSL_CTX_set_min_proto_version(ctx, TLS1_3_VERSION) ||
        !boring_compress_add(ctx, o->compressions)) {
        die("no context");
    }
    if (o->key != NULL && (!SSL_CTX_use_certificate_chain_file(ctx, o->cert) ||
                           !SSL_CTX_use_PrivateKey_file(ctx, o->key, SSL_FILETYPE_PEM))) {
        die(o->key);
    }
    if (!o->server) {
        if (!SSL_CTX_load_verify_locations(ctx, o->ca, NULL)) {
            die(o->ca);
        }
        SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, NULL);
    }
    return ctx;
}

static void be_patient(int fd)
{
    struct timeval t = { .tv_sec = PATIENCE_S };
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof(t));
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &t, sizeof(t));
}

static void talk(const struct options *o, SSL_CTX *ctx, int fd)
{
    static const char request[] = "GET / HTTP/1.0\r\n\r\n";
    static const char reply[] = "HTTP/1.0 200 OK\r\nContent-Length: 14\r\n\r\nhello, boring\n";
    const char *words = o->server ? reply : request;
    char text[4096];
    SSL *ssl = SSL_new(ctx);
    be_patient(fd);
    if (ssl == NULL || !SSL_set_fd(ssl, fd) || !SSL_set_tlsext_host_name(ssl, "localhost")) {
        die("no connection");
    }
    int rc = o->server ? SSL_accept(ssl) : SSL_connect(ssl);
    if (rc == 1 && !o->server) {
        rc = SSL_write(ssl, words, (int)strlen(words));
    }
    int n = rc > 0 ? SSL_read(ssl, text, sizeof(text)) : 0;
    if (n > 0 && o->server) {
        (void)SSL_write(ssl, words, (int)strlen(words));
    }
    if (n <= 0) {
        ERR_print_errors_fp(stdout);
    }
    for (uint16_t id = 1; id <= 3; id++) {
        printf("compressed by %u: %u, decompressed: %u\n", (unsigned)id, boring_compressed(id),
               boring_decompressed(id));
    }
    printf("it says: %.*s\n", n > 0 ? n : 0, text);
    (void)SSL_shutdown(ssl);
    SSL_free(ssl);
    close(fd);
}

static struct sockaddr_in here(unsigned port)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return a;
}

static void serve(const struct options *o, SSL_CTX *ctx)
{
    struct sockaddr_in a = here(o->port);
    socklen_t n = sizeof(a);
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    be_patient(listener);
    if (bind(listener, (struct sockaddr *)&a, sizeof(a)) != 0 || listen(listener, 16) != 0 ||
        getsockname(listener, (struct sockaddr *)&a, &n) != 0) {
        die("can't listen");
    }
    printf("port %u\n", (unsigned)ntohs(a.sin_port));
    fflush(stdout);
    for (unsigned i = 0; i < o->connections; i++) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0) {
            die("nobody came");
        }
        talk(o, ctx, fd);
    }
}

static void fetch(const struct options *o, SSL_CTX *ctx)
{
    struct sockaddr_in a = here(o->port);
    for (unsigned i = 0; i < o->connections; i++) {
        int fd = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(fd, (struct sockaddr *)&a, sizeof(a)) != 0) {
            die("can't connect");
        }
        talk(o, ctx, fd);
    }
}

int main(int argc, char **argv)
{
    struct options o = parse(argc, argv);
    signal(SIGPIPE, SIG_IGN);
    SSL_CTX *ctx = configure(&o);
    if (o.server) {
        serve(&o, ctx);
    } else {
        fetch(&o, ctx);
    }
    SSL_CTX_free(ctx);
    return 0;
}
