/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_cert_vars.h: what variables say of a certificate. */
#ifndef TLSX_CERT_VARS_H
#define TLSX_CERT_VARS_H

#include <apr_tables.h>

#include "tlscore.h"

/* The value of "S_DN", "S_DN_CN_1", "SAN_DNS_0", "M_SERIAL", "CERT", ...: of what follows
 * SSL_CLIENT_ or SSL_SERVER_. NULL: there is no such variable, or the certificate has nothing of
 * that kind. */
const char *tlsx_cert_var(apr_pool_t *pool, tlsc_bytes der, const char *name);

/* All that mod_ssl's StdEnvVars have of a certificate, each with `prefix` in front of its name. */
void tlsx_cert_export(apr_table_t *env, apr_pool_t *pool, tlsc_bytes der, const char *prefix);

#endif
