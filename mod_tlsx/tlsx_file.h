/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_file.h: a file's bytes to several places at once. */
#ifndef TLSX_FILE_H
#define TLSX_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/uio.h>

#include <apr_buckets.h>
#include <apr_file_io.h>

/* Reads from `offset` into `places`. out: bytes read, at least one. The file's own position isn't
 * used, so that it may be shared by threads, as httpd's file caches do. errors: APR_EOF where the
 * file ends before `offset`, the system's. */
apr_status_t tlsx_file_read(apr_file_t *file, apr_off_t offset, const struct iovec *places, int num,
                            size_t *n);

/* Whether it is faster to have the file bucket map its file than to read that: `EnableMMAP on`, and much of
 * it left. */
bool tlsx_file_is_mapped(const apr_bucket *file);

#endif
