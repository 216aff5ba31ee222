/* SPDX-License-Identifier: Apache-2.0 */
/* tlsc/net.c: sockets. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "link.h"
#include "tool.h"

static void make_prompt(int fd)
{
    int on = 1;
    (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    (void)fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

/* Waits for a connection under way. Returns 0 or the errno. */
static int connected(int fd, unsigned patience_ms)
{
    struct pollfd p = {.fd = fd, .events = POLLOUT};
    int error = ETIMEDOUT;
    socklen_t n = sizeof(error);
    if (poll(&p, 1, (int)patience_ms) == 1) {
        (void)getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &n);
    }
    return error;
}

/* One address: a socket, or -1 with errno. */
static int try_address(const struct addrinfo *a, unsigned patience_ms)
{
    int fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return -1;
    }
    make_prompt(fd);
    int error = connect(fd, a->ai_addr, a->ai_addrlen) == 0 ? 0 : errno;
    if (error == EINPROGRESS) {
        error = connected(fd, patience_ms);
    }
    if (error != 0) {
        (void)close(fd);
        errno = error;
        return -1;
    }
    return fd;
}

int net_connect(const char *host, const char *port, unsigned patience_ms, char address[64],
                double *resolve_ms, double *tcp_ms)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *list;
    double start = clock_ms();
    int rc = getaddrinfo(host, port, &hints, &list);
    if (rc != 0) {
        die(EXIT_NETWORK, "%s port %s: %s", host, port, gai_strerror(rc));
    }
    double resolved = clock_ms();
    int fd = -1;
    for (const struct addrinfo *a = list; a != NULL && fd < 0; a = a->ai_next) {
        fd = try_address(a, patience_ms);
        if (fd >= 0) {
            (void)getnameinfo(a->ai_addr, a->ai_addrlen, address, 64, NULL, 0, NI_NUMERICHOST);
        }
    }
    int error = errno;
    freeaddrinfo(list);
    if (fd < 0) {
        die(EXIT_NETWORK, "%s port %s: %s", host, port, strerror(error));
    }
    *resolve_ms = resolved - start;
    *tcp_ms = clock_ms() - resolved;
    return fd;
}

int net_listen(const char *address, unsigned *port)
{
    char service[16];
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM,
                             .ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV};
    struct addrinfo *a;
    struct sockaddr_storage bound;
    socklen_t n = sizeof(bound);
    int on = 1;
    (void)snprintf(service, sizeof(service), "%u", *port);
    if (*port > 65535 || getaddrinfo(address, service, &hints, &a) != 0) {
        die(EXIT_WRONG, "%s port %u: no address to listen on", address, *port);
    }
    int fd = socket(a->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
    if (bind(fd, a->ai_addr, a->ai_addrlen) != 0 || listen(fd, 64) != 0 ||
        getsockname(fd, (struct sockaddr *)&bound, &n) != 0) {
        die(EXIT_NETWORK, "%s port %u: %s", address, *port, strerror(errno));
    }
    freeaddrinfo(a);
    *port = ntohs(bound.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&bound)->sin6_port
                                              : ((struct sockaddr_in *)&bound)->sin_port);
    return fd;
}

int net_accept(int listener)
{
    int fd;
    do {
        fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    } while (fd < 0 && (errno == EINTR || errno == ECONNABORTED));
    if (fd < 0) {
        die(EXIT_NETWORK, "accept: %s", strerror(errno));
    }
    make_prompt(fd);
    return fd;
}
