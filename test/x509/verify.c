/* SPDX-License-Identifier: Apache-2.0 */
/* test/x509/verify.c: asks tlscore about one chain.
 *
 *   verify --trusted F [--untrusted F]... [--time UNIX] [--purpose server|client] [--depth N]
 *          [--name host:NAME|dns:NAME|ip:ADDR|email:ADDR]... [--policy OID]... [--FLAG]... LEAF.pem
 *          [--ocsp F | --ask F|none|later] [--scts F] [--log F[,FROM,UNTIL]]... [--min-scts N]
 *          [--crl F]...
 *
 * A staple (DER), or what a responder answers; a list of SCTs as TLS has it; keys of CT logs (DER).
 * The flags are those of tlsc_verify_options, see flags[]. Of LEAF.pem the first certificate is the leaf,
 * the others are intermediates. Line 1: "CODE index subject: text", index "-" where no certificate of the
 * peer's is concerned; with --json all details instead. With --signature nothing is asked but whether
 * the leaf is signed with its own key. Exit status: 0 valid, 1 not valid, 2 bad usage or
 * unreadable input. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "auth/pem.h"
#include "base/bytes.h"
#include "tlscore.h"
#include "tlscore/revocation.h"
#include "x509/node.h"

enum { LIST_MAX = 4096, FILE_MAX = 64 << 20 };

typedef struct arguments {
    tlsc_trust_builder *trust;
    tlsc_bytes certificates[LIST_MAX];
    size_t num;
    const char *untrusted[LIST_MAX];
    size_t num_untrusted;
    tlsc_reference_name names[LIST_MAX];
    tlsc_bytes policies[LIST_MAX];
    tlsc_verify_options options;
    tlsc_verify_request request;
    struct tlsc_revocation revocation;
    tlsc_ct_log logs[16];
    size_t num_logs;
    const char *ask;
    const char *crls[LIST_MAX];
    size_t num_crls;
    bool require_crls; /* also where no CRL is given */
    bool json;
    bool signature;
    const char *leaf;
} arguments;

static arguments args;

static _Noreturn void die(const char *what, const char *about)
{
    (void)fprintf(stderr, "verify: %s: %s\n", what, about);
    exit(2);
}

typedef struct flag {
    const char *name;
    bool *value;
} flag;

static const flag flags[] = {
    { "--json", &args.json },
    { "--signature", &args.signature },
    { "--no-intermediates", &args.options.no_intermediates },
    { "--only-self-signed", &args.options.only_self_signed },
    { "--allow-self-signed-leaf", &args.options.allow_self_signed_leaf },
    { "--allow-ca-leaf", &args.options.allow_ca_leaf },
    { "--common-name-fallback", &args.options.common_name_fallback },
    { "--require-policy", &args.options.require_policy },
    { "--inhibit-policy-mapping", &args.options.inhibit_policy_mapping },
    { "--inhibit-any-policy", &args.options.inhibit_any_policy },
    { "--require-ocsp", &args.revocation.require_ocsp },
    { "--ignore-staple", &args.revocation.ignore_staple },
    { "--ignore-must-staple", &args.revocation.ignore_must_staple },
    { "--resumed", &args.request.resumed },
    { "--require-crls", &args.require_crls },
    { "--crl-leaf-only", &args.revocation.crl_leaf_only },
    { "--crl-allow-unknown", &args.revocation.crl_allow_unknown },
    { "--crl-allow-expired", &args.revocation.crl_allow_expired },
};

/* ---- input ---- */

static tlsc_bytes read_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    uint8_t *p = (uint8_t *)malloc(FILE_MAX);
    if (f == NULL || p == NULL) {
        die("can't read", path);
    }
    size_t n = fread(p, 1, FILE_MAX, f);
    (void)fclose(f);
    return tlsc_bytes_of(p, n);
}

static void add_certificate(tlsc_bytes der)
{
    if (args.num == LIST_MAX) {
        die("too many certificates", args.leaf);
    }
    args.certificates[args.num++] = der;
}

static void add_certificates(const char *path)
{
    tlsc_bytes text = read_file(path);
    tlsc_pem pem = tlsc_pem_of(text);
    tlsc_pem_block block;
    do {
        tlsc_buf der = tlsc_buf_of(FILE_MAX);
        if (tlsc_pem_next(&pem, &block) != TLSC_OK) {
            die("bad PEM in", path);
        }
        if (block.kind == TLSC_PEM_CERTIFICATE) {
            if (tlsc_pem_decode(&block, &der) != TLSC_OK) {
                die("bad PEM in", path);
            }
            add_certificate(tlsc_buf_bytes(&der));
        }
    } while (block.kind != TLSC_PEM_END);
    free((void *)(uintptr_t)text.p);
}

static void on_skip(void *ctx, const tlsc_trust_skip *skip)
{
    (void)ctx;
    (void)fprintf(stderr, "verify: %s: block %u in line %u is skipped: %s\n", skip->file,
                  skip->where.block, skip->where.line, tlsc_err_text(skip->error));
}

static void add_name(const char *text)
{
    static const char *const kinds[] = { "host:", "dns:", "ip:", "email:" };
    for (size_t i = 0; i < 4; i++) {
        size_t n = strlen(kinds[i]);
        if (strncmp(text, kinds[i], n) == 0) {
            args.names[args.options.num_names++] = (tlsc_reference_name){
                (tlsc_reference_kind)i, tlsc_bytes_of(text + n, strlen(text + n))
            };
            return;
        }
    }
    die("not a name", text);
}

static void add_policy(const char *text)
{
    uint8_t *oid = (uint8_t *)malloc(64);
    size_t n = tlsc_oid_of_text(text, oid, 64);
    if (n == 0) {
        die("not an OID", text);
    }
    args.policies[args.options.num_policies++] = tlsc_bytes_of(oid, n);
}

/* F[,FROM,UNTIL]: a log's key, and from when to when its promises count. */
static void add_log(const char *text)
{
    char path[1024];
    long long from = 0;
    long long until = 0;
    if (args.num_logs == sizeof(args.logs) / sizeof(args.logs[0]) ||
        sscanf(text, "%1023[^,],%lld,%lld", path, &from, &until) < 1) {
        die("not a log", text);
    }
    args.logs[args.num_logs++] = (tlsc_ct_log){ read_file(path), from, until };
}

/* Whoever is asked has the request of a certificate that it was told of. */
static tlsc_err ask(void *ctx, const tlsc_ocsp_question *question, tlsc_bytes *response, bool *later)
{
    (void)ctx;
    if (question->request.n == 0 || question->issuer.n == 0) {
        return TLSC_E_INTERNAL;
    }
    *later = strcmp(args.ask, "later") == 0;
    if (!*later && strcmp(args.ask, "none") != 0) {
        *response = read_file(args.ask);
    }
    return TLSC_OK;
}

static bool set_beside(const char *name, const char *value)
{
    if (strcmp(name, "--ocsp") == 0) {
        args.request.ocsp = read_file(value);
    } else if (strcmp(name, "--ask") == 0) {
        args.ask = value;
        args.revocation.ask = ask;
    } else if (strcmp(name, "--scts") == 0) {
        args.request.scts = read_file(value);
    } else if (strcmp(name, "--log") == 0) {
        add_log(value);
    } else if (strcmp(name, "--min-scts") == 0) {
        args.options.min_scts = (unsigned)atoi(value);
    } else {
        return false;
    }
    return true;
}

static bool set_flag(const char *name)
{
    for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
        if (strcmp(name, flags[i].name) == 0) {
            *flags[i].value = true;
            return true;
        }
    }
    return false;
}

static void set_option(const char *name, const char *value)
{
    if (strcmp(name, "--trusted") == 0) {
        if (tlsc_trust_add_file(args.trust, value) != TLSC_OK) {
            die("can't read", value);
        }
    } else if (strcmp(name, "--untrusted") == 0) {
        args.untrusted[args.num_untrusted++] = value;
    } else if (strcmp(name, "--time") == 0) {
        args.options.now_s = atoll(value);
    } else if (strcmp(name, "--purpose") == 0) {
        args.request.purpose =
            strcmp(value, "client") == 0 ? TLSC_PURPOSE_CLIENT : TLSC_PURPOSE_SERVER;
    } else if (strcmp(name, "--depth") == 0) {
        args.options.max_intermediates = (unsigned)atoi(value);
        args.options.no_intermediates = atoi(value) == 0;
    } else if (strcmp(name, "--name") == 0) {
        add_name(value);
    } else if (strcmp(name, "--policy") == 0) {
        add_policy(value);
    } else if (strcmp(name, "--anchors") == 0) {
        args.options.anchors =
            strcmp(value, "name-key") == 0 ? TLSC_ANCHORS_NAME_KEY : TLSC_ANCHORS_CHECKED;
    } else if (strcmp(name, "--crl") == 0) {
        args.crls[args.num_crls++] = value;
    } else if (!set_beside(name, value)) {
        die("unknown option", name);
    }
}

static void read_arguments(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        if (strncmp(argv[i], "--", 2) != 0) {
            args.leaf = argv[i];
        } else if (!set_flag(argv[i])) {
            if (i + 1 == argc) {
                die("a value is missing for", argv[i]);
            }
            set_option(argv[i], argv[i + 1]);
            i++;
        }
    }
    if (args.leaf == NULL) {
        die("usage", "verify --trusted F [--untrusted F] [OPTION]... LEAF.pem");
    }
    add_certificates(args.leaf);
    for (size_t i = 0; i < args.num_untrusted; i++) {
        add_certificates(args.untrusted[i]);
    }
}

/* ---- output ---- */

static void subject_of(tlsc_bytes der, char *out, size_t cap)
{
    tlsc_x509 c = { .size = sizeof(c) };
    out[0] = '\0';
    if (der.n > 0 && tlsc_x509_parse(&c, der) == TLSC_OK) {
        (void)tlsc_x509_name_text(c.subject, out, cap);
    }
}

static void print_line(const tlsc_verify_result *r)
{
    char subject[1024];
    char index[16] = "-";
    subject_of(r->error == TLSC_OK ? args.certificates[0] : r->certificate, subject,
               sizeof(subject));
    if (r->index >= 0) {
        (void)snprintf(index, sizeof(index), "%d", r->index);
    }
    printf("%s %s %s: %s\n", tlsc_err_name(r->error), index, subject, tlsc_err_text(r->error));
}

static void print_json_string(const char *s)
{
    putchar('"');
    for (; *s != '\0'; s++) {
        if (*s == '"' || *s == '\\') {
            putchar('\\');
        }
        putchar(*s);
    }
    putchar('"');
}

/* What the verdict cost: microseconds of the processor, and by how many KiB the process grew at most. */
typedef struct cost {
    long us;
    long kib;
} cost;

static long now_us(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* The process's memory as the kernel tells it, "VmRSS:" now or "VmHWM:" the most; 0: it doesn't. */
static long memory_kib(const char *which)
{
    char line[128];
    long kib = 0;
    FILE *f = fopen("/proc/self/status", "r");
    while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
        if (strncmp(line, which, strlen(which)) == 0) {
            kib = atol(line + strlen(which));
        }
    }
    if (f != NULL) {
        (void)fclose(f);
    }
    return kib;
}

/* From here on the most is counted anew. */
static void forget_peak(void)
{
    FILE *f = fopen("/proc/self/clear_refs", "w");
    if (f != NULL) {
        (void)fputs("5", f);
        (void)fclose(f);
    }
}

static void print_json(const tlsc_verify_result *r, const cost *c)
{
    char subject[1024];
    printf("{\"code\": \"%s\", \"index\": %d, \"text\": \"%s\", \"reference\": \"%s\", \"path\": [",
           tlsc_err_name(r->error), r->index, tlsc_err_text(r->error),
           tlsc_err_reference(r->error));
    for (size_t i = 0; i < r->num_path; i++) {
        subject_of(r->path[i], subject, sizeof(subject));
        printf(i > 0 ? ", " : "");
        print_json_string(subject);
    }
    printf("], \"signatures\": %u, \"steps\": %u, \"comparisons\": %u, \"bytes\": %u, ",
           r->spent.signatures, r->spent.steps, r->spent.comparisons, r->spent.bytes);
    printf("\"later\": %s, ", r->later ? "true" : "false");
    printf("\"us\": %ld, \"kib\": %ld}\n", c->us, c->kib);
}

/* --crl: with the keys of all certificates that are there. NULL: CRLs aren't asked. */
static const tlsc_crl_store *load_crls(const tlsc_trust_store *trusted)
{
    const tlsc_crl_store *store = NULL;
    if (args.num_crls == 0 && !args.require_crls) {
        return NULL;
    }
    tlsc_crl_builder *b = tlsc_crl_builder_new(trusted, on_skip, NULL);
    for (size_t i = 0; b != NULL && i < args.num; i++) {
        (void)(tlsc_crl_add_issuer(b, args.certificates[i]) == TLSC_OK); /* said when it is judged */
    }
    for (size_t i = 0; b != NULL && i < args.num_crls; i++) {
        if (tlsc_crl_add_file(b, args.crls[i]) != TLSC_OK) {
            die("can't read", args.crls[i]);
        }
    }
    if (b == NULL || tlsc_crl_build(b, &store) != TLSC_OK) {
        die("memory", "none");
    }
    tlsc_crl_builder_free(b);
    return store;
}

/* --signature. */
static int own_signature(void)
{
    tlsc_node leaf;
    tlsc_err rc = tlsc_node_read(&leaf, args.certificates[0], 0);
    if (rc == TLSC_OK) {
        rc = leaf.key_error;
    }
    if (rc == TLSC_OK) {
        rc = tlsc_node_check_signature(tlsc_provider_default(), &leaf, &leaf);
    }
    printf("{\"code\": \"%s\"}\n", tlsc_err_name(rc));
    return rc == TLSC_OK ? 0 : 1;
}

int main(int argc, char **argv)
{
    const tlsc_trust_store *store = NULL;
    tlsc_verify_result result = { .size = sizeof(result) };
    args.options = (tlsc_verify_options){
        .size = sizeof(args.options), .names = args.names, .policies = args.policies
    };
    args.trust = tlsc_trust_builder_new(tlsc_provider_default(), on_skip, NULL);
    if (args.trust == NULL) {
        die("memory", "none");
    }
    read_arguments(argc, argv);
    if (args.signature) {
        return own_signature();
    }
    if (tlsc_trust_build(args.trust, &store) != TLSC_OK) {
        die("memory", "none");
    }
    args.revocation.size = sizeof(args.revocation);
    args.revocation.crls = load_crls(store);
    args.options.revocation = &args.revocation;
    if (args.num_logs > 0 && tlsc_ct_logs_new(tlsc_provider_default(), args.logs, args.num_logs,
                                              &args.options.logs) != TLSC_OK) {
        die("not logs", "--log");
    }
    args.request.size = sizeof(args.request);
    args.request.certificates = args.certificates;
    args.request.num_certificates = args.num;
    args.request.now_ms = (int64_t)time(NULL) * 1000;
    forget_peak();
    cost c = { now_us(), memory_kib("VmRSS:") };
    tlsc_err rc = tlsc_verify_chain(store, &args.options, &args.request, &result);
    c.us = now_us() - c.us;
    c.kib = memory_kib("VmHWM:") - c.kib;
    if (rc != result.error) {
        die("can't be asked", tlsc_err_text(rc));
    }
    if (args.json) {
        print_json(&result, &c);
    } else {
        print_line(&result);
    }
    tlsc_crl_store_free(args.revocation.crls);
    tlsc_ct_logs_free(args.options.logs);
    tlsc_trust_store_free(store);
    tlsc_trust_builder_free(args.trust);
    return rc == TLSC_OK ? 0 : 1;
}
