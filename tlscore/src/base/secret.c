/* SPDX-License-Identifier: Apache-2.0 */
/* base/secret.c: wiping and comparing; libsodium's comparison is the one constant-time compare. */
#include "base/secret.h"

#include <sodium.h>

#include "base/mem.h"

void tlsc_secret_clear(tlsc_secret *s)
{
    tlsc_wipe(s, sizeof(*s));
}

bool tlsc_ct_equal(tlsc_bytes a, tlsc_bytes b)
{
    return a.n == b.n && (a.n == 0 || sodium_memcmp(a.p, b.p, a.n) == 0);
}
