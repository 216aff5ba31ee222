/* SPDX-License-Identifier: Apache-2.0 */
/* auth/pem.h: textual encodings of certificates and keys, RFC 7468.
 *
 * Tolerated: text between blocks, CRLF, a byte order mark, white space at the end of a line and
 * inside of base64, lines of any length, RFC 1421 headers, a missing last newline. Refused: a BEGIN
 * or END line that is cut short or has no counterpart, and in what is decoded any character that is
 * not base64, wrong padding, and bits behind the last byte. */
#ifndef TLSC_AUTH_PEM_H
#define TLSC_AUTH_PEM_H

#include "base/buf.h"
#include "tlscore/cert.h"
#include "wire/reader.h"

typedef enum tlsc_pem_kind {
    TLSC_PEM_END,                 /* no further block */
    TLSC_PEM_OTHER,               /* parameters, requests, unknown labels */
    TLSC_PEM_CERTIFICATE,         /* RFC 7468 5, and its older labels */
    TLSC_PEM_TRUSTED_CERTIFICATE, /* OpenSSL's: the certificate, then what it is trusted for */
    TLSC_PEM_CRL,                 /* RFC 7468 6 */
    TLSC_PEM_KEY,                 /* a private key in `format` */
    TLSC_PEM_ENCRYPTED_KEY,       /* RFC 7468 11, or Proc-Type: 4,ENCRYPTED */
    TLSC_PEM_OTHER_KEY            /* a private key of a kind not served here: DSA, OpenSSH, ... */
} tlsc_pem_kind;

typedef struct tlsc_pem {
    tlsc_rd r;
    unsigned line;   /* lines read so far */
    unsigned blocks; /* blocks begun so far */
} tlsc_pem;

typedef struct tlsc_pem_block {
    tlsc_pem_kind kind;
    tlsc_key_format format; /* of TLSC_PEM_KEY */
    tlsc_cert_where where;
    tlsc_bytes base64; /* what is between the lines, headers excluded; borrows from the text */
} tlsc_pem_block;

/* Starts at the beginning of `text`, borrowed. */
tlsc_pem tlsc_pem_of(tlsc_bytes text);

/* Finds the next block, TLSC_PEM_END where there is none. errors: TLSC_E_PEM, then `out->where` is
 * the damaged block. */
tlsc_err tlsc_pem_next(tlsc_pem *pem, tlsc_pem_block *out);

/* Decodes a block behind what `out` holds, with at most one allocation, in time that doesn't depend
 * on the bytes' values. errors: TLSC_E_PEM (an empty block too), TLSC_E_TOO_SMALL over the buffer's
 * maximum, TLSC_E_NO_MEMORY; then `out` is cleared. RFC 7468 2, RFC 4648 4. */
tlsc_err tlsc_pem_decode(const tlsc_pem_block *block, tlsc_buf *out);

/* The same, over the block's own text, for texts that are too long to have twice. in: a block of a text that
 * the caller may write to. out: a view of its beginning. errors: TLSC_E_PEM, then `*out` is empty. */
tlsc_err tlsc_pem_decode_in_place(const tlsc_pem_block *block, tlsc_bytes *out);

#endif
