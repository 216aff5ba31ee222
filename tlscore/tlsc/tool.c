/* SPDX-License-Identifier: Apache-2.0 */
/* tlsc/tool.c: what the subcommands share. */
#include "tool.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { FILE_MAX = 1 << 20 };

void die(int status, const char *format, ...)
{
    va_list args;
    (void)fputs("tlsc: ", stderr);
    va_start(args, format);
    (void)vfprintf(stderr, format, args);
    va_end(args);
    (void)fputc('\n', stderr);
    exit(status);
}

void must(tlsc_err e, const char *what)
{
    if (e != TLSC_OK) {
        die(EXIT_WRONG, "%s: %s (%s)", what, tlsc_err_text(e), tlsc_err_name(e));
    }
}

void *need(void *p)
{
    if (p == NULL) {
        die(EXIT_WRONG, "out of memory");
    }
    return p;
}

tlsc_bytes file_contents_below(const char *path, size_t max)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        die(EXIT_WRONG, "%s: %s", path, strerror(errno));
    }
    uint8_t *p = (uint8_t *)need(malloc(max));
    size_t n = fread(p, 1, max, f);
    if (ferror(f) != 0 || n == max) {
        die(EXIT_WRONG, "%s: can't be read, or is longer than %zu MiB", path, max >> 20);
    }
    (void)fclose(f);
    return (tlsc_bytes){p, n};
}

tlsc_bytes file_contents(const char *path)
{
    return file_contents_below(path, FILE_MAX);
}

tlsc_bytes bytes_of(const char *text)
{
    return (tlsc_bytes){(const uint8_t *)text, text != NULL ? strlen(text) : 0};
}

size_t names_of(const char *what, const char *text, tlsc_bytes names[LIST_MAX])
{
    size_t num = 0;
    for (const char *at = text; at != NULL; num++) {
        const char *comma = strchr(at, ',');
        size_t n = comma != NULL ? (size_t)(comma - at) : strlen(at);
        if (num == LIST_MAX || n == 0) {
            die(EXIT_WRONG, "%s: \"%s\" is no list of 1 to %d names", what, text, LIST_MAX);
        }
        names[num] = (tlsc_bytes){(const uint8_t *)at, n};
        at = comma != NULL ? comma + 1 : NULL;
    }
    return num;
}

size_t list_of(const char *what, const char *text,
               tlsc_err (*find)(const tlsc_provider *provider, const char *name, uint16_t *id),
               uint16_t ids[LIST_MAX])
{
    tlsc_bytes names[LIST_MAX];
    size_t num = names_of(what, text, names);
    for (size_t i = 0; i < num; i++) {
        char name[64];
        (void)snprintf(name, sizeof(name), "%.*s", (int)names[i].n, (const char *)names[i].p);
        tlsc_err e = find(tlsc_provider_default(), name, &ids[i]);
        if (e != TLSC_OK) {
            die(EXIT_WRONG, "%s: %s: %s", what, name, tlsc_err_text(e));
        }
    }
    return num;
}

void versions_of(const char *text, uint16_t *min, uint16_t *max)
{
    static const struct {
        const char *text;
        uint16_t min;
        uint16_t max;
    } known[] = {{"1.2", TLSC_TLS12, TLSC_TLS12},
                 {"1.3", TLSC_TLS13, TLSC_TLS13},
                 {"1.2-1.3", TLSC_TLS12, TLSC_TLS13}};
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (strcmp(text, known[i].text) == 0) {
            *min = known[i].min;
            *max = known[i].max;
            return;
        }
    }
    die(EXIT_WRONG, "--tls: \"%s\" is neither 1.2, 1.3 nor 1.2-1.3", text);
}

const char *version_name(uint16_t version)
{
    return version == TLSC_TLS13 ? "TLSv1.3" : version == TLSC_TLS12 ? "TLSv1.2" : "none";
}

const char *early_data_name(tlsc_early_data e)
{
    static const char *const names[] = {
        [TLSC_EARLY_NONE] = "none",
        [TLSC_EARLY_PENDING] = "not answered",
        [TLSC_EARLY_ACCEPTED] = "accepted",
        [TLSC_EARLY_OFF] = "refused: not served",
        [TLSC_EARLY_NOT_RESUMED] = "refused: not resumed",
        [TLSC_EARLY_RETRY] = "refused: HelloRetryRequest",
        [TLSC_EARLY_ALPN] = "refused: another application protocol",
        [TLSC_EARLY_SUITE] = "refused: another cipher suite",
        [TLSC_EARLY_AGE] = "refused: the ticket's age",
        [TLSC_EARLY_REPLAY] = "refused: it may be a replay",
        [TLSC_EARLY_SESSION] = "refused: the session allows none",
        [TLSC_EARLY_REFUSED] = "refused",
        [TLSC_EARLY_VERSION] = "refused: TLS 1.2",
    };
    return (size_t)e < sizeof(names) / sizeof(names[0]) ? names[e] : "unknown";
}

double clock_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

void hex_of(const uint8_t *p, size_t n, char *out)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < n; i++) {
        out[2 * i] = digits[p[i] >> 4];
        out[2 * i + 1] = digits[p[i] & 15];
    }
    out[2 * n] = 0;
}

void sha256(tlsc_bytes data, uint8_t out[32])
{
    const tlsc_hash *hash = tlsc_provider_suite(tlsc_provider_default(), 0x1301)->hash;
    _Alignas(16) uint8_t state[TLSC_HASH_STATE_MAX];
    hash->init(state);
    hash->update(state, data);
    hash->final(state, out);
}

void key_log_line(void *ctx, const char *line, size_t n)
{
    (void)fprintf((FILE *)ctx, "%.*s\n", (int)n, line);
    (void)fflush((FILE *)ctx);
}

FILE *key_log_open(const char *path)
{
    FILE *f = path != NULL ? fopen(path, "a") : NULL;
    if (path != NULL && f == NULL) {
        die(EXIT_WRONG, "--key-log: %s: %s", path, strerror(errno));
    }
    return f;
}
