/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/libcrypto/memory.c: libcrypto allocates through base/mem.h.
 *
 * libcrypto looks for these names through weak symbols, which a symbol prefix does not touch. They
 * are hidden: no other module of the process can take them over, and none gets them. */
#include <openssl/mem.h>

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

/* As AWS-LC does it by itself where this one is missing: OPENSSL_malloc, which comes back to us,
 * also says in the error queue that memory is short. `p` is not NULL, and stays on failure. */
void *OPENSSL_memory_realloc(void *p, size_t size)
{
    size_t old_size = tlsc_mem_size(p);
    void *moved = OPENSSL_malloc(size);
    if (moved == NULL) {
        return NULL;
    }
    memcpy(moved, p, old_size < size ? old_size : size);
    tlsc_mem_free(p);
    return moved;
}

void tlsc_libcrypto_memory(void)
{
}
