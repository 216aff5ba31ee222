/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/libcrypto/memory.c: libcrypto allocates through base/mem.h.
 *
 * libcrypto looks for these names through weak symbols, which a symbol prefix does not touch. They
 * are hidden: no other module of the process can take them over, and none gets them. */
#include <stddef.h>
#include <string.h>

#include "base/mem.h"
#include "crypto/libcrypto/internal.h"

#define HIDDEN __attribute__((visibility("hidden")))

/* Declared here, since libcrypto's headers don't. BoringSSL looks for the first three. */
HIDDEN void *OPENSSL_memory_alloc(size_t size);
HIDDEN void OPENSSL_memory_free(void *p);
HIDDEN size_t OPENSSL_memory_get_size(void *p);
HIDDEN void *OPENSSL_memory_realloc(void *p, size_t size);

void *OPENSSL_memory_alloc(size_t size)
{
    return tlsc_mem_alloc(size);
}

void OPENSSL_memory_free(void *p)
{
    tlsc_mem_free(p);
}

size_t OPENSSL_memory_get_size(void *p)
{
    return tlsc_mem_size(p);
}

/* `p` is not NULL, and stays as it is on failure. */
void *OPENSSL_memory_realloc(void *p, size_t size)
{
    size_t old_size = tlsc_mem_size(p);
    void *bigger = tlsc_mem_alloc(size);
    if (bigger == NULL) {
        return NULL;
    }
    memcpy(bigger, p, old_size < size ? old_size : size);
    tlsc_mem_free(p);
    return bigger;
}

void tlsc_libcrypto_memory(void)
{
}
