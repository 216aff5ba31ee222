/* SPDX-License-Identifier: Apache-2.0 */
/* tlsc/report.c: facts as lines or as JSON. */
#include "report.h"

#include <stdlib.h>
#include <string.h>

#include "tool.h"

enum { COLUMN = 26, INDENT = 2 };

/* What stands before a value: in JSON a comma and the key, for a reader the key in its column. */
static void lead(report *r, const char *key)
{
    if (r->json) {
        (void)fprintf(r->to, r->first ? "" : ", ");
        r->first = false;
        if (key != NULL) {
            (void)fprintf(r->to, "\"%s\": ", key);
        }
        return;
    }
    int n = fprintf(r->to, "%*s", r->depth * INDENT, "");
    for (const char *p = key; p != NULL && *p != 0; p++, n++) {
        (void)fputc(*p == '_' ? ' ' : *p, r->to);
    }
    (void)fprintf(r->to, "%*s", n < COLUMN ? COLUMN - n : 1, "");
}

static void end_line(report *r)
{
    if (!r->json) {
        (void)fputc('\n', r->to);
    }
}

void report_begin(report *r, FILE *to, bool json)
{
    *r = (report){.final = to, .json = json, .first = true};
    r->to = (FILE *)need(open_memstream(&r->text, &r->text_n));
    if (json) {
        (void)fputc('{', r->to);
    }
}

void report_end(report *r)
{
    if (r->json) {
        (void)fputs("}\n", r->to);
    }
    (void)fclose(r->to);
    (void)fwrite(r->text, 1, r->text_n, r->final);
    (void)fflush(r->final);
    free(r->text);
    *r = (report){0};
}

static void escaped(report *r, uint8_t c)
{
    if (c == '"' || c == '\\') {
        (void)fprintf(r->to, "\\%c", c);
    } else if (c >= 0x20 && c < 0x7f) {
        (void)fputc(c, r->to);
    } else {
        (void)fprintf(r->to, "\\u%04x", c);
    }
}

void report_bytes(report *r, const char *key, tlsc_bytes text)
{
    lead(r, key);
    (void)fputs(r->json ? "\"" : "", r->to);
    for (size_t i = 0; i < text.n; i++) {
        escaped(r, text.p[i]);
    }
    (void)fputs(r->json ? "\"" : "", r->to);
    end_line(r);
}

void report_text(report *r, const char *key, const char *text)
{
    report_bytes(r, key, (tlsc_bytes){(const uint8_t *)text, strlen(text)});
}

void report_flag(report *r, const char *key, bool value)
{
    lead(r, key);
    (void)fputs(r->json ? value ? "true" : "false" : value ? "yes" : "no", r->to);
    end_line(r);
}

void report_count(report *r, const char *key, unsigned long long value)
{
    lead(r, key);
    (void)fprintf(r->to, "%llu", value);
    end_line(r);
}

void report_signed(report *r, const char *key, long long value)
{
    lead(r, key);
    (void)fprintf(r->to, "%lld", value);
    end_line(r);
}

void report_number(report *r, const char *key, double value, int digits, const char *unit)
{
    lead(r, key);
    (void)fprintf(r->to, "%.*f", digits, value);
    if (!r->json && unit[0] != 0) {
        (void)fprintf(r->to, " %s", unit);
    }
    end_line(r);
}

void report_hex(report *r, const char *key, const uint8_t *p, size_t n)
{
    lead(r, key);
    (void)fputs(r->json ? "\"" : "", r->to);
    for (size_t i = 0; i < n; i++) {
        (void)fprintf(r->to, "%02x", p[i]);
    }
    (void)fputs(r->json ? "\"" : "", r->to);
    end_line(r);
}

static void open_with(report *r, const char *key, char brace)
{
    if (r->json || key != NULL) {
        lead(r, key);
        end_line(r);
    }
    if (r->json) {
        (void)fputc(brace, r->to);
    }
    r->first = true;
    r->depth++;
}

static void close_with(report *r, char brace)
{
    if (r->json) {
        (void)fputc(brace, r->to);
    }
    r->first = false;
    r->depth--;
}

void report_open(report *r, const char *key)
{
    open_with(r, key, '{');
}

void report_close(report *r)
{
    close_with(r, '}');
}

void report_open_list(report *r, const char *key)
{
    open_with(r, key, '[');
}

void report_close_list(report *r)
{
    close_with(r, ']');
}
