/* SPDX-License-Identifier: Apache-2.0 */
/* tlsc/report.h: facts, one after another, as lines for a reader or as one line of JSON. */
#ifndef TLSC_REPORT_H
#define TLSC_REPORT_H

#include <stdbool.h>
#include <stdio.h>

#include "tlscore/base.h"

typedef struct report {
    FILE *to; /* memory: what ends half-way prints nothing */
    char *text;
    size_t text_n;
    FILE *final;
    bool json;
    bool first; /* JSON: no comma is due */
    int depth;
} report;

void report_begin(report *r, FILE *to, bool json);
/* Prints it all. */
void report_end(report *r);
/* Keys are JSON's, lower case with underscores; a reader sees blanks. NULL in a list. */
void report_text(report *r, const char *key, const char *text);
/* Bytes that come from a peer: what isn't printable ASCII is escaped. */
void report_bytes(report *r, const char *key, tlsc_bytes text);
void report_flag(report *r, const char *key, bool value);
void report_count(report *r, const char *key, unsigned long long value);
void report_signed(report *r, const char *key, long long value);
/* `digits` behind the point; `unit` is for readers, JSON has it in the key. */
void report_number(report *r, const char *key, double value, int digits, const char *unit);
void report_hex(report *r, const char *key, const uint8_t *p, size_t n);
void report_open(report *r, const char *key);
void report_close(report *r);
void report_open_list(report *r, const char *key);
void report_close_list(report *r);

#endif
