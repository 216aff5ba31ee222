/* SPDX-License-Identifier: Apache-2.0 */
/* client HOST PORT KEY.der: asks the HTTPS server that holds this public key for /, prints the answer. */
#include <err.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <tlscore.h>

static void must(tlsc_err e)
{
    if (e != TLSC_OK) {
        errx(1, "%s (%s)", tlsc_err_text(e), tlsc_err_name(e));
    }
}

/* Sends what the connection has for its peer: handshake, data, alerts. */
static void flush(tlsc_stream *s, int fd)
{
    tlsc_bytes out;
    ssize_t n = 0;
    while (tlsc_stream_output(s, &out) == TLSC_OK && out.n > 0 && n >= 0) {
        n = send(fd, out.p, out.n, MSG_NOSIGNAL);
        tlsc_stream_sent(s, n > 0 ? (size_t)n : 0);
    }
}

int main(int argc, char **argv)
{
    static const char request[] = "GET / HTTP/1.0\r\n\r\n";
    uint8_t key[1024], buf[16384];
    struct addrinfo *at;
    FILE *f = argc == 4 ? fopen(argv[3], "rb") : NULL;
    if (f == NULL || getaddrinfo(argv[1], argv[2], NULL, &at) != 0) {
        errx(2, "usage: client HOST PORT KEY.der");
    }
    tlsc_bytes pin = { key, fread(key, 1, sizeof(key), f) };
    tlsc_bytes name = { (const uint8_t *)argv[1], strlen(argv[1]) };

    tlsc_config_builder *builder = tlsc_config_builder_new_client(tlsc_provider_default());
    const tlsc_config *config;
    must(tlsc_config_set_pinned_keys(builder, &pin, 1)); /* whom we trust; the rest is by default */
    must(tlsc_config_build(builder, &config));

    tlsc_conn_options options = { .size = sizeof(options) };
    tlsc_client_options client = { .size = sizeof(client), .name = name };
    tlsc_info info = { 0 };
    tlsc_conn *c;
    tlsc_stream *s;
    must(tlsc_conn_new_client(&options, config, &client, &c)); /* its ClientHello is ready */
    must(tlsc_stream_new(c, &s));

    int fd = socket(at->ai_family, SOCK_STREAM, 0);
    if (connect(fd, at->ai_addr, at->ai_addrlen) != 0) {
        err(1, "%s", argv[1]);
    }
    for (bool asked = false; !info.close_notify_received;) {
        flush(s, fd);
        ssize_t n = recv(fd, buf, sizeof(buf), 0);
        tlsc_err e = n > 0 ? tlsc_stream_feed(s, buf, (size_t)n) : tlsc_conn_end_of_input(c);
        flush(s, fd); /* an alert, if that failed */
        must(e);
        tlsc_conn_info(c, &info);
        if (info.handshake_done && !asked) {
            must(tlsc_stream_write(s, (const uint8_t *)request, sizeof(request) - 1));
            asked = true;
        }
        for (size_t got; (got = tlsc_stream_read(s, buf, sizeof(buf))) > 0;) {
            fwrite(buf, 1, got, stdout);
        }
    }
    must(tlsc_conn_close(c));
    flush(s, fd);
    tlsc_stream_free(s); /* and its connection */
    tlsc_config_free(config);
    tlsc_config_builder_free(builder);
    freeaddrinfo(at);
    fclose(f);
}
