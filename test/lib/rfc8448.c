/* SPDX-License-Identifier: Apache-2.0 */
/* test/lib/rfc8448.c: reads *.trace files; test/vectors/rfc8448/make tells their form. */
#include "rfc8448.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "unit.h"

const char *const rfc8448_names[] = { "simple",      "resumed-0rtt",  "hello-retry",
                                      "client-auth", "compatibility", NULL };

enum { VALUE_MAX = 4096 };

static unsigned nibble(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = strchr(digits, c);
    assert_true(c != 0 && at != NULL);
    return (unsigned)(at - digits);
}

static void take_hex(rfc8448_field *f, const char *hex)
{
    size_t n = strlen(hex);
    assert_int_equal(n % 2, 0);
    for (size_t i = 0; i < n; i += 2) {
        uint8_t byte = (uint8_t)(nibble(hex[i]) << 4 | nibble(hex[i + 1]));
        assert_ok(tlsc_buf_append(&f->value, tlsc_bytes_of(&byte, 1)));
    }
}

static void copy_text(char *to, size_t cap, const char *from)
{
    assert_true(strlen(from) < cap);
    memcpy(to, from, strlen(from) + 1);
}

static void take_step(rfc8448_trace *t, char *line)
{
    static const char server[] = "server: ";
    static const char as_above[] = ", as above";
    assert_true(t->num_steps < RFC8448_STEPS_MAX);
    rfc8448_step *s = &t->steps[t->num_steps++];
    s->by_server = strncmp(line, server, sizeof(server) - 1) == 0;
    size_t n = strlen(line);
    size_t tail = sizeof(as_above) - 1;
    if (n > tail && strcmp(line + n - tail, as_above) == 0) {
        s->as_above = true;
        line[n - tail] = 0;
    }
    copy_text(s->what, sizeof(s->what), line + sizeof(server) - 1);
}

static void take_line(rfc8448_trace *t, char *line)
{
    if (line[0] == '#' || line[0] == 0) {
        return;
    }
    if (line[0] != ' ') {
        take_step(t, line);
        return;
    }
    assert_true(t->num_steps > 0);
    rfc8448_step *s = &t->steps[t->num_steps - 1];
    if (line[1] != ' ') {
        assert_true(s->num_fields < RFC8448_FIELDS_MAX);
        rfc8448_field *f = &s->fields[s->num_fields++];
        f->value = tlsc_buf_of(VALUE_MAX);
        copy_text(f->name, sizeof(f->name), line + 1);
        return;
    }
    assert_true(s->num_fields > 0);
    take_hex(&s->fields[s->num_fields - 1], line + 2);
}

rfc8448_trace *rfc8448_open(const char *name)
{
    char path[128];
    (void)snprintf(path, sizeof(path), "test/vectors/rfc8448/%s.trace", name);
    tlsc_buf text = test_file(path);
    assert_ok(tlsc_buf_append(&text, TEXT("\0")));
    rfc8448_trace *t = (rfc8448_trace *)calloc(1, sizeof(*t));
    assert_non_null(t);
    t->name = name;
    char *line = (char *)text.p;
    while (*line != 0) {
        char *end = strchr(line, '\n');
        assert_non_null(end);
        *end = 0;
        take_line(t, line);
        line = end + 1;
    }
    tlsc_buf_clear(&text);
    assert_true(t->num_steps > 40); /* the shortest has more */
    return t;
}

void rfc8448_close(rfc8448_trace *t)
{
    for (size_t i = 0; i < t->num_steps; i++) {
        for (size_t k = 0; k < t->steps[i].num_fields; k++) {
            tlsc_buf_clear(&t->steps[i].fields[k].value);
        }
    }
    free(t);
}

tlsc_bytes rfc8448_find(const rfc8448_step *s, const char *field, bool *found)
{
    for (size_t i = 0; i < s->num_fields; i++) {
        if (strcmp(s->fields[i].name, field) == 0) {
            *found = true;
            return tlsc_buf_bytes(&s->fields[i].value);
        }
    }
    *found = false;
    return (tlsc_bytes){ NULL, 0 };
}

tlsc_bytes rfc8448_get(const rfc8448_step *s, const char *field)
{
    bool found;
    tlsc_bytes value = rfc8448_find(s, field, &found);
    if (!found) {
        fail_msg("%s: no field %s", s->what, field);
    }
    return value;
}

bool rfc8448_is(const rfc8448_step *s, const char *words)
{
    return strncmp(s->what, words, strlen(words)) == 0;
}

tlsc_bytes rfc8448_message(const rfc8448_trace *t, size_t step)
{
    const rfc8448_step *s = &t->steps[step];
    assert_true(rfc8448_is(s, "construct ") && s->num_fields == 1);
    tlsc_bytes m = tlsc_buf_bytes(&s->fields[0].value);
    assert_true(m.n >= 4);
    if (m.n == 4 + ((size_t)m.p[1] << 16 | (size_t)m.p[2] << 8 | m.p[3])) {
        return m;
    }
    while (++step < t->num_steps) {
        if (rfc8448_is(&t->steps[step], "send handshake record")) {
            tlsc_bytes sent = rfc8448_get(&t->steps[step], "payload");
            assert_true(sent.n > m.n && memcmp(sent.p, m.p, m.n) == 0);
            return sent;
        }
    }
    fail_msg("%s: never sent", s->what);
    return m;
}

void rfc8448_learn(rfc8448_secrets *k, const rfc8448_step *s)
{
    static const char words[] = "derive secret \"tls13 ";
    if (!rfc8448_is(s, words) || s->as_above) {
        return;
    }
    tlsc_bytes secret = rfc8448_get(s, "expanded");
    assert_true(k->num < RFC8448_SECRETS_MAX && secret.n <= sizeof(k->known[0].secret.b));
    copy_text(k->known[k->num].label, sizeof(k->known[k->num].label), s->what + sizeof(words) - 1);
    tlsc_bytes_copy(k->known[k->num].secret.b, secret);
    k->known[k->num].secret.n = (uint8_t)secret.n;
    k->num++;
}

const tlsc_secret *rfc8448_traffic_secret(const rfc8448_secrets *k, const rfc8448_step *s,
                                          bool *server_writes)
{
    bool writes = rfc8448_is(s, "derive write traffic keys for ");
    assert_true(writes || rfc8448_is(s, "derive read traffic keys for "));
    *server_writes = writes == s->by_server;
    const char *phase = strstr(s->what, "for ") + 4;
    const char *kind = strcmp(phase, "handshake data") == 0           ? "hs"
                       : strcmp(phase, "early application data") == 0 ? "e"
                                                                      : "ap";
    char label[32];
    (void)snprintf(label, sizeof(label), "%c %s traffic\"", *server_writes ? 's' : 'c', kind);
    for (size_t i = 0; i < k->num; i++) {
        if (strcmp(k->known[i].label, label) == 0) {
            return &k->known[i].secret;
        }
    }
    fail_msg("%s: no secret %s", s->what, label);
    return NULL;
}
