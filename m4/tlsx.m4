# SPDX-License-Identifier: Apache-2.0

# TLSX_MISSING(WHAT, PACKAGE)
# Remembers that WHAT is missing and which Debian package brings it.
# TLSX_REPORT_MISSING names all of them in one go.
AC_DEFUN([TLSX_MISSING], [
    tlsx_missing="$tlsx_missing
    $1"
    tlsx_packages="$tlsx_packages $2"
])

AC_DEFUN([TLSX_REPORT_MISSING], [
    AS_IF([test -n "$tlsx_missing"], [
        AC_MSG_ERROR([missing:$tlsx_missing
  On Debian, this brings what is packaged there:
    apt-get install$tlsx_packages])
    ])
])

# TLSX_CC_FLAGS(VARIABLE, FLAGS)
# Appends to VARIABLE those of FLAGS that the C compiler takes without a word.
AC_DEFUN([TLSX_CC_FLAGS], [
    for tlsx_flag in m4_normalize([$2]); do
        AS_VAR_PUSHDEF([tlsx_cache], [tlsx_cv_cc_$tlsx_flag])
        AC_CACHE_CHECK([whether $CC takes $tlsx_flag], [tlsx_cache], [
            tlsx_save_CFLAGS=$CFLAGS
            CFLAGS="$CFLAGS -Werror $tlsx_flag"
            AC_COMPILE_IFELSE([AC_LANG_PROGRAM()],
                [AS_VAR_SET([tlsx_cache], [yes])], [AS_VAR_SET([tlsx_cache], [no])])
            CFLAGS=$tlsx_save_CFLAGS
        ])
        AS_VAR_IF([tlsx_cache], [yes], [$1="$$1 $tlsx_flag"])
        AS_VAR_POPDEF([tlsx_cache])
    done
])

# TLSX_LD_FLAGS(VARIABLE, FLAGS): the same for the linker.
AC_DEFUN([TLSX_LD_FLAGS], [
    for tlsx_flag in m4_normalize([$2]); do
        AS_VAR_PUSHDEF([tlsx_cache], [tlsx_cv_ld_$tlsx_flag])
        AC_CACHE_CHECK([whether the linker takes $tlsx_flag], [tlsx_cache], [
            tlsx_save_LDFLAGS=$LDFLAGS
            LDFLAGS="$LDFLAGS -Werror $tlsx_flag"
            AC_LINK_IFELSE([AC_LANG_PROGRAM()],
                [AS_VAR_SET([tlsx_cache], [yes])], [AS_VAR_SET([tlsx_cache], [no])])
            LDFLAGS=$tlsx_save_LDFLAGS
        ])
        AS_VAR_IF([tlsx_cache], [yes], [$1="$$1 $tlsx_flag"])
        AS_VAR_POPDEF([tlsx_cache])
    done
])

# TLSX_LIBCRYPTO
# Takes the tree of --with-libcrypto (what deps/build makes, or one laid out
# like it): include/, lib/libcrypto.a, and, if they are there, FLAVOUR, cflags
# and libs.  Sets LIBCRYPTO_A, LIBCRYPTO_CFLAGS, LIBCRYPTO_LIBS, tlsx_flavour.
AC_DEFUN([TLSX_LIBCRYPTO], [
    AC_MSG_CHECKING([for libcrypto])
    LIBCRYPTO_A= LIBCRYPTO_CFLAGS= LIBCRYPTO_LIBS=
    AS_IF([test -z "$with_libcrypto" || test "$with_libcrypto" = yes || test "$with_libcrypto" = no], [
        AC_MSG_RESULT([no])
        TLSX_MISSING([a libcrypto: build one with $srcdir/deps/build boringssl (or aws-lc) and give its
    tree with --with-libcrypto=DIR; ./bootstrap does both],
            [clang cmake ninja-build])
    ], [
        tlsx_dir=`cd "$with_libcrypto" 2>/dev/null && pwd`
        AS_IF([test -f "$tlsx_dir/lib/libcrypto.a" && test -f "$tlsx_dir/include/openssl/aead.h"], [
            AC_MSG_RESULT([$tlsx_dir])
            LIBCRYPTO_A=$tlsx_dir/lib/libcrypto.a
            LIBCRYPTO_CFLAGS="-isystem $tlsx_dir/include `cat "$tlsx_dir/cflags" 2>/dev/null`"
            LIBCRYPTO_LIBS=`cat "$tlsx_dir/libs" 2>/dev/null || echo -pthread`
        ], [
            AC_MSG_RESULT([no])
            AC_MSG_ERROR([--with-libcrypto=$with_libcrypto: no BoringSSL or AWS-LC in it; wanted are
    $with_libcrypto/lib/libcrypto.a and $with_libcrypto/include/openssl/aead.h])
        ])
        TLSX_LIBCRYPTO_FLAVOUR
        TLSX_LIBCRYPTO_PROBE
    ])
    AC_SUBST([LIBCRYPTO_A])
    AC_SUBST([LIBCRYPTO_CFLAGS])
    AC_SUBST([LIBCRYPTO_LIBS])
])

# Which of the two it is: told by its own headers, checked against what was asked for.
AC_DEFUN([TLSX_LIBCRYPTO_FLAVOUR], [
    AC_MSG_CHECKING([for the flavour of libcrypto])
    tlsx_save_CPPFLAGS=$CPPFLAGS
    CPPFLAGS="$CPPFLAGS $LIBCRYPTO_CFLAGS"
    AC_PREPROC_IFELSE([AC_LANG_SOURCE([[
        #include <openssl/base.h>
        #ifndef OPENSSL_IS_AWSLC
        #error not AWS-LC
        #endif
    ]])], [tlsx_flavour=aws-lc], [tlsx_flavour=boringssl])
    CPPFLAGS=$tlsx_save_CPPFLAGS
    AC_MSG_RESULT([$tlsx_flavour])
    AS_CASE([$with_libcrypto_flavour],
        ["" | "$tlsx_flavour"], [],
        [boringssl | aws-lc], [AC_MSG_ERROR([--with-libcrypto-flavour=$with_libcrypto_flavour, but $tlsx_dir holds $tlsx_flavour])],
        [AC_MSG_ERROR([--with-libcrypto-flavour takes boringssl or aws-lc, not $with_libcrypto_flavour])])
])

# Links what the library links, position independent, as it goes into a module.
AC_DEFUN([TLSX_LIBCRYPTO_PROBE], [
    AC_MSG_CHECKING([whether libcrypto links into a shared object])
    tlsx_save_CFLAGS=$CFLAGS tlsx_save_LIBS=$LIBS tlsx_save_LDFLAGS=$LDFLAGS
    CFLAGS="$CFLAGS $LIBCRYPTO_CFLAGS -fPIC"
    LDFLAGS="$LDFLAGS -shared -Wl,-z,text"
    LIBS="$LIBCRYPTO_A $LIBCRYPTO_LIBS $LIBS"
    AC_LINK_IFELSE([AC_LANG_SOURCE([[
        #include <openssl/aead.h>
        #include <openssl/curve25519.h>
        #include <openssl/evp.h>
        #include <openssl/hkdf.h>
        #include <openssl/mem.h>
        #include <openssl/rand.h>
        int probe(unsigned char key[32])
        {
            EVP_PKEY *pkey = EVP_PKEY_new();
            EVP_PKEY_free(pkey);
            RAND_bytes(key, 32);
            return EVP_AEAD_key_length(EVP_aead_aes_256_gcm()) == 32 && EVP_sha384() != 0;
        }
    ]])], [
        AC_MSG_RESULT([yes])
        tlsx_probe=ok
        # unprefixed names would meet OpenSSL's in httpd (docs/ARCHITECTURE.md)
        AC_MSG_CHECKING([whether libcrypto's symbols carry a prefix])
        AS_IF([$NM "$LIBCRYPTO_A" 2>/dev/null | grep -E ' T (EVP_AEAD_key_length|EVP_PKEY_new)$' >/dev/null], [
            AC_MSG_RESULT([no])
            AC_MSG_ERROR([$LIBCRYPTO_A is built without a symbol prefix, so it would clash with the
    OpenSSL that httpd may hold.  Build it with -DBORINGSSL_PREFIX=tlsc and put that flag into
    $tlsx_dir/cflags, or let deps/build do it.])
        ], [AC_MSG_RESULT([yes])])
    ], [
        AC_MSG_RESULT([no])
        AC_MSG_ERROR([$LIBCRYPTO_A does not link into a shared object (see config.log).  It must be
    position independent; its prefix and further libraries go into $tlsx_dir/cflags and $tlsx_dir/libs.])
    ])
    CFLAGS=$tlsx_save_CFLAGS LIBS=$tlsx_save_LIBS LDFLAGS=$tlsx_save_LDFLAGS
])

# TLSX_HTTPD
# apxs and, through it, httpd, APR and apr-util.  Sets HTTPD_CFLAGS (system
# headers: their warnings are not ours), HTTPD_MODULEDIR, tlsx_httpd.
AC_DEFUN([TLSX_HTTPD], [
    tlsx_httpd=no HTTPD_CFLAGS= HTTPD_MODULEDIR=
    AS_CASE([$with_apxs],
        [no], [APXS=no],
        ["" | yes], [AC_PATH_PROGS([APXS], [apxs2 apxs], [no], [$PATH:/usr/sbin:/usr/local/apache2/bin])],
        [AC_MSG_CHECKING([for apxs])
         AS_IF([test -x "$with_apxs"], [APXS=$with_apxs],
               [AC_MSG_ERROR([--with-apxs=$with_apxs: no such program])])
         AC_MSG_RESULT([$APXS])])
    AS_IF([test "$with_apxs" = no], [],
          [test "$APXS" = no], [TLSX_MISSING([apxs and the headers of Apache httpd 2.4 (or say --without-apxs: the library alone)], [apache2-dev])],
          [TLSX_HTTPD_FLAGS])
    AC_SUBST([APXS])
    AC_SUBST([HTTPD_CFLAGS])
    AC_SUBST([HTTPD_MODULEDIR])
    AM_CONDITIONAL([HAVE_HTTPD], [test "$tlsx_httpd" != no])
])

AC_DEFUN([TLSX_HTTPD_FLAGS], [
    HTTPD_MODULEDIR=${with_moduledir:-`$APXS -q LIBEXECDIR`}
    HTTPD_CFLAGS="-isystem `$APXS -q INCLUDEDIR`"
    TLSX_APR([APR], [apr-1], [APR_CONFIG], [apr-1-config], [libapr1-dev])
    TLSX_APR([APU], [apr-util-1], [APU_CONFIG], [apu-1-config], [libaprutil1-dev])
    AC_MSG_CHECKING([for httpd])
    tlsx_save_CPPFLAGS=$CPPFLAGS
    CPPFLAGS="$CPPFLAGS $HTTPD_CFLAGS"
    AC_PREPROC_IFELSE([AC_LANG_SOURCE([[
        #include <httpd.h>
        #include <ap_mmn.h>
        #if !AP_MODULE_MAGIC_AT_LEAST(20120211, 92)
        #error older than 2.4.38
        #endif
    ]])], [
        tlsx_httpd=`$APXS -q HTTPD_VERSION 2>/dev/null`
        AS_IF([test -n "$tlsx_httpd"], [], [tlsx_httpd=2.4])
        AC_MSG_RESULT([$tlsx_httpd])
    ], [
        AC_MSG_RESULT([no])
        TLSX_MISSING([headers of Apache httpd 2.4.38 or later that fit $APXS (config.log has the error)], [apache2-dev])
    ])
    CPPFLAGS=$tlsx_save_CPPFLAGS
])

# TLSX_APR(NAME, PKG-CONFIG NAME, APXS VARIABLE, PROGRAM, PACKAGE)
# apxs knows the *-config program that its httpd was built with; else pkg-config.
AC_DEFUN([TLSX_APR], [
    AC_MSG_CHECKING([for $2])
    tlsx_config=`$APXS -q $3 2>/dev/null`
    AS_IF([test -n "$tlsx_config" && test -x "$tlsx_config"], [],
          [tlsx_config=`command -v $4 2>/dev/null`])
    AS_IF([test -n "$tlsx_config"], [
            tlsx_found=`$tlsx_config --version`
            tlsx_flags=`$tlsx_config --includes`
            # apr-1-config alone knows this one
            AS_IF([tlsx_more=`$tlsx_config --cppflags 2>/dev/null`], [tlsx_flags="$tlsx_flags $tlsx_more"])
        ],
          [tlsx_found=`$PKG_CONFIG --modversion $2 2>/dev/null`], [tlsx_flags="`$PKG_CONFIG --cflags $2`"],
          [tlsx_found=no])
    AC_MSG_RESULT([$tlsx_found])
    AS_IF([test "$tlsx_found" = no], [TLSX_MISSING([$2], [$5])], [
        tlsx_flags=`echo " $tlsx_flags " | sed 's| -I */usr/include | |g; s/ -I */ -isystem /g'`
        HTTPD_CFLAGS="$HTTPD_CFLAGS$tlsx_flags"
    ])
])

# TLSX_COMPRESSION(NAME, VARIABLE, PKG-CONFIG NAMES, PACKAGE)
# A library that compresses certificates: used if it is there, insisted on with
# --with-NAME, left out with --without-NAME.  Sets have_NAME and the conditional
# HAVE_VARIABLE, and adds to the COMPRESS_ variables.
AC_DEFUN([TLSX_COMPRESSION], [
    AC_ARG_WITH([$1], [AS_HELP_STRING([--with-$1], [compress certificates with $1; default: if it is there])])
    have_$1=no
    AS_IF([test "$with_$1" != no && test -n "$PKG_CONFIG"],
        [PKG_CHECK_MODULES([$2], [$3], [have_$1=yes], [have_$1=no])])
    AS_IF([test "$have_$1" = yes], [
        COMPRESS_CFLAGS="$COMPRESS_CFLAGS -DTLSC_HAVE_$2 $$2[]_CFLAGS"
        COMPRESS_LIBS="$COMPRESS_LIBS $$2[]_LIBS"
        COMPRESS_STATIC_LIBS="$COMPRESS_STATIC_LIBS `$PKG_CONFIG --static --libs $3`"
    ], [test -n "$with_$1" && test "$with_$1" != no], [TLSX_MISSING([$3], [$4])])
    AM_CONDITIONAL([HAVE_$2], [test "$have_$1" = yes])
])

# TLSX_TEST_LIBSSL
# BoringSSL's libssl is the client that tests and benchmark talk to.
AC_DEFUN([TLSX_TEST_LIBSSL], [
    TEST_LIBSSL_DIR= TEST_LIBSSL_CFLAGS= TEST_LIBSSL_LIBS=
    AC_MSG_CHECKING([for BoringSSL's libssl, the client of the tests])
    AS_IF([test -n "$with_test_libssl"], [tlsx_tree=$with_test_libssl], [tlsx_tree=$with_libcrypto])
    AS_IF([test -n "$tlsx_tree"], [tlsx_tree=`cd "$tlsx_tree" 2>/dev/null && pwd`])
    AS_IF([test -n "$tlsx_tree" && test -f "$tlsx_tree/lib/libssl.a" && test -f "$tlsx_tree/lib/libcrypto.a"], [
        TEST_LIBSSL_DIR=$tlsx_tree
        TEST_LIBSSL_CFLAGS="-isystem $tlsx_tree/include `cat "$tlsx_tree/cflags" 2>/dev/null`"
        TEST_LIBSSL_LIBS="$tlsx_tree/lib/libssl.a $tlsx_tree/lib/libcrypto.a `cat "$tlsx_tree/libs-ssl" 2>/dev/null || echo -lstdc++` `cat "$tlsx_tree/libs" 2>/dev/null || echo -pthread`"
        AC_MSG_RESULT([$tlsx_tree])
    ], [
        AC_MSG_RESULT([no])
        AS_IF([test -n "$with_test_libssl"],
            [AC_MSG_ERROR([--with-test-libssl=$with_test_libssl: no lib/libssl.a and lib/libcrypto.a in it])])
    ])
    AC_SUBST([TEST_LIBSSL_DIR])
    AC_SUBST([TEST_LIBSSL_CFLAGS])
    AC_SUBST([TEST_LIBSSL_LIBS])
    AM_CONDITIONAL([HAVE_TEST_LIBSSL], [test -n "$TEST_LIBSSL_DIR"])
])

# TLSX_STATIC_OPENSSL
# OpenSSL's static libraries with what they need, for a program of the tests.
AC_DEFUN([TLSX_STATIC_OPENSSL], [
    OPENSSL_STATIC_LIBS= have_static_openssl=no
    AC_MSG_CHECKING([for OpenSSL's static libraries])
    AS_IF([test "$have_openssl" = yes], [
        OPENSSL_STATIC_LIBS=`$PKG_CONFIG --static --libs openssl | sed 's/-lssl/-l:libssl.a/; s/-lcrypto/-l:libcrypto.a/'`
        tlsx_save_LIBS=$LIBS tlsx_save_CFLAGS=$CFLAGS
        LIBS="$OPENSSL_STATIC_LIBS $LIBS" CFLAGS="$CFLAGS $OPENSSL_CFLAGS"
        AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <openssl/ssl.h>]],
            [[return SSL_CTX_new(TLS_client_method()) == 0;]])], [have_static_openssl=yes])
        LIBS=$tlsx_save_LIBS CFLAGS=$tlsx_save_CFLAGS
    ])
    AC_MSG_RESULT([$have_static_openssl])
    AC_SUBST([OPENSSL_STATIC_LIBS])
    AM_CONDITIONAL([HAVE_STATIC_OPENSSL], [test "$have_static_openssl" = yes])
])
