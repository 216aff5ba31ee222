/* SPDX-License-Identifier: Apache-2.0 */
/* test/bogo/compress.c: the runner's own algorithms, as its cert_compression_tests.go describes them. */
#include "compress.h"

#include <string.h>

enum { SHRINKING = 0xff01, EXPANDING = 0xff02, RANDOM = 0xff03 };

static const uint8_t zeroes[] = { 0, 0 };
static const uint8_t prefix[] = { 1, 2, 3, 4 };

/* Puts `front` in front. */
static tlsc_err prepend(const uint8_t *front, size_t front_n, tlsc_bytes in, uint8_t *out,
                        size_t room, size_t *n)
{
    if (front_n + in.n > room) {
        return TLSC_E_TOO_SMALL;
    }
    memcpy(out, front, front_n);
    memcpy(out + front_n, in.p, in.n);
    *n = front_n + in.n;
    return TLSC_OK;
}

/* Takes `num` bytes away, which are those of `front` if that is given. */
static tlsc_err behead(const uint8_t *front, size_t num, tlsc_bytes in, uint8_t *out, size_t n)
{
    if (in.n != num + n || (front != NULL && memcmp(in.p, front, num) != 0)) {
        return TLSC_E_BAD_COMPRESSED_CERTIFICATE;
    }
    memcpy(out, in.p + num, n);
    return TLSC_OK;
}

static tlsc_err shrink(tlsc_bytes in, uint8_t *out, size_t room, size_t *n)
{
    if (in.n < sizeof(zeroes) || in.n - sizeof(zeroes) > room) {
        return TLSC_E_TOO_SMALL;
    }
    *n = in.n - sizeof(zeroes);
    return behead(zeroes, sizeof(zeroes), in, out, *n);
}

static tlsc_err unshrink(tlsc_bytes in, uint8_t *out, size_t n)
{
    size_t got;
    bool fits = n == sizeof(zeroes) + in.n;
    return fits && prepend(zeroes, sizeof(zeroes), in, out, n, &got) == TLSC_OK
               ? TLSC_OK
               : TLSC_E_BAD_COMPRESSED_CERTIFICATE;
}

static tlsc_err expand(tlsc_bytes in, uint8_t *out, size_t room, size_t *n)
{
    return prepend(prefix, sizeof(prefix), in, out, room, n);
}

static tlsc_err unexpand(tlsc_bytes in, uint8_t *out, size_t n)
{
    return behead(prefix, sizeof(prefix), in, out, n);
}

static tlsc_err randomize(tlsc_bytes in, uint8_t *out, size_t room, size_t *n)
{
    const tlsc_random *random = tlsc_provider_default()->random;
    uint8_t byte;
    tlsc_err e = random->fill(random->ctx, &byte, 1);
    return e == TLSC_OK ? prepend(&byte, 1, in, out, room, n) : e;
}

static tlsc_err unrandomize(tlsc_bytes in, uint8_t *out, size_t n)
{
    return behead(NULL, 1, in, out, n);
}

static const tlsc_compression expanding = { EXPANDING, "expanding", expand, unexpand };
static const tlsc_compression shrinking = { SHRINKING, "shrinking", shrink, unshrink };
static const tlsc_compression randomizing = { RANDOM, "random", randomize, unrandomize };
static const tlsc_compression *const all[] = { &expanding, &shrinking, &randomizing };

tlsc_err compress_install(tlsc_config_builder *b, const struct settings *s)
{
    const tlsc_compression *list[3];
    size_t num = 0;

    for (size_t i = 0; i < 3; i++) {
        if (s->install_compressions || s->install_one_compression == all[i]->id) {
            list[num++] = all[i];
        }
    }
    return num == 0 && s->async ? TLSC_OK : tlsc_config_set_certificate_compression(b, list, num);
}
