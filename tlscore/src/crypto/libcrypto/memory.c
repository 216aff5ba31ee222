/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/libcrypto/memory.c: libcrypto allocates through base/mem.h.
 *
 * libcrypto looks for these names through weak symbols, which a symbol prefix does not touch. They
 * are hidden: no other module of the process can take them over, and none gets them. */
#include <stddef.h>

#include "base/mem.h"
#include "crypto/libcrypto/libcrypto.h"

#define HIDDEN __attribute__((visibility("hidden")))

/* Declared here, since libcrypto's headers don't. AWS-LC would also look for a realloc, and makes
 * one from these three where there is none. */
HIDDEN void *OPENSSL_memory_alloc(size_t size);
HIDDEN void OPENSSL_memory_free(void *p);
HIDDEN size_t OPENSSL_memory_get_size(void *p);

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

void tlsc_libcrypto_memory(void)
{
}
