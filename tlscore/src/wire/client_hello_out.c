/* SPDX-License-Identifier: Apache-2.0 */
/* wire/client_hello_out.c: a ClientHello on its way out, RFC 8446 4.1.2 and 5246 7.4.1.2. */
#include "wire/client_hello_out.h"

#include "base/bytes.h"
#include "wire/compressed_certificate.h"
#include "wire/enums.h"

static void u16_list(tlsc_wr *w, const uint16_t *list, size_t num)
{
    for (size_t i = 0; i < num; i++) {
        tlsc_wr_u16(w, list[i]);
    }
}

/* A list with a value in front that means nothing; 0: none. RFC 8701 3.1 */
static void greased_list(tlsc_wr *w, uint16_t grease, const uint16_t *list, size_t num)
{
    u16_list(w, &grease, grease != 0 ? 1 : 0);
    u16_list(w, list, num);
}

/* An extension that is one list of uint16 behind a length of two bytes. */
static void ext_u16_list(tlsc_wr *w, uint16_t code, uint16_t grease, const uint16_t *list,
                         size_t num)
{
    if (num > 0) {
        tlsc_wr_mark ext = tlsc_ext_open(w, code);
        tlsc_wr_mark m = tlsc_wr_open16(w);
        greased_list(w, grease, list, num);
        tlsc_wr_close(w, m);
        tlsc_wr_close(w, ext);
    }
}

/* An extension that is one vector. */
static void ext_vec16(tlsc_wr *w, uint16_t code, tlsc_bytes content)
{
    if (content.n > 0) {
        tlsc_wr_mark ext = tlsc_ext_open(w, code);
        tlsc_wr_vec16(w, content);
        tlsc_wr_close(w, ext);
    }
}

static void ext_vec8(tlsc_wr *w, uint16_t code, tlsc_bytes content)
{
    if (content.n > 0) {
        tlsc_wr_mark ext = tlsc_ext_open(w, code);
        tlsc_wr_vec8(w, content);
        tlsc_wr_close(w, ext);
    }
}

/* ServerNameList of one host_name, RFC 6066 3 */
static void server_name(tlsc_wr *w, tlsc_bytes name)
{
    enum { HOST_NAME = 0 };
    if (name.n > 0) {
        tlsc_wr_mark ext = tlsc_ext_open(w, TLSC_EXTCODE_server_name);
        tlsc_wr_mark list = tlsc_wr_open16(w);
        tlsc_wr_u8(w, HOST_NAME);
        tlsc_wr_vec16(w, name);
        tlsc_wr_close(w, list);
        tlsc_wr_close(w, ext);
    }
}

/* CertificateStatusRequest of type ocsp, no responder named and no extension, RFC 6066 8 */
static void status_request(tlsc_wr *w, bool wanted)
{
    enum { OCSP = 1 };
    if (wanted) {
        tlsc_wr_mark ext = tlsc_ext_open(w, TLSC_EXTCODE_status_request);
        tlsc_wr_u8(w, OCSP);
        tlsc_wr_u16(w, 0);
        tlsc_wr_u16(w, 0);
        tlsc_wr_close(w, ext);
    }
}

/* What TLS 1.2 asks for in every hello, RFC 7627 5.1, RFC 5746 3.4, RFC 8422 5.1.2 */
static void tls12_always(tlsc_wr *w)
{
    enum { UNCOMPRESSED = 0 };
    tlsc_ext_empty_emit(w, true, TLSC_EXTCODE_extended_master_secret);
    tlsc_wr_mark ext = tlsc_ext_open(w, TLSC_EXTCODE_renegotiation_info);
    tlsc_wr_vec8(w, tlsc_bytes_of(NULL, 0));
    tlsc_wr_close(w, ext);
    ext = tlsc_ext_open(w, TLSC_EXTCODE_ec_point_formats);
    tlsc_wr_u8(w, 1);
    tlsc_wr_u8(w, UNCOMPRESSED);
    tlsc_wr_close(w, ext);
}

/* ProtocolVersion versions<2..254>, RFC 8446 4.2.1; a hello without it means TLS 1.2. */
static void versions(tlsc_wr *w, const tlsc_client_hello_out *ch)
{
    if (ch->num_versions == 0 || (ch->num_versions == 1 && ch->versions[0] == TLSC_TLS12)) {
        return;
    }
    tlsc_wr_mark ext = tlsc_ext_open(w, TLSC_EXTCODE_supported_versions);
    tlsc_wr_mark list = tlsc_wr_open8(w);
    greased_list(w, ch->grease.version, ch->versions, ch->num_versions);
    tlsc_wr_close(w, list);
    tlsc_wr_close(w, ext);
}

static void key_shares(tlsc_wr *w, const tlsc_client_hello_out *ch)
{
    static const uint8_t zero = 0;
    tlsc_wr_mark ext = tlsc_ext_open(w, TLSC_EXTCODE_key_share);
    tlsc_wr_mark list = tlsc_wr_open16(w);
    if (ch->grease.group != 0 && ch->greases_shares) {
        tlsc_wr_u16(w, ch->grease.group);
        tlsc_wr_vec16(w, tlsc_bytes_of(&zero, 1));
    }
    for (size_t i = 0; i < ch->num_shares; i++) {
        tlsc_wr_u16(w, ch->shares[i].group);
        tlsc_wr_vec16(w, ch->shares[i].key_exchange);
    }
    tlsc_wr_close(w, list);
    tlsc_wr_close(w, ext);
}

static void ticket_request(tlsc_wr *w, const tlsc_client_hello_out *ch)
{
    if (ch->ticket_request) {
        tlsc_wr_mark ext = tlsc_ext_open(w, TLSC_EXTCODE_ticket_request);
        tlsc_wr_u8(w, ch->tickets_after_full);
        tlsc_wr_u8(w, ch->tickets_after_resumed);
        tlsc_wr_close(w, ext);
    }
}

static void pre_shared_key(tlsc_wr *w, const tlsc_client_hello_out *ch)
{
    static const uint8_t zeroes[255];
    if (ch->num_identities == 0) {
        return;
    }
    tlsc_wr_mark ext = tlsc_ext_open(w, TLSC_EXTCODE_pre_shared_key);
    tlsc_wr_mark list = tlsc_wr_open16(w);
    for (size_t i = 0; i < ch->num_identities; i++) {
        tlsc_wr_vec16(w, ch->identities[i].identity);
        tlsc_wr_u32(w, ch->identities[i].obfuscated_ticket_age);
    }
    tlsc_wr_close(w, list);
    list = tlsc_wr_open16(w);
    for (size_t i = 0; i < ch->num_identities; i++) {
        tlsc_wr_vec8(w, tlsc_bytes_of(zeroes, ch->binder_lens[i]));
    }
    tlsc_wr_close(w, list);
    tlsc_wr_close(w, ext);
}

/* All but the two that stand last. Old servers choke on a block whose last extension is empty, so what
 * may be empty goes first. */
static void most_extensions(tlsc_wr *w, const tlsc_client_hello_out *ch)
{
    static const uint8_t dhe_ke[] = { TLSC_PSK_DHE_KE };
    tlsc_ext_empty_emit(w, ch->grease.extensions[0] != 0, ch->grease.extensions[0]);
    server_name(w, ch->server_name);
    if (ch->tls12) {
        tls12_always(w);
    }
    if (ch->session_ticket) {
        tlsc_wr_mark ext = tlsc_ext_open(w, TLSC_EXTCODE_session_ticket);
        tlsc_wr_bytes(w, ch->ticket12);
        tlsc_wr_close(w, ext);
    }
    tlsc_ext_empty_emit(w, ch->scts, TLSC_EXTCODE_signed_certificate_timestamp);
    tlsc_ext_empty_emit(w, ch->post_handshake_auth, TLSC_EXTCODE_post_handshake_auth);
    tlsc_ext_empty_emit(w, ch->early_data, TLSC_EXTCODE_early_data);
    status_request(w, ch->ocsp);
    ext_vec16(w, TLSC_EXTCODE_alpn, ch->alpn);
    ext_u16_list(w, TLSC_EXTCODE_supported_groups, ch->grease.group, ch->groups, ch->num_groups);
    ext_u16_list(w, TLSC_EXTCODE_signature_algorithms, 0, ch->schemes, ch->num_schemes);
    ext_u16_list(w, TLSC_EXTCODE_signature_algorithms_cert, 0, ch->schemes_cert,
                 ch->num_schemes_cert);
    ext_vec8(w, TLSC_EXTCODE_client_certificate_type,
             tlsc_bytes_of(ch->client_types, ch->num_client_types));
    ext_vec8(w, TLSC_EXTCODE_server_certificate_type,
             tlsc_bytes_of(ch->server_types, ch->num_server_types));
    ext_vec16(w, TLSC_EXTCODE_certificate_authorities, ch->ca_names);
    tlsc_compress_certificate_emit(w, ch->compressions);
    tlsc_record_sizes_emit(w, &ch->sizes);
    ticket_request(w, ch);
    versions(w, ch);
    ext_vec16(w, TLSC_EXTCODE_cookie, ch->cookie);
    ext_vec8(w, TLSC_EXTCODE_psk_key_exchange_modes,
             tlsc_bytes_of(dhe_ke, ch->psk_dhe_ke ? sizeof(dhe_ke) : 0));
    tlsc_ext_u8_emit(w, ch->grease.extensions[1] != 0, ch->grease.extensions[1], 0);
}

/* key_share stays where it is, with contents behind whatever is empty. */
static void shuffled_extensions(tlsc_wr *w, const tlsc_client_hello_out *ch)
{
    tlsc_buf block = tlsc_buf_of(w->out->max);
    tlsc_wr inner = tlsc_wr_of(&block);
    most_extensions(&inner, ch);
    tlsc_err rc = tlsc_wr_end(&inner);
    if (rc == TLSC_OK) {
        tlsc_exts_shuffle(w, tlsc_buf_bytes(&block), ch->order, !ch->tls13);
    } else if (w->error == TLSC_OK) {
        w->error = rc;
    }
    tlsc_buf_clear(&block);
}

void tlsc_client_hello_out_emit(tlsc_wr *w, const tlsc_client_hello_out *ch)
{
    tlsc_wr_u16(w, TLSC_TLS12); /* legacy_version */
    tlsc_wr_bytes(w, ch->random);
    tlsc_wr_vec8(w, ch->session_id);
    tlsc_wr_mark suites = tlsc_wr_open16(w);
    greased_list(w, ch->grease.suite, ch->suites, ch->num_suites);
    tlsc_wr_close(w, suites);
    tlsc_wr_u8(w, 1); /* compression methods: null alone */
    tlsc_wr_u8(w, 0);
    tlsc_wr_mark block = tlsc_wr_open16(w);
    if (ch->shuffled) {
        shuffled_extensions(w, ch);
    } else {
        most_extensions(w, ch);
    }
    if (ch->tls13) {
        key_shares(w, ch);
    }
    pre_shared_key(w, ch);
    tlsc_wr_close(w, block);
}

size_t tlsc_client_hello_binders_at(size_t body_n, const uint8_t *binder_lens, size_t num)
{
    enum { LIST_LENGTH = 2 };
    size_t n = LIST_LENGTH;
    for (size_t i = 0; i < num; i++) {
        n += 1u + binder_lens[i];
    }
    return body_n - n;
}
