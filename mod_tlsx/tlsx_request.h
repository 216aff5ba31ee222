/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_request.h: what a request learns of its connection, and which requests are refused. */
#ifndef TLSX_REQUEST_H
#define TLSX_REQUEST_H

#include "tlsx.h"

/* In the form of the hooks they serve. */
int tlsx_post_read_request(request_rec *r);
int tlsx_fixups(request_rec *r);

#endif
