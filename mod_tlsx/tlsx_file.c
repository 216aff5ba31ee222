/* SPDX-License-Identifier: Apache-2.0 */
/* tlsx_file.c: a file's bytes to several places at once. */
#include "tlsx_file.h"

#include <errno.h>
#include <sys/types.h>

#include <apr_portable.h>

/* To map a file, fault its pages in and unmap it again costs as much as copying 256 KiB of it; from here on it
 * is clearly less. */
enum { WORTH_MAPPING = 1 << 20 };

bool tlsx_file_is_mapped(const apr_bucket *file)
{
    return ((const apr_bucket_file *)file->data)->can_mmap && file->length >= WORTH_MAPPING;
}

/* A buffered file may hold bytes that the system hasn't got yet: through APR. */
static apr_status_t read_buffered(apr_file_t *file, apr_off_t offset, const struct iovec *place,
                                  size_t *n)
{
    apr_status_t rv = apr_file_seek(file, APR_SET, &offset);

    *n = place->iov_len;
    return rv == APR_SUCCESS ? apr_file_read(file, place->iov_base, n) : rv;
}

apr_status_t tlsx_file_read(apr_file_t *file, apr_off_t offset, const struct iovec *places, int num,
                            size_t *n)
{
    apr_os_file_t fd;
    apr_status_t rv = apr_os_file_get(&fd, file);
    ssize_t got;

    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (apr_file_flags_get(file) & APR_FOPEN_BUFFERED) {
        return read_buffered(file, offset, places, n);
    }
    do {
        got = preadv(fd, places, num, offset);
    } while (got < 0 && errno == EINTR);
    if (got <= 0) {
        *n = 0;
        return got < 0 ? APR_FROM_OS_ERROR(errno) : APR_EOF;
    }
    *n = (size_t)got;
    return APR_SUCCESS;
}
