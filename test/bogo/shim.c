/* SPDX-License-Identifier: Apache-2.0 */
/* test/bogo/shim.c: the program that BoringSSL's test runner starts for each test. It connects to
 * the runner, handshakes, sends every byte back with its bits turned over, and does it again for
 * each resumption that the test wants. A failure of TLS is one line `:NAME:` of errors.def on
 * standard error; outcome.h has the exit statuses. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "checks.h"
#include "files.h"
#include "flags.h"
#include "host.h"
#include "outcome.h"
#include "peer.h"
#include "sessions.h"

enum {
    ALERT_DECOMPRESSION_FAILURE = 30, /* that of -send-alert */
    READ_SIZE = 512, /* less than a record, so that one is read in several calls */
    LONGEST_WRITE = 32769
};

/* What the flags alone tell; the ClientHello may tell more, see pauses.c. */
static void skip_absent(const struct flags *flags, const struct settings *s)
{
    if (flags->refused != NULL) {
        outcome_skip("refused", flags->refused);
    }
    bool has_old = flags_allow_version(s, VERSION_TLS10) || flags_allow_version(s, VERSION_TLS11);
    if (has_old && !flags_allow_version(s, TLSC_TLS12) && !flags_allow_version(s, TLSC_TLS13)) {
        outcome_skip("refused", "TLS below 1.2");
    }
    if (flags->later != NULL) {
        outcome_skip("later", flags->later);
    }
}

/* ---- the exchange ---- */

static tlsc_err write_different_sizes(struct peer *p)
{
    static const size_t sizes[] = { 0,     1,     255,   256,   257,  16383,
                                    16384, 16385, 32767, 32768, 32769 };
    uint8_t *data = malloc(LONGEST_WRITE);
    tlsc_err e = TLSC_OK;

    if (data == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    memset(data, 0x42, LONGEST_WRITE);
    for (size_t i = 0; e == TLSC_OK && i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        e = peer_write(p, data, sizes[i]);
    }
    free(data);
    return e;
}

/* Sends keying material, which the runner compares with its own. */
static tlsc_err write_exported(struct peer *p)
{
    const struct settings *s = p->s;
    tlsc_bytes context = { (const uint8_t *)s->export_context, strlen(s->export_context) };
    uint8_t *data = malloc((size_t)s->export_length);

    if (data == NULL) {
        return TLSC_E_NO_MEMORY;
    }
    tlsc_err e = tlsc_conn_export(p->conn, data, (size_t)s->export_length, s->export_label, context,
                                  s->use_export_context);
    if (e == TLSC_OK) {
        e = peer_write(p, data, (size_t)s->export_length);
    }
    free(data);
    return e;
}

/* Sends what the key log says of both directions: a length, little-endian, what we read with, and what we
 * write with. */
static tlsc_err write_traffic_secrets(struct peer *p)
{
    uint8_t data[2 + 2 * 64];
    const char *secrets[] = { p->secrets[p->s->server ? 0 : 1], p->secrets[p->s->server ? 1 : 0] };
    size_t at = 2;

    for (size_t i = 0; i < 2; i++) {
        tlsc_bytes hex = { (const uint8_t *)secrets[i], strlen(secrets[i]) };
        size_t n = file_hex(hex, data + at, 64);
        if (n == 0) {
            outcome_broken("the key log has no traffic secret");
        }
        data[0] = (uint8_t)n;
        data[1] = 0;
        at += n;
    }
    return peer_write(p, data, at);
}

static tlsc_err write_first(struct peer *p)
{
    const struct settings *s = p->s;
    const uint8_t *data = (const uint8_t *)s->shim_initial_write;
    size_t n = strlen(s->shim_initial_write);
    tlsc_err e = TLSC_OK;

    if (s->read_with_unfinished_write) {
        /* one byte of it leaves, the rest only after the first read */
        e = peer_handshake(p);
        p->hold_output = true;
        if (e == TLSC_OK) {
            e = peer_write(p, data, n);
        }
        return e == TLSC_OK ? peer_flush(p, 1) : e;
    }
    for (int64_t i = 0; e == TLSC_OK && s->shim_writes_first && i < s->repeat_shim_initial_write;
         i++) {
        e = peer_write(p, data, n);
    }
    return e;
}

static tlsc_err update_keys(struct peer *p)
{
    tlsc_err e = peer_handshake(p);

    return e == TLSC_OK ? tlsc_conn_update_keys(p->conn, false) : e;
}

/* Sends everything back until the runner's end. */
static tlsc_err echo(struct peer *p)
{
    static uint8_t buf[TLSC_MAX_PLAINTEXT];
    const struct settings *s = p->s;
    size_t cap = s->read_size != FLAGS_NONE ? (size_t)s->read_size : READ_SIZE;
    size_t n = 0;

    if (cap > sizeof(buf)) {
        outcome_broken("-read-size %zu", cap);
    }
    for (;;) {
        tlsc_err e = s->key_update_before_read ? update_keys(p) : TLSC_OK;
        if (e == TLSC_OK) {
            e = peer_read(p, buf, cap, &n);
        }
        if (e != TLSC_OK || n == 0) {
            return e;
        }
        p->hold_output = false;
        if (s->key_update) {
            e = update_keys(p);
        }
        for (size_t i = 0; i < n; i++) {
            buf[i] ^= 0xff;
        }
        if (e == TLSC_OK) {
            e = peer_write(p, buf, n);
        }
        if (e != TLSC_OK) {
            return e;
        }
    }
}

/* Says goodbye, if the test looks for it, and waits for the runner's own if we were first. */
static tlsc_err say_goodbye(struct peer *p)
{
    uint8_t byte;
    size_t n = 0;

    if (!p->s->check_close_notify) {
        return TLSC_OK;
    }
    tlsc_err e = tlsc_conn_close(p->conn);
    if (e == TLSC_OK) {
        e = peer_flush(p, SIZE_MAX);
    }
    if (e == TLSC_OK && p->s->shim_shuts_down) {
        e = peer_read(p, &byte, 1, &n);
    }
    /* data may come behind our close_notify; who has no use for it says so, as BoringSSL does */
    return e == TLSC_OK && n > 0 ? peer_abort(p, TLSC_ALERT_unexpected_message) : e;
}

/* Handshake and data, up to the runner's end or to the news that early data was refused. */
static tlsc_err exchange_data(struct peer *p)
{
    const struct settings *s = p->s;
    tlsc_err e = s->implicit_handshake ? TLSC_OK : peer_handshake(p);

    if (e == TLSC_OK && (s->handshake_twice || s->no_op_extra_handshake)) {
        e = peer_step(p);
    }
    if (e == TLSC_OK && s->early_write_after_message != FLAGS_NONE && p->is_resume) {
        e = peer_handshake_until(p, s->early_write_after_message);
    }
    if (e != TLSC_OK) {
        return e;
    }
    if (s->send_alert) {
        e = peer_handshake(p);
        return e == TLSC_OK ? peer_abort(p, ALERT_DECOMPRESSION_FAILURE) : e;
    }
    if (s->export_length != FLAGS_NONE) {
        e = write_exported(p);
    }
    if (e == TLSC_OK && s->export_traffic_secrets) {
        e = write_traffic_secrets(p);
    }
    if (e != TLSC_OK) {
        return e;
    }
    if (s->write_different_record_sizes) {
        return write_different_sizes(p);
    }
    e = write_first(p);
    return e == TLSC_OK && !s->shim_shuts_down ? echo(p) : e;
}

static tlsc_err exchange(struct peer *p)
{
    tlsc_err e = exchange_data(p);

    if (e == TLSC_OK && p->rejected) {
        if (!p->s->expect_reject_early_data) {
            outcome_broken("early data was refused");
        }
        peer_start_over(p);
        e = exchange_data(p);
    }
    if (e != TLSC_OK) {
        return e;
    }
    if (p->s->expect_total_renegotiations > 0) {
        outcome_skip("refused", "renegotiation");
    }
    checks_sessions(p);
    /* without data of ours a server's tickets haven't left yet */
    if (p->s->server && tlsc_conn_wait(p->conn) == TLSC_WAIT_NONE) {
        tlsc_conn_send_tickets(p->conn);
        e = peer_flush(p, SIZE_MAX);
    }
    return e == TLSC_OK ? say_goodbye(p) : e;
}

/* `session`: what a client offers, and then what it was given. */
static tlsc_err connection(const struct flags *flags, const struct settings *s, bool is_resume,
                           struct peer_session *session)
{
    struct host host;
    struct peer peer = { .fd = -1 };

    if (is_resume && s->renew_ticket) {
        /* a ticket past half its life is renewed */
        sessions_sleep((SESSIONS_TICKET_LIFETIME_S / 2 + 1) * INT64_C(1000));
    }
    if (is_resume && !s->server && session->n == 0) {
        outcome_broken("there is no session to offer");
    }
    tlsc_err e = host_build(&host, s);
    if (e == TLSC_OK) {
        e = peer_open(&peer, flags, s, &host, is_resume, session);
    }
    if (e == TLSC_OK) {
        e = exchange(&peer);
    }
    peer_session_clear(session);
    *session = peer.fresh;
    peer.fresh = (struct peer_session){ .p = NULL };
    peer_close(&peer);
    host_clear(&host);
    return e;
}

/* ms until the next connection. A client counts only the ms that are sure to have passed between two
 * readings of its clock (put_sessions in client_offer.c), so it waits that one longer. */
static int64_t pause_after(const struct settings *s)
{
    int64_t ms = s->resumption_delay * 1000;
    return ms > 0 && !s->server ? ms + 1 : ms;
}

int main(int argc, char **argv)
{
    struct flags flags;
    struct peer_session session = { .p = NULL };
    tlsc_err e = TLSC_OK;

    outcome_watch_crashes();
    flags_parse(&flags, argc, argv);
    if (flags.initial.is_handshaker_supported) {
        puts("No");
        return OUTCOME_PASSED;
    }
    if (flags.initial.wait_for_debugger) {
        raise(SIGSTOP);
    }
    skip_absent(&flags, &flags.initial);
    if (flags.initial.resume_count > 0) {
        skip_absent(&flags, &flags.resume);
    }
    for (int64_t i = 0; e == TLSC_OK && i <= flags.initial.resume_count; i++) {
        const struct settings *s = i > 0 ? &flags.resume : &flags.initial;
        e = connection(&flags, s, i > 0, &session);
        sessions_sleep(pause_after(s));
    }
    peer_session_clear(&session);
    sessions_clear();
    flags_clear(&flags);
    /* last of all, when nothing can crash any more: the runner may be waiting for this very name */
    if (e != TLSC_OK) {
        fprintf(stderr, ":%s:\n", tlsc_err_name(e));
        return OUTCOME_FAILED;
    }
    return OUTCOME_PASSED;
}
