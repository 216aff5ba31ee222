/* SPDX-License-Identifier: Apache-2.0 */
/* wire/client_hello.c: ClientHello, RFC 8446 4.1.2 (and 5246 7.4.1.2, which it extends). */
#include "wire/client_hello.h"

#include <string.h>

#include "base/try.h"
#include "wire/certificate_request.h"
#include "wire/compressed_certificate.h"
#include "wire/enums.h"

/* struct { NameType name_type; opaque HostName<1..2^16-1>; } ServerName;
 * struct { ServerName server_name_list<1..2^16-1>; } ServerNameList;   RFC 6066 3
 * No other name type was ever defined, and one has no length to skip it by. */
static tlsc_err parse_server_name(tlsc_client_hello *ch, tlsc_bytes content)
{
    enum { HOST_NAME = 0, LONGEST_NAME = 255 };
    tlsc_rd r = tlsc_rd_of(content);
    tlsc_rd list = tlsc_rd_of(tlsc_rd_vec16(&r, 1, 65535));
    TRY(tlsc_rd_end(&r));
    tlsc_rd_check(&list, tlsc_rd_u8(&list) == HOST_NAME);
    ch->server_name = tlsc_rd_vec16(&list, 1, LONGEST_NAME);
    tlsc_rd_check(&list, ch->server_name.n == 0 ||
                             memchr(ch->server_name.p, 0, ch->server_name.n) == NULL);
    return tlsc_rd_end(&list);
}

/* ProtocolName protocol_name_list<2..2^16-1>;   RFC 7301 3.1 */
static tlsc_err parse_alpn(tlsc_client_hello *ch, tlsc_bytes content)
{
    tlsc_rd r = tlsc_rd_of(content);
    ch->alpn = tlsc_rd_vec16(&r, 2, 65535);
    TRY(tlsc_rd_end(&r));
    tlsc_rd list = tlsc_rd_of(ch->alpn);
    tlsc_bytes name;
    while (tlsc_alpn_next(&list, &name)) {
    }
    return tlsc_rd_end(&list);
}

/* KeyShareEntry client_shares<0..2^16-1>;   RFC 8446 4.2.8 */
static tlsc_err parse_key_shares(tlsc_client_hello *ch, tlsc_bytes content)
{
    tlsc_rd r = tlsc_rd_of(content);
    ch->key_shares = tlsc_rd_vec16(&r, 0, 65535);
    TRY(tlsc_rd_end(&r));
    tlsc_rd list = tlsc_rd_of(ch->key_shares);
    tlsc_key_share share;
    while (tlsc_key_share_next(&list, &share)) {
    }
    return tlsc_rd_end(&list);
}

/* PskIdentity identities<7..2^16-1>; PskBinderEntry binders<33..2^16-1>;   RFC 8446 4.2.11 */
static tlsc_err parse_psk(tlsc_client_hello *ch, tlsc_bytes content)
{
    tlsc_rd r = tlsc_rd_of(content);
    ch->psk_identities = tlsc_rd_vec16(&r, 7, 65535);
    ch->psk_binders = tlsc_rd_vec16(&r, 33, 65535);
    TRY(tlsc_rd_end(&r));
    tlsc_rd list = tlsc_rd_of(ch->psk_identities);
    tlsc_psk_identity identity;
    while (tlsc_psk_identity_next(&list, &identity)) {
    }
    TRY(tlsc_rd_end(&list));
    list = tlsc_rd_of(ch->psk_binders);
    tlsc_bytes binder;
    while (tlsc_psk_binder_next(&list, &binder)) {
    }
    TRY(tlsc_rd_end(&list));
    /* binders cover all that stands before them, so nothing may stand behind */
    return ch->exts.last_code == TLSC_EXTCODE_pre_shared_key ? TLSC_OK : TLSC_E_PSK_NOT_LAST;
}

static tlsc_err parse_cookie(tlsc_client_hello *ch, tlsc_bytes content)
{
    tlsc_rd r = tlsc_rd_of(content);
    ch->cookie = tlsc_rd_vec16(&r, 1, 65535);
    return tlsc_rd_end(&r);
}

/* One vector with a length of a byte is all the content. */
static tlsc_err parse_vec8(tlsc_bytes *out, tlsc_bytes content, size_t floor)
{
    tlsc_rd r = tlsc_rd_of(content);
    *out = tlsc_rd_vec8(&r, floor, 255);
    return tlsc_rd_end(&r);
}

/* CertificateType certificate_types<1..2^8-1>, of which X.509 goes without saying. RFC 7250 3, 4.1 */
static tlsc_err parse_certificate_types(tlsc_bytes *out, tlsc_bytes content)
{
    enum { X509 = 0 };
    TRY(parse_vec8(out, content, 1));
    return out->n == 1 && out->p[0] == X509 ? TLSC_E_DEFAULT_CERTIFICATE_TYPE : TLSC_OK;
}

/* struct { ResponderID responder_id_list<0..2^16-1>; Extensions request_extensions<0..2^16-1>; }
 * OCSPStatusRequest;   RFC 6066 8. What another type looks like nobody has said. */
static tlsc_err parse_status_request(tlsc_client_hello *ch, tlsc_bytes content)
{
    enum { OCSP = 1 };
    tlsc_rd r = tlsc_rd_of(content);
    uint8_t type = tlsc_rd_u8(&r);
    if (r.bad || type != OCSP) {
        return r.bad ? TLSC_E_DECODE : TLSC_OK;
    }
    tlsc_rd responders = tlsc_rd_of(tlsc_rd_vec16(&r, 0, 65535));
    (void)tlsc_rd_vec16(&r, 0, 65535);
    TRY(tlsc_rd_end(&r));
    while (tlsc_rd_more(&responders)) {
        (void)tlsc_rd_vec16(&responders, 1, 65535);
    }
    ch->ocsp = true;
    return tlsc_rd_end(&responders);
}

/* struct { uint8 new_session_count; uint8 resumption_count; } ClientTicketRequest;   RFC 9149 3 */
static tlsc_err parse_ticket_request(tlsc_client_hello *ch, tlsc_bytes content)
{
    tlsc_rd r = tlsc_rd_of(content);
    ch->tickets_after_full = tlsc_rd_u8(&r);
    ch->tickets_after_resumed = tlsc_rd_u8(&r);
    return tlsc_rd_end(&r);
}

/* What TLS 1.3 alone looks at. */
static tlsc_err parse_extensions13(tlsc_client_hello *ch, const tlsc_exts *e)
{
    TLSC_EXT_WITH(e, key_share, parse_key_shares(ch, content));
    TLSC_EXT_WITH(e, psk_key_exchange_modes, parse_vec8(&ch->psk_modes, content, 1));
    TLSC_EXT_WITH(e, cookie, parse_cookie(ch, content));
    TLSC_EXT_WITH(e, early_data, tlsc_ext_empty_parse(content));
    TLSC_EXT_WITH(e, post_handshake_auth, tlsc_ext_empty_parse(content));
    TLSC_EXT_WITH(e, ticket_request, parse_ticket_request(ch, content));
    /* without TLS 1.3 on offer nobody knows what its PSKs are: RFC 5246 7.4.1.4 */
    if (tlsc_u16_list_has(ch->versions, TLSC_TLS13)) {
        TLSC_EXT_WITH(e, pre_shared_key, parse_psk(ch, content));
    }
    return TLSC_OK;
}

/* What says which certificate is welcome, and what beside it. */
static tlsc_err parse_certificate_wishes(tlsc_client_hello *ch, const tlsc_exts *e)
{
    TLSC_EXT_WITH(e, signature_algorithms,
                  tlsc_ext_u16_list(content, 2, 2, &ch->signature_algorithms));
    TLSC_EXT_WITH(e, signature_algorithms_cert,
                  tlsc_ext_u16_list(content, 2, 2, &ch->signature_algorithms_cert));
    TLSC_EXT_WITH(e, certificate_authorities, tlsc_ca_names_parse(&ch->ca_names, content));
    TLSC_EXT_WITH(e, client_certificate_type,
                  parse_certificate_types(&ch->client_types, content));
    TLSC_EXT_WITH(e, server_certificate_type,
                  parse_certificate_types(&ch->server_types, content));
    TLSC_EXT_WITH(e, status_request, parse_status_request(ch, content));
    TLSC_EXT_WITH(e, signed_certificate_timestamp, tlsc_ext_empty_parse(content));
    TLSC_EXT_WITH(e, compress_certificate,
                  tlsc_compress_certificate_parse(&ch->compressions, content));
    ch->scts = tlsc_exts_has(e, TLSC_EXT_signed_certificate_timestamp);
    return TLSC_OK;
}

static tlsc_err parse_extensions(tlsc_client_hello *ch)
{
    const tlsc_exts *e = &ch->exts;
    TLSC_EXT_WITH(e, server_name, parse_server_name(ch, content));
    TLSC_EXT_WITH(e, supported_versions, tlsc_ext_u16_list(content, 1, 2, &ch->versions));
    TLSC_EXT_WITH(e, supported_groups, tlsc_ext_u16_list(content, 2, 2, &ch->groups));
    TLSC_EXT_WITH(e, alpn, parse_alpn(ch, content));
    TLSC_EXT_WITH(e, extended_master_secret, tlsc_ext_empty_parse(content));
    TLSC_EXT_WITH(e, ec_point_formats, parse_vec8(&ch->point_formats, content, 1));
    TLSC_EXT_WITH(e, renegotiation_info, parse_vec8(&ch->renegotiated_connection, content, 0));
    ch->session_ticket = e->data[TLSC_EXT_session_ticket];
    TRY(tlsc_record_sizes_parse(&ch->sizes, e));
    TRY(parse_certificate_wishes(ch, e));
    return parse_extensions13(ch, e);
}

/* struct { ProtocolVersion legacy_version; Random random; opaque legacy_session_id<0..32>;
 *          CipherSuite cipher_suites<2..2^16-2>; opaque legacy_compression_methods<1..2^8-1>;
 *          Extension extensions<8..2^16-1>; } ClientHello;
 * TLS 1.2 allows an empty block, and none at all. */
tlsc_err tlsc_client_hello_parse(tlsc_client_hello *out, tlsc_bytes body)
{
    memset(out, 0, sizeof(*out));
    tlsc_rd r = tlsc_rd_of(body);
    out->legacy_version = tlsc_rd_u16(&r);
    out->random = tlsc_rd_bytes(&r, 32);
    out->session_id = tlsc_rd_vec8(&r, 0, 32);
    out->cipher_suites = tlsc_rd_vec16(&r, 2, 65534);
    tlsc_rd_check(&r, out->cipher_suites.n % 2 == 0);
    out->compression_methods = tlsc_rd_vec8(&r, 1, 255);
    tlsc_bytes block = { NULL, 0 };
    if (tlsc_rd_more(&r)) {
        block = tlsc_rd_vec16(&r, 0, 65535);
    }
    TRY(tlsc_rd_end(&r));
    TRY(tlsc_exts_parse(&out->exts, block, TLSC_IN_CH));
    return parse_extensions(out);
}

void tlsc_client_hello_emit(tlsc_wr *w, const tlsc_client_hello *ch)
{
    tlsc_wr_u16(w, ch->legacy_version);
    tlsc_wr_bytes(w, ch->random);
    tlsc_wr_vec8(w, ch->session_id);
    tlsc_wr_vec16(w, ch->cipher_suites);
    tlsc_wr_vec8(w, ch->compression_methods);
    if (ch->exts.raw.p != NULL) {
        tlsc_wr_vec16(w, ch->exts.raw);
    }
}

size_t tlsc_client_hello_truncated_len(const tlsc_client_hello *ch, tlsc_bytes body)
{
    enum { LIST_LENGTH = 2 };
    if (ch->psk_binders.n == 0) { /* none, or of a client that doesn't offer TLS 1.3 */
        return 0;
    }
    return body.n - LIST_LENGTH - ch->psk_binders.n;
}

bool tlsc_key_share_next(tlsc_rd *list, tlsc_key_share *out)
{
    if (!tlsc_rd_more(list)) {
        return false;
    }
    out->group = tlsc_rd_u16(list);
    out->key_exchange = tlsc_rd_vec16(list, 1, 65535);
    return !list->bad;
}

bool tlsc_psk_identity_next(tlsc_rd *list, tlsc_psk_identity *out)
{
    if (!tlsc_rd_more(list)) {
        return false;
    }
    out->identity = tlsc_rd_vec16(list, 1, 65535);
    out->obfuscated_ticket_age = tlsc_rd_u32(list);
    return !list->bad;
}

bool tlsc_psk_binder_next(tlsc_rd *list, tlsc_bytes *out)
{
    if (!tlsc_rd_more(list)) {
        return false;
    }
    *out = tlsc_rd_vec8(list, 32, 255);
    return !list->bad;
}

bool tlsc_alpn_next(tlsc_rd *list, tlsc_bytes *out)
{
    if (!tlsc_rd_more(list)) {
        return false;
    }
    *out = tlsc_rd_vec8(list, 1, 255);
    return !list->bad;
}
