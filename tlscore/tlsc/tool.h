/* SPDX-License-Identifier: Apache-2.0 */
/* tlsc/tool.h: what the subcommands share: exit statuses, messages, files, lists of names. */
#ifndef TLSC_TOOL_H
#define TLSC_TOOL_H

#include <stdio.h>

#include "tlscore.h"

/* As docs/man/tlsc.1 has them. */
enum {
    EXIT_GOOD = 0,
    EXIT_TLS = 1,    /* the handshake failed, or the connection was cut or spoilt; a chain isn't valid */
    EXIT_WRONG = 2,  /* wrong options, unreadable files */
    EXIT_NETWORK = 3 /* no such host, nobody answers */
};

/* Says "tlsc: ..." on standard error and ends. */
_Noreturn void die(int status, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Ends with EXIT_WRONG unless `e` is TLSC_OK; `what` is the option or file at fault. */
void must(tlsc_err e, const char *what);

/* Memory for the life of the program, or the end of it. */
void *need(void *p);

/* A file's contents, at most 1 MiB, to be freed by free((void *)p). */
tlsc_bytes file_contents(const char *path);
/* The same of a file of less than `max` bytes. */
tlsc_bytes file_contents_below(const char *path, size_t max);

/* A view of a string; of NULL an empty one. */
tlsc_bytes bytes_of(const char *text);

enum { LIST_MAX = 32 };

/* Code points from "a,b,c"; each name is looked up by `find`. in: `what`, the option, for the
 * message. Returns how many. */
size_t list_of(const char *what, const char *text,
               tlsc_err (*find)(const tlsc_provider *provider, const char *name, uint16_t *id),
               uint16_t ids[LIST_MAX]);
/* Strings from "a,b,c": views into `text`. */
size_t names_of(const char *what, const char *text, tlsc_bytes names[LIST_MAX]);

/* "1.2", "1.3" or "1.2-1.3". */
void versions_of(const char *text, uint16_t *min, uint16_t *max);

/* "TLSv1.3". Static storage. */
const char *version_name(uint16_t version);
/* Static storage. */
const char *early_data_name(tlsc_early_data e);

/* Time that only grows, in ms. */
double clock_ms(void);

/* Lower-case hexadecimal, with a terminator. in: room for 2 * n + 1. */
void hex_of(const uint8_t *p, size_t n, char *out);
/* out: 32 bytes. */
void sha256(tlsc_bytes data, uint8_t out[32]);

/* tlsc_key_log_fn that writes to `ctx`, a FILE. */
void key_log_line(void *ctx, const char *line, size_t n);
/* Opens the file of --key-log for appending; NULL stays NULL. */
FILE *key_log_open(const char *path);

/* The subcommands. in: what follows their name. Return the exit status. */
int run_connect(int argc, char **argv);
int run_serve(int argc, char **argv);
int run_bench(int argc, char **argv);
int run_verify(int argc, char **argv);

#endif
