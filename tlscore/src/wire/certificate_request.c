/* SPDX-License-Identifier: Apache-2.0 */
/* wire/certificate_request.c: CertificateRequest, RFC 8446 4.3.2 and RFC 5246 7.4.4. */
#include "wire/certificate_request.h"

#include <string.h>

#include "base/try.h"
#include "wire/compressed_certificate.h"

bool tlsc_ca_name_next(tlsc_rd *list, tlsc_bytes *name)
{
    if (!tlsc_rd_more(list)) {
        return false;
    }
    *name = tlsc_rd_vec16(list, 1, 65535);
    return !list->bad;
}

static tlsc_err check_names(tlsc_bytes names)
{
    tlsc_rd list = tlsc_rd_of(names);
    tlsc_bytes name;
    while (tlsc_ca_name_next(&list, &name)) {
    }
    return tlsc_rd_end(&list);
}

/* DistinguishedName authorities<3..2^16-1>; */
tlsc_err tlsc_ca_names_parse(tlsc_bytes *list, tlsc_bytes content)
{
    tlsc_rd r = tlsc_rd_of(content);
    *list = tlsc_rd_vec16(&r, 3, 65535);
    TRY(tlsc_rd_end(&r));
    return check_names(*list);
}

/* struct { opaque certificate_extension_oid<1..2^8-1>;
 *          opaque certificate_extension_values<0..2^16-1>; } OIDFilter;
 * struct { OIDFilter filters<0..2^16-1>; } OIDFilterExtension;   RFC 8446 4.2.5
 * Filters are for who has many certificates; we send what we have, and the server judges. */
static tlsc_err check_oid_filters(tlsc_bytes content)
{
    tlsc_rd r = tlsc_rd_of(content);
    tlsc_rd filters = tlsc_rd_of(tlsc_rd_vec16(&r, 0, 65535));
    TRY(tlsc_rd_end(&r));
    while (tlsc_rd_more(&filters)) {
        (void)tlsc_rd_vec8(&filters, 1, 255);
        (void)tlsc_rd_vec16(&filters, 0, 65535);
    }
    return tlsc_rd_end(&filters);
}

static tlsc_err parse_extensions(tlsc_certificate_request *cr, const tlsc_exts *e)
{
    TLSC_EXT_WITH(e, signature_algorithms, tlsc_ext_u16_list(content, 2, 2, &cr->schemes));
    TLSC_EXT_WITH(e, signature_algorithms_cert,
                  tlsc_ext_u16_list(content, 2, 2, &cr->schemes_cert));
    TLSC_EXT_WITH(e, certificate_authorities, tlsc_ca_names_parse(&cr->ca_names, content));
    TLSC_EXT_WITH(e, oid_filters, check_oid_filters(content));
    TLSC_EXT_WITH(e, status_request, tlsc_ext_empty_parse(content)); /* RFC 8446 4.4.2.1 */
    TLSC_EXT_WITH(e, signed_certificate_timestamp, tlsc_ext_empty_parse(content));
    TLSC_EXT_WITH(e, compress_certificate,
                  tlsc_compress_certificate_parse(&cr->compressions, content));
    cr->ocsp = tlsc_exts_has(e, TLSC_EXT_status_request);
    cr->scts = tlsc_exts_has(e, TLSC_EXT_signed_certificate_timestamp);
    return tlsc_exts_has(e, TLSC_EXT_signature_algorithms) ? TLSC_OK
                                                           : TLSC_E_MISSING_SIGNATURE_ALGORITHMS;
}

/* struct { opaque certificate_request_context<0..2^8-1>;
 *          Extension extensions<2..2^16-1>; } CertificateRequest;
 * An empty block is told from a malformed one: it lacks signature_algorithms. Unknown extensions are
 * passed over, RFC 8446 4.3.2. */
tlsc_err tlsc_certificate_request13_parse(tlsc_certificate_request *out, tlsc_bytes body)
{
    memset(out, 0, sizeof(*out));
    tlsc_rd r = tlsc_rd_of(body);
    out->context = tlsc_rd_vec8(&r, 0, 255);
    tlsc_bytes block = tlsc_rd_vec16(&r, 0, 65535);
    TRY(tlsc_rd_end(&r));
    tlsc_exts e;
    TRY(tlsc_exts_parse(&e, block, TLSC_IN_CR));
    return parse_extensions(out, &e);
}

static void emit_vec16(tlsc_wr *w, uint16_t code, tlsc_bytes list)
{
    if (list.n > 0) {
        tlsc_wr_mark m = tlsc_ext_open(w, code);
        tlsc_wr_vec16(w, list);
        tlsc_wr_close(w, m);
    }
}

void tlsc_certificate_request13_emit(tlsc_wr *w, const tlsc_certificate_request *cr)
{
    tlsc_wr_vec8(w, cr->context);
    tlsc_wr_mark block = tlsc_wr_open16(w);
    tlsc_ext_empty_emit(w, cr->ocsp, TLSC_EXTCODE_status_request);
    tlsc_ext_empty_emit(w, cr->scts, TLSC_EXTCODE_signed_certificate_timestamp);
    emit_vec16(w, TLSC_EXTCODE_signature_algorithms, cr->schemes);
    emit_vec16(w, TLSC_EXTCODE_signature_algorithms_cert, cr->schemes_cert);
    emit_vec16(w, TLSC_EXTCODE_certificate_authorities, cr->ca_names);
    tlsc_compress_certificate_emit(w, cr->compressions);
    tlsc_wr_close(w, block);
}

/* struct { ClientCertificateType certificate_types<1..2^8-1>;
 *          SignatureAndHashAlgorithm supported_signature_algorithms<2..2^16-2>;
 *          DistinguishedName certificate_authorities<0..2^16-1>; } CertificateRequest; */
tlsc_err tlsc_certificate_request12_parse(tlsc_certificate_request *out, tlsc_bytes body)
{
    memset(out, 0, sizeof(*out));
    tlsc_rd r = tlsc_rd_of(body);
    out->types = tlsc_rd_vec8(&r, 1, 255);
    out->schemes = tlsc_rd_vec16(&r, 2, 65534);
    tlsc_rd_check(&r, out->schemes.n % 2 == 0);
    out->ca_names = tlsc_rd_vec16(&r, 0, 65535);
    TRY(tlsc_rd_end(&r));
    return check_names(out->ca_names);
}

void tlsc_certificate_request12_emit(tlsc_wr *w, const tlsc_certificate_request *cr)
{
    tlsc_wr_vec8(w, cr->types);
    tlsc_wr_vec16(w, cr->schemes);
    tlsc_wr_vec16(w, cr->ca_names);
}
