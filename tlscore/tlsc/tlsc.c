/* SPDX-License-Identifier: Apache-2.0 */
/* tlsc/tlsc.c: tlscore on the command line. */
#include <signal.h>
#include <string.h>

#include "tool.h"

static const struct {
    const char *name;
    const char *about;
    int (*run)(int argc, char **argv);
} commands[] = {
    {"connect", "connects to a server and tells what was negotiated", run_connect},
    {"serve", "serves, for tests", run_serve},
    {"verify", "judges a certificate chain", run_verify},
    {"bench", "measures handshakes and bulk data in memory", run_bench},
};

enum { NUM_COMMANDS = sizeof(commands) / sizeof(commands[0]) };

static void usage(FILE *to)
{
    (void)fputs("usage: tlsc COMMAND [OPTION]...\n\n", to);
    for (size_t i = 0; i < NUM_COMMANDS; i++) {
        (void)fprintf(to, "  tlsc %-10s %s\n", commands[i].name, commands[i].about);
    }
    (void)fputs("\ntlsc COMMAND --help lists its options; tlsc --version; the manual is tlsc(1)\n",
                to);
}

int main(int argc, char **argv)
{
    (void)signal(SIGPIPE, SIG_IGN);
    const char *word = argc > 1 ? argv[1] : "";
    if (strcmp(word, "--help") == 0) {
        usage(stdout);
        return EXIT_GOOD;
    }
    if (strcmp(word, "--version") == 0) {
        (void)printf("tlsc %s, %s\n", tlsc_version(), tlsc_provider_default()->name);
        return EXIT_GOOD;
    }
    for (size_t i = 0; i < NUM_COMMANDS; i++) {
        if (strcmp(word, commands[i].name) == 0) {
            return commands[i].run(argc - 2, argv + 2);
        }
    }
    usage(stderr);
    return EXIT_WRONG;
}
