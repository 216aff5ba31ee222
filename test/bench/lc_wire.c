/* SPDX-License-Identifier: Apache-2.0 */
/* The load client's socket: reads ahead, and counts the TLS records that pass by. */
#include "lc_wire.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

void lc_wire_start(struct lc_wire *w, int fd, bool has_records)
{
    uint8_t *ahead = w->ahead;

    *w = (struct lc_wire){.fd = fd, .has_records = has_records, .ahead = ahead};
}

void lc_wire_clear(struct lc_wire *w)
{
    free(w->ahead);
    *w = (struct lc_wire){.fd = -1};
}

/* Takes the 5-byte header apart: struct { ContentType, ProtocolVersion, uint16 length }. */
static void count_header(struct lc_wire *w)
{
    w->record_left = (size_t)w->header[3] << 8 | w->header[4];
    w->header_len = 0;
    w->in.records++;
    if (w->record_left + sizeof(w->header) > w->in.largest) {
        w->in.largest = (uint32_t)(w->record_left + sizeof(w->header));
    }
}

static void count_records(struct lc_wire *w, const uint8_t *p, size_t len)
{
    while (len > 0) {
        size_t n;

        if (w->record_left > 0) {
            n = len < w->record_left ? len : w->record_left;
            w->record_left -= n;
        } else {
            n = sizeof(w->header) - w->header_len;
            n = len < n ? len : n;
            memcpy(w->header + w->header_len, p, n);
            w->header_len += n;
            if (w->header_len == sizeof(w->header)) {
                count_header(w);
            }
        }
        p += n;
        len -= n;
    }
}

/* One recv(2) for many records: libssl itself would ask for 5 bytes, then for the rest. */
static ssize_t fill(struct lc_wire *w)
{
    ssize_t n;

    if (w->ahead == NULL && (w->ahead = malloc(LC_AHEAD_MAX)) == NULL) {
        errno = ENOMEM;
        return -1;
    }
    do {
        n = recv(w->fd, w->ahead, LC_AHEAD_MAX, 0);
    } while (n < 0 && errno == EINTR);
    if (n <= 0) {
        return n;
    }
    w->ahead_off = 0;
    w->ahead_len = (size_t)n;
    w->in.bytes += (uint64_t)n;
    if (w->has_records) {
        count_records(w, w->ahead, (size_t)n);
    }
    return n;
}

ssize_t lc_wire_read(struct lc_wire *w, void *buf, size_t len)
{
    size_t n;

    if (w->ahead_off == w->ahead_len) {
        ssize_t got = fill(w);

        if (got <= 0) {
            return got;
        }
    }
    n = w->ahead_len - w->ahead_off;
    n = len < n ? len : n;
    memcpy(buf, w->ahead + w->ahead_off, n);
    w->ahead_off += n;
    return (ssize_t)n;
}

ssize_t lc_wire_write(struct lc_wire *w, const void *buf, size_t len)
{
    ssize_t n;

    do {
        n = send(w->fd, buf, len, MSG_NOSIGNAL);
    } while (n < 0 && errno == EINTR);
    return n;
}

static int bio_read(BIO *bio, char *buf, int len)
{
    ssize_t n = lc_wire_read(BIO_get_data(bio), buf, (size_t)len);

    BIO_clear_retry_flags(bio);
    if (n < 0 && errno == EAGAIN) {
        BIO_set_retry_read(bio);
    }
    return (int)n;
}

static int bio_write(BIO *bio, const char *buf, int len)
{
    ssize_t n = lc_wire_write(BIO_get_data(bio), buf, (size_t)len);

    BIO_clear_retry_flags(bio);
    if (n < 0 && errno == EAGAIN) {
        BIO_set_retry_write(bio);
    }
    return (int)n;
}

static long bio_ctrl(BIO *bio, int cmd, long larg, void *parg)
{
    (void)bio;
    (void)larg;
    (void)parg;
    return cmd == BIO_CTRL_FLUSH; /* nothing is held back, so a flush has succeeded */
}

BIO *lc_wire_bio_new(struct lc_wire *w)
{
    static BIO_METHOD *method; /* one for the whole program, in use until it ends */
    BIO *bio;

    if (method == NULL) {
        method = BIO_meth_new(BIO_get_new_index(), "wire");
        if (method == NULL || !BIO_meth_set_read(method, bio_read) ||
            !BIO_meth_set_write(method, bio_write) || !BIO_meth_set_ctrl(method, bio_ctrl)) {
            return NULL;
        }
    }
    bio = BIO_new(method);
    if (bio != NULL) {
        BIO_set_data(bio, w);
        BIO_set_init(bio, 1);
    }
    return bio;
}
