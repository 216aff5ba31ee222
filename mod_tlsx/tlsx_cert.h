/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_cert.h: certificate and key files. They are read while httpd starts or restarts, by the
 * parent, with its rights; children never open them. */
#ifndef TLSX_CERT_H
#define TLSX_CERT_H

#include "tlsx.h"

/* Reads a certificate chain and its key, or finds them in `registry`, where equal files of this
 * configuration pass are read once. What is wrong is logged for server `s`, with the line that
 * names the files. out: borrowed from the registry, NULL on failure. */
tlsc_credential *tlsx_cert_load(apr_hash_t *registry, apr_pool_t *pconf, server_rec *s,
                                const tlsx_cert_files *files);

#endif
