/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_merge.h: a server's configuration from its own directives and the main server's. */
#ifndef TLSX_MERGE_H
#define TLSX_MERGE_H

#include "tlsx.h"

/* In httpd's form for a module record. */
void *tlsx_server_create(apr_pool_t *pool, server_rec *s);
void *tlsx_server_merge(apr_pool_t *pool, void *base, void *own);

#endif
