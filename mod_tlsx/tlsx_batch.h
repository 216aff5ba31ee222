/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_batch.h: data buckets into sealed records, several at a time in one piece of memory. */
#ifndef TLSX_BATCH_H
#define TLSX_BATCH_H

#include "tlsx.h"

/* The most data of a batch: seven full records. Fewer cost more system calls and segments; eight cost
 * more again, and their buffer would be one that malloc fetches from the system each time (from 128 KiB
 * on). docs/PERFORMANCE.md has the figures. How much may lie unsent with httpd before a write waits for
 * the client is FlushMaxThreshold's to say, whatever the size of batches. */
enum { TLSX_BATCH_DATA = 7 * TLSC_MAX_PLAINTEXT };

/* Finds out how much data stands at the front of `bb`, up to the first metadata bucket or what a
 * batch can hold. A bucket whose length isn't known is read: without waiting, or, if it is the
 * first and `block` says so, with. out: `*len` bytes can be had at once; `*dry`: behind them comes
 * a bucket that has to be waited for. errors: those of the buckets. */
apr_status_t tlsx_batch_measure(apr_bucket_brigade *bb, apr_read_type_e block, size_t *len,
                                bool *dry);

/* Seals up to `len` bytes off the front of `bb`, which are consumed, into one bucket. It may take
 * fewer: then there is another batch to make. errors: APR_ENOMEM, APR_EGENERAL (tlscore's; logged),
 * those of the buckets; the connection can't go on then. */
apr_status_t tlsx_batch_seal(tlsx_conn *cc, apr_bucket_brigade *bb, size_t len, apr_bucket **out);

/* Seals control records alone. `*out` is NULL if there are none. errors: as above. */
apr_status_t tlsx_batch_control(tlsx_conn *cc, apr_bucket **out);

#endif
