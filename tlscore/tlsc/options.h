/* SPDX-License-Identifier: Apache-2.0 */
/* tlsc/options.h: a subcommand's options as a table, which parses them and is its --help. */
#ifndef TLSC_OPTIONS_H
#define TLSC_OPTIONS_H

#include <stddef.h>

enum { OPTION_LIST_MAX = 64 };

/* The values of an option that may be given several times. */
typedef struct option_list {
    const char *at[OPTION_LIST_MAX];
    size_t num;
} option_list;

typedef enum option_kind {
    OPTION_FLAG,   /* bool */
    OPTION_TEXT,   /* const char * */
    OPTION_NUMBER, /* unsigned */
    OPTION_TIME,   /* long long, seconds since 1970-01-01 UTC */
    OPTION_LIST,   /* option_list */
} option_kind;

/* One option: its value goes to `at` bytes into the subcommand's struct. */
typedef struct option_row {
    const char *name;  /* "--pin" */
    const char *value; /* "HASH|FILE"; NULL for a flag */
    const char *help;  /* lines */
    option_kind kind;
    size_t at;
} option_row;

/* A subcommand as --help shows it. */
typedef struct command {
    const char *usage; /* "tlsc connect [OPTIONS] HOST:PORT" */
    const char *about; /* lines */
    const option_row *rows;
    size_t num_rows;
} command;

/* Parses what follows the subcommand's name. Options may stand before and behind the words that are
 * none, of which there are at most `max_words`; returns how many. --help prints and ends; what is
 * wrong ends with EXIT_WRONG. in: `out`, the subcommand's struct with its defaults. */
int options_parse(const command *c, int argc, char **argv, void *out, const char **words,
                  int max_words);

#endif
