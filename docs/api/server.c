/* SPDX-License-Identifier: Apache-2.0 */
/* server CERT.pem: answers HTTPS requests on a free port of 127.0.0.1, which it prints, with what was
 * negotiated. CERT.pem holds the certificate, its chain and its private key. */
#include <arpa/inet.h>
#include <err.h>
#include <stdio.h>
#include <sys/socket.h>
#include <tlscore.h>
#include <unistd.h>

static void must(tlsc_err e)
{
    if (e != TLSC_OK) {
        errx(1, "%s (%s)", tlsc_err_text(e), tlsc_err_name(e));
    }
}

/* Bytes from the client: on with the handshake, and once that is done, an answer to a request. */
static tlsc_err take(tlsc_stream *s, const uint8_t *p, size_t n)
{
    char text[256];
    tlsc_info info;
    tlsc_err e = tlsc_stream_feed(s, p, n);
    if (e == TLSC_OK && tlsc_stream_read(s, (uint8_t *)text, sizeof(text)) > 0) {
        tlsc_conn_info(tlsc_stream_conn(s), &info);
        int len = snprintf(text, sizeof(text), "HTTP/1.0 200 OK\r\n\r\n%s, %s\n",
                           tlsc_suite_name(info.suite), tlsc_group_name(info.group));
        e = tlsc_stream_write(s, (const uint8_t *)text, (size_t)len);
        e = e == TLSC_OK ? tlsc_conn_close(tlsc_stream_conn(s)) : e;
    }
    return e;
}

static void serve(tlsc_stream *s, int fd)
{
    uint8_t buf[16384];
    tlsc_bytes out;
    tlsc_err e = TLSC_OK;
    for (ssize_t n; e == TLSC_OK && (n = recv(fd, buf, sizeof(buf), 0)) > 0;) {
        e = take(s, buf, (size_t)n);
        while (n >= 0 && tlsc_stream_output(s, &out) == TLSC_OK && out.n > 0) {
            n = send(fd, out.p, out.n, MSG_NOSIGNAL); /* also when it failed: the alert */
            tlsc_stream_sent(s, n > 0 ? (size_t)n : 0);
        }
    }
    fprintf(stderr, "server: %s\n", e == TLSC_OK ? "served" : tlsc_err_text(e));
    tlsc_stream_free(s);
    close(fd);
}

int main(int argc, char **argv)
{
    static uint8_t pem[65536];
    FILE *f = argc == 2 ? fopen(argv[1], "rb") : NULL;
    if (f == NULL) {
        errx(2, "usage: server CERT.pem");
    }
    tlsc_bytes chain = { pem, fread(pem, 1, sizeof(pem), f) }, no_other_file = { NULL, 0 };
    tlsc_config_builder *builder = tlsc_config_builder_new(tlsc_provider_default());
    tlsc_credential *credential;
    const tlsc_config *config;
    must(tlsc_credential_from_pem(tlsc_provider_default(), chain, no_other_file, &credential, NULL));
    must(tlsc_config_add_credential(builder, credential));
    must(tlsc_config_build(builder, &config));

    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t n = sizeof(at);
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(listener, (struct sockaddr *)&at, n) != 0 || listen(listener, 16) != 0 ||
        getsockname(listener, (struct sockaddr *)&at, &n) != 0) {
        err(1, "listen");
    }
    printf("port %u\n", ntohs(at.sin_port));
    fflush(stdout);
    for (int fd; (fd = accept(listener, NULL, NULL)) >= 0;) {
        tlsc_stream *s;
        must(tlsc_stream_new_server(config, NULL, &s));
        serve(s, fd);
    }
}
