/* SPDX-License-Identifier: Apache-2.0 */
/* api/hello_api.c: the ClientHello as tlscore/hello.h shows it. */
#include "base/bytes.h"
#include "handshake/hello.h"
#include "wire/enums.h"

tlsc_bytes tlsc_hello_server_name(const tlsc_hello *h)
{
    return tlsc_bytes_of(h->name, h->name_n);
}

bool tlsc_hello_alpn_next(const tlsc_hello *h, size_t *at, tlsc_bytes *name)
{
    tlsc_rd list = tlsc_rd_of(h->msg.alpn);
    for (size_t i = 0; tlsc_alpn_next(&list, name); i++) {
        if (i == *at) {
            ++*at;
            return true;
        }
    }
    *name = tlsc_bytes_of(NULL, 0);
    return false;
}

/* Without supported_versions a client offers all up to its legacy_version, but never TLS 1.3, which
 * only the extension can say. RFC 8446 4.2.1 */
bool tlsc_hello_version_at(const tlsc_hello *h, size_t i, uint16_t *version)
{
    if (tlsc_exts_has(&h->msg.exts, TLSC_EXT_supported_versions)) {
        return tlsc_u16_list_at(h->msg.versions, i, version);
    }
    uint16_t legacy = h->msg.legacy_version;
    *version = legacy > TLSC_TLS12 ? TLSC_TLS12 : legacy;
    return i == 0;
}

bool tlsc_hello_suite_at(const tlsc_hello *h, size_t i, uint16_t *suite)
{
    return tlsc_u16_list_at(h->msg.cipher_suites, i, suite);
}

bool tlsc_hello_group_at(const tlsc_hello *h, size_t i, uint16_t *group)
{
    return tlsc_u16_list_at(h->msg.groups, i, group);
}

bool tlsc_hello_scheme_at(const tlsc_hello *h, size_t i, uint16_t *scheme)
{
    return tlsc_u16_list_at(h->msg.signature_algorithms, i, scheme);
}

bool tlsc_hello_offers_version(const tlsc_hello *h, uint16_t version)
{
    uint16_t v;
    for (size_t i = 0; tlsc_hello_version_at(h, i, &v); i++) {
        if (v == version) {
            return true;
        }
    }
    return false;
}

bool tlsc_hello_offers_suite(const tlsc_hello *h, uint16_t suite)
{
    return tlsc_u16_list_has(h->msg.cipher_suites, suite);
}

bool tlsc_hello_offers_group(const tlsc_hello *h, uint16_t group)
{
    return tlsc_u16_list_has(h->msg.groups, group);
}

bool tlsc_hello_offers_scheme(const tlsc_hello *h, uint16_t scheme)
{
    return tlsc_u16_list_has(h->msg.signature_algorithms, scheme);
}

tlsc_bytes tlsc_hello_raw(const tlsc_hello *h)
{
    return tlsc_hello_body(h);
}
