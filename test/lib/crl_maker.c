/* SPDX-License-Identifier: Apache-2.0 */
#include "crl_maker.h"

#include "unit.h"

enum { MAX = 16 << 20, NO_MORE = 2 };

static const uint8_t ecdsa_sha256[] = { 0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce,
                                        0x3d, 0x04, 0x03, 0x02 };

/* An element around one thing. */
static tlsc_buf around(uint8_t tag, tlsc_bytes contents)
{
    static const uint8_t nothing[1] = { 0 };
    const tlsc_bytes parts[NO_MORE] = { { contents.n == 0 ? nothing : contents.p, contents.n } };
    return make_der(tag, parts);
}

static void append(tlsc_buf *b, tlsc_bytes data)
{
    assert_ok(tlsc_buf_append(b, data));
}

/* Appends a buffer and clears it. */
static void take(tlsc_buf *b, tlsc_buf data)
{
    append(b, tlsc_buf_bytes(&data));
    tlsc_buf_clear(&data);
}

/* The same around what a buffer holds, which is cleared. */
static tlsc_buf wrap(uint8_t tag, tlsc_buf contents)
{
    tlsc_buf out = around(tag, tlsc_buf_bytes(&contents));
    tlsc_buf_clear(&contents);
    return out;
}

static void append_time(tlsc_buf *b, const char *text)
{
    take(b, around(strlen(text) == 13 ? 0x17 : 0x18, tlsc_bytes_of_str(text)));
}

tlsc_buf make_crl_entry(tlsc_bytes serial, tlsc_bytes extensions)
{
    tlsc_buf b = tlsc_buf_of(MAX);
    take(&b, around(0x02, serial));
    append_time(&b, "251224000000Z");
    if (extensions.n > 0) {
        take(&b, around(0x30, extensions));
    }
    return wrap(0x30, b);
}

tlsc_buf make_crl_number(uint8_t number)
{
    return make_extension(0x14, false, BYTES(0x02, 0x01, number));
}

tlsc_buf make_idp(tlsc_bytes contents)
{
    tlsc_buf value = around(0x30, contents);
    tlsc_buf out = make_extension(0x1c, true, tlsc_buf_bytes(&value));
    tlsc_buf_clear(&value);
    return out;
}

tlsc_buf make_point_name(const char *uri)
{
    return wrap(0xa0, wrap(0xa0, around(0x86, tlsc_bytes_of_str(uri))));
}

tlsc_buf make_crl_points(const char *const *uris)
{
    tlsc_buf list = tlsc_buf_of(MAX);
    for (size_t i = 0; uris[i] != NULL; i++) {
        take(&list, wrap(0x30, make_point_name(uris[i])));
    }
    tlsc_buf value = wrap(0x30, list);
    tlsc_buf out = make_extension(0x1f, false, tlsc_buf_bytes(&value));
    tlsc_buf_clear(&value);
    return out;
}

static void append_entries(tlsc_buf *tbs, const crl_spec *s)
{
    tlsc_buf list = tlsc_buf_of(MAX);
    for (size_t i = 0; i < CRL_ENTRIES && s->entries[i].n > 0; i++) {
        append(&list, s->entries[i]);
    }
    if (list.n > 0 || s->empty_list) {
        take(tbs, around(0x30, tlsc_buf_bytes(&list)));
    }
    tlsc_buf_clear(&list);
}

static void append_extensions(tlsc_buf *tbs, const crl_spec *s)
{
    tlsc_buf list = tlsc_buf_of(MAX);
    for (size_t i = 0; i < CRL_EXTENSIONS && s->extensions[i].n > 0; i++) {
        append(&list, s->extensions[i]);
    }
    if (list.n > 0) {
        take(tbs, wrap(0xa0, around(0x30, tlsc_buf_bytes(&list))));
    }
    tlsc_buf_clear(&list);
}

tlsc_buf make_crl(const crl_spec *s)
{
    tlsc_buf tbs = tlsc_buf_of(MAX);
    tlsc_buf all = tlsc_buf_of(MAX);
    tlsc_bytes algorithm =
        s->algorithm.n > 0 ? s->algorithm : tlsc_bytes_of(ecdsa_sha256, sizeof(ecdsa_sha256));
    if (s->version.n > 0) {
        append(&tbs, s->version);
    } else if (!s->v1) {
        append(&tbs, BYTES(0x02, 0x01, 0x01));
    }
    append(&tbs, s->inner_algorithm.n > 0 ? s->inner_algorithm : algorithm);
    if (s->issuer_name.n > 0) {
        append(&tbs, s->issuer_name);
    } else {
        take(&tbs, make_name(s->issuer));
    }
    append_time(&tbs, s->this_update == NULL ? "260101000000Z" : s->this_update);
    const char *next = s->next_update == NULL ? "270101000000Z" : s->next_update;
    if (next[0] != '\0') {
        append_time(&tbs, next);
    }
    append_entries(&tbs, s);
    append_extensions(&tbs, s);
    take(&all, wrap(0x30, tbs));
    append(&all, algorithm);
    append(&all, BYTES(0x03, 0x03, 0x00, (uint8_t)(s->signer >> 8), (uint8_t)s->signer));
    return wrap(0x30, all);
}
