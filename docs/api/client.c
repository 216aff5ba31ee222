/* SPDX-License-Identifier: Apache-2.0 */
/* client HOST PORT: asks an HTTPS server that the system trusts for /, and prints the answer. */
#include <err.h>
#include <netdb.h>
#include <stdio.h>
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
    for (ssize_t n = 0; n >= 0 && tlsc_stream_output(s, &out) == TLSC_OK && out.n > 0;) {
        n = send(fd, out.p, out.n, MSG_NOSIGNAL);
        tlsc_stream_sent(s, n > 0 ? (size_t)n : 0);
    }
}

int main(int argc, char **argv)
{
    static const char request[] = "GET / HTTP/1.0\r\n\r\n";
    struct addrinfo *at;
    if (argc != 3 || getaddrinfo(argv[1], argv[2], NULL, &at) != 0) {
        errx(2, "usage: client HOST PORT");
    }
    tlsc_config_builder *builder = tlsc_config_builder_new_client(tlsc_provider_default());
    const tlsc_config *config;
    tlsc_stream *s;
    must(tlsc_config_trust_system(builder)); /* whom we trust; the rest is by default */
    must(tlsc_config_build(builder, &config));
    must(tlsc_stream_new_client(config, argv[1], tlsc_wall_ms, &s)); /* its ClientHello is ready */
    int fd = socket(at->ai_family, SOCK_STREAM, 0);
    if (connect(fd, at->ai_addr, at->ai_addrlen) != 0) {
        err(1, "%s", argv[1]);
    }
    tlsc_info info = { 0 };
    for (bool asked = false; !info.close_notify_received;) {
        uint8_t buf[16384];
        flush(s, fd);
        ssize_t n = recv(fd, buf, sizeof(buf), 0);
        tlsc_err e = n > 0 ? tlsc_stream_feed(s, buf, (size_t)n)
                           : tlsc_conn_end_of_input(tlsc_stream_conn(s));
        flush(s, fd); /* an alert, if that failed */
        must(e);
        tlsc_conn_info(tlsc_stream_conn(s), &info);
        if (info.handshake_done && !asked) {
            must(tlsc_stream_write(s, (const uint8_t *)request, sizeof(request) - 1));
            asked = true;
        }
        for (size_t got; (got = tlsc_stream_read(s, buf, sizeof(buf))) > 0;) {
            fwrite(buf, 1, got, stdout);
        }
    }
    tlsc_stream_free(s); /* and its connection */
    tlsc_config_free(config);
    tlsc_config_builder_free(builder);
    freeaddrinfo(at);
}
