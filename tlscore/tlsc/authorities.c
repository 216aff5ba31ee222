/* SPDX-License-Identifier: Apache-2.0 */
/* tlsc/authorities.c: whom an option says to trust. */
#include "authorities.h"

#include <string.h>
#include <sys/stat.h>

#include "tool.h"

void tell_skip(void *ctx, const tlsc_trust_skip *skip)
{
    (void)ctx;
    (void)fprintf(stderr, "tlsc: %s: PEM block %u, line %u: skipped: %s\n",
                  skip->file != NULL ? skip->file : "", skip->where.block, skip->where.line,
                  tlsc_err_text(skip->error));
}

tlsc_trust_builder *authorities_begin(void)
{
    return (tlsc_trust_builder *)need(
        tlsc_trust_builder_new(tlsc_provider_default(), tell_skip, NULL));
}

bool is_directory(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static tlsc_err add(tlsc_trust_builder *b, const char *path)
{
    if (strcmp(path, "system") == 0) {
        return tlsc_trust_add_system(b);
    }
    return is_directory(path) ? tlsc_trust_add_directory(b, path) : tlsc_trust_add_file(b, path);
}

static size_t seen(const tlsc_trust_builder *b)
{
    return tlsc_trust_num_added(b) + tlsc_trust_num_skipped(b);
}

/* A second file may hold what the first held already. */
void authorities_add(tlsc_trust_builder *b, const char *option, const char *path)
{
    size_t before = seen(b);
    tlsc_err e = add(b, path);
    if (e != TLSC_OK) {
        die(EXIT_WRONG, "%s: %s: %s (%s)", option, path, tlsc_err_text(e), tlsc_err_name(e));
    }
    if (before == 0 && seen(b) == 0) {
        die(EXIT_WRONG, "%s: %s: there is no certificate in it", option, path);
    }
}

const tlsc_trust_store *authorities_end(tlsc_trust_builder *b)
{
    const tlsc_trust_store *store;
    must(tlsc_trust_build(b, &store), "authorities");
    tlsc_trust_builder_free(b);
    return store;
}

const tlsc_trust_store *authorities_of_system(void)
{
    tlsc_trust_builder *b = authorities_begin();
    if (tlsc_trust_add_system(b) == TLSC_OK && tlsc_trust_num_added(b) > 0) {
        return authorities_end(b);
    }
    tlsc_trust_builder_free(b);
    return NULL;
}
