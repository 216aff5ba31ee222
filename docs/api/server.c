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

/* One client: its handshake, a request, the answer. */
static tlsc_err serve(tlsc_stream *s, int fd)
{
    uint8_t in[16384];
    tlsc_bytes out;
    tlsc_info info;
    tlsc_err e = TLSC_OK;
    for (ssize_t n; e == TLSC_OK && (n = recv(fd, in, sizeof(in), 0)) > 0;) {
        e = tlsc_stream_feed(s, in, (size_t)n);
        if (e == TLSC_OK && tlsc_stream_read(s, in, sizeof(in)) > 0) {
            tlsc_conn_info(tlsc_stream_conn(s), &info);
            int len = snprintf((char *)in, sizeof(in), "HTTP/1.0 200 OK\r\n\r\n%s, %s\n",
                               tlsc_suite_name(info.suite), tlsc_group_name(info.group));
            must(tlsc_stream_write(s, in, (size_t)len));
            must(tlsc_conn_close(tlsc_stream_conn(s)));
        }
        while (n >= 0 && tlsc_stream_output(s, &out) == TLSC_OK && out.n > 0) {
            n = send(fd, out.p, out.n, MSG_NOSIGNAL); /* also when it failed: the alert */
            tlsc_stream_sent(s, n > 0 ? (size_t)n : 0);
        }
    }
    return e;
}

int main(int argc, char **argv)
{
    tlsc_config_builder *builder = tlsc_config_builder_new(tlsc_provider_default());
    tlsc_credential *credential;
    const tlsc_config *config;
    if (argc != 2) {
        errx(2, "usage: server CERT.pem");
    }
    must(tlsc_credential_from_files(tlsc_provider_default(), argv[1], NULL, &credential, NULL));
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
    for (int fd; (fd = accept(listener, NULL, NULL)) >= 0; close(fd)) {
        tlsc_stream *s;
        must(tlsc_stream_new_server(config, NULL, &s));
        fprintf(stderr, "server: %s\n", tlsc_err_text(serve(s, fd)));
        tlsc_stream_free(s);
    }
}
