/* SPDX-License-Identifier: Apache-2.0 */
/* test/bogo/files.h: the runner's key and certificate files. */
#ifndef BOGO_FILES_H
#define BOGO_FILES_H

#include "tlscore/base.h"

/* Reads a whole file; the run ends if it can't be read. out: bytes that the caller frees. */
tlsc_bytes file_read(const char *path);
void file_free(tlsc_bytes file);

/* The DER inside the first "PRIVATE KEY" block of a PEM file, or an empty view. The runner's keys
 * are all PKCS#8. out: bytes that the caller frees with file_free. */
tlsc_bytes file_pkcs8(tlsc_bytes pem);

#endif
