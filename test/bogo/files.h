/* SPDX-License-Identifier: Apache-2.0 */
/* test/bogo/files.h: the runner's key and certificate files, and bytes written as text. */
#ifndef BOGO_FILES_H
#define BOGO_FILES_H

#include "tlscore/base.h"

/* Reads a whole file; the run ends if it can't be read. out: bytes that the caller frees. */
tlsc_bytes file_read(const char *path);
void file_free(tlsc_bytes file);

/* Bytes from base64, whatever else stands in it passed over; from pairs of hexadecimal digits, at
 * most `cap` bytes. The run ends where it is no such text. file_base64's are the caller's to free.
 * */
tlsc_bytes file_base64(tlsc_bytes text);
size_t file_hex(tlsc_bytes text, uint8_t *out, size_t cap);

/* The DER inside the first "PRIVATE KEY" block of a PEM file, or an empty view. The runner's keys
 * are all PKCS#8. out: bytes that the caller frees with file_free. */
tlsc_bytes file_pkcs8(tlsc_bytes pem);

/* The DER of the next "CERTIFICATE" block at or behind `*at`, which then stands behind it; an empty
 * view after the last. out: bytes that the caller frees with file_free. */
tlsc_bytes file_next_certificate(tlsc_bytes pem, size_t *at);

#endif
