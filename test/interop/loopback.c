/* SPDX-License-Identifier: Apache-2.0 */
/* test/interop/loopback.c: for LD_PRELOAD, with servers that can't be told where to listen: they listen
 * on 127.0.0.1 alone. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

typedef int (*bind_fn)(int fd, const struct sockaddr *address, socklen_t n);

int bind(int fd, const struct sockaddr *address, socklen_t n)
{
    union {
        struct sockaddr any;
        struct sockaddr_in in;
        struct sockaddr_in6 in6;
    } a;
    union {
        void *object;
        bind_fn function;
    } next = { .object = dlsym(RTLD_NEXT, "bind") };
    if (n > sizeof(a)) {
        return next.function(fd, address, n);
    }
    memcpy(&a, address, n);
    if (a.any.sa_family == AF_INET) {
        a.in.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    } else if (a.any.sa_family == AF_INET6) { /* ::ffff:127.0.0.1 */
        static const unsigned char mapped[16] = { [10] = 0xff, 0xff, 127, 0, 0, 1 };
        memcpy(&a.in6.sin6_addr, mapped, sizeof(mapped));
    }
    return next.function(fd, &a.any, n);
}
