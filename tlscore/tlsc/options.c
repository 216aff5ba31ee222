/* SPDX-License-Identifier: Apache-2.0 */
/* tlsc/options.c: a subcommand's options as a table. */
#include "options.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

enum { COLUMN = 26 };

/* Lines of help, each after the first indented. */
static void print_help(const char *text)
{
    for (const char *p = text; *p != 0; p++) {
        (void)putchar(*p);
        if (*p == '\n') {
            (void)printf("%*s", COLUMN, "");
        }
    }
    (void)putchar('\n');
}

static void print_row(const char *name, const char *value, const char *help)
{
    int n = printf("  %s%s%s", name, value != NULL ? " " : "", value != NULL ? value : "");
    (void)printf("%*s", n < COLUMN ? COLUMN - n : 1, "");
    print_help(help);
}

_Noreturn static void usage(const command *c)
{
    (void)printf("usage: %s\n\n%s\n\n", c->usage, c->about);
    for (size_t i = 0; i < c->num_rows; i++) {
        print_row(c->rows[i].name, c->rows[i].value, c->rows[i].help);
    }
    print_row("--help", NULL, "this text");
    (void)puts("\nexit status: 0 good, 1 TLS failed or not valid, 2 wrong options or files,\n"
               "3 network; tlsc(1)");
    exit(EXIT_GOOD);
}

static const option_row *row_of(const command *c, const char *name)
{
    for (size_t i = 0; i < c->num_rows; i++) {
        if (strcmp(c->rows[i].name, name) == 0) {
            return &c->rows[i];
        }
    }
    die(EXIT_WRONG, "%s: no such option; usage: %s", name, c->usage);
}

static unsigned number_of(const char *name, const char *text)
{
    char *end;
    unsigned long n = strtoul(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != 0 || n > 1000000000) {
        die(EXIT_WRONG, "%s: \"%s\" is no number", name, text);
    }
    return (unsigned)n;
}

static long long time_of(const char *name, const char *text)
{
    char *end;
    long long s = strtoll(text, &end, 10);
    bool digits = (text[0] >= '0' && text[0] <= '9') || text[0] == '-';
    if (!digits || end == text || *end != 0 || s > 253402300799 || s < -253402300799) {
        die(EXIT_WRONG, "%s: \"%s\" is no number of seconds since 1970", name, text);
    }
    return s;
}

static void append(const option_row *row, const char *value, option_list *list)
{
    if (list->num == OPTION_LIST_MAX) {
        die(EXIT_WRONG, "%s: more than %d", row->name, OPTION_LIST_MAX);
    }
    list->at[list->num++] = value;
}

static void take(const option_row *row, const char *value, void *out)
{
    char *at = (char *)out + row->at;
    const bool yes = true;
    const unsigned number = row->kind == OPTION_NUMBER ? number_of(row->name, value) : 0;
    const long long s = row->kind == OPTION_TIME ? time_of(row->name, value) : 0;
    switch (row->kind) {
    case OPTION_FLAG:
        memcpy(at, &yes, sizeof(yes));
        break;
    case OPTION_TEXT:
        memcpy(at, &value, sizeof(value));
        break;
    case OPTION_NUMBER:
        memcpy(at, &number, sizeof(number));
        break;
    case OPTION_TIME:
        memcpy(at, &s, sizeof(s));
        break;
    case OPTION_LIST:
        append(row, value, (option_list *)(void *)at);
        break;
    }
}

int options_parse(const command *c, int argc, char **argv, void *out, const char **words,
                  int max_words)
{
    int num = 0;
    for (int i = 0; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            usage(c);
        }
        if (argv[i][0] != '-') {
            if (num == max_words) {
                die(EXIT_WRONG, "%s: too much; usage: %s", argv[i], c->usage);
            }
            words[num++] = argv[i];
            continue;
        }
        const option_row *row = row_of(c, argv[i]);
        if (row->kind != OPTION_FLAG && i + 1 == argc) {
            die(EXIT_WRONG, "%s: %s is missing", row->name, row->value);
        }
        take(row, row->kind == OPTION_FLAG ? NULL : argv[++i], out);
    }
    return num;
}
