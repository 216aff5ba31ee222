/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_vars.h: variables by which the rest of httpd asks about a TLS connection. */
#ifndef TLSX_VARS_H
#define TLSX_VARS_H

#include "tlsx.h"

/* In the form of the ssl_var_lookup hook. NULL: not ours to answer. */
const char *tlsx_var_lookup(apr_pool_t *pool, server_rec *s, conn_rec *c, request_rec *r,
                            const char *name);

/* Makes %{NAME}x known to LogFormat. For a pre_config hook. */
void tlsx_var_register_log(apr_pool_t *pconf);

#endif
