# SPDX-License-Identifier: Apache-2.0
"""How certtool and NSS are given CRLs, each by its own means."""
import base64
import functools
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
import threading

FLAGS = {"crl-leaf-only", "crl-allow-unknown", "crl-allow-expired", "require-crls"}


def succeeds(*command):
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60).returncode == 0


def split_pem(path):
    """The PEM blocks of a file, which may be missing."""
    if not os.path.exists(path):
        return []
    with open(path, encoding="ascii") as f:
        return re.findall(r"-----BEGIN.*?-----END [A-Z0-9 ]+-----\n", f.read(), re.S)


# -- certtool: --load-crl takes a CRL as it is; --verify-crl is what judges one, beside its CA's certificate

@functools.lru_cache(maxsize=None)
def certtool_takes(crl, ca):
    with tempfile.TemporaryDirectory() as folder:
        for name, text in (("crl", crl), ("ca", ca)):
            with open(os.path.join(folder, name), "w", encoding="ascii") as f:
                f.write(text)
        return succeeds("certtool", "--verify-crl", "--load-ca-certificate", folder + "/ca", "--infile", folder + "/crl")


def certtool(command, place, allow_unknown):
    """Its verdict, with those CRLs that --verify-crl has found good for one of the CAs."""
    cas = split_pem(place + "/untrusted.pem") + split_pem(place + "/trusted.pem")
    crls = split_pem(place + "/crls.pem")
    taken = [c for c in crls if any(certtool_takes(c, ca) for ca in cas)]
    if allow_unknown and taken != crls:
        return "left to callers: a CRL that --verify-crl refuses"
    if taken:
        with open(place + "/taken.pem", "w", encoding="ascii") as f:
            f.write("".join(taken))
        command = command + ["--load-crl", place + "/taken.pem"]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=60, encoding="utf-8",
                          errors="replace")
    return done.returncode == 0 and (allow_unknown or certtool_asked_for_all(done.stdout))


def certtool_asked_for_all(output):
    """Whether CRLs spoke of every certificate: it prints a paragraph for each signature and for each CRL that it
    looked into, and has no option to insist on the latter."""
    steps = [p for p in output.split("\n\n") if "Subject:" in p]
    with_crl = sum("Checked against CRL[" in p for p in steps)
    return 2 * with_crl == len(steps)


# -- NSS: crlutil reads CRLs into a database in which their CAs must be, vfychain asks it

LOCK = threading.Lock()


def nss_empty_database(corpus):
    db = os.path.join(corpus, "nssdb")
    with LOCK:
        if not os.path.exists(db):
            os.makedirs(db)
            subprocess.run(["certutil", "-N", "-d", "sql:" + db, "--empty-password"], check=True)
    return db


def nss_database_of(corpus, files):
    """One with these certificates, those that NSS can read, made once."""
    key = hashlib.sha256()
    for path in files:
        with open(path, "rb") as f:
            key.update(f.read())
    db = os.path.join(corpus, "nss-cas", key.hexdigest()[:16])
    empty = nss_empty_database(corpus)
    with LOCK:
        if not os.path.exists(db):
            with tempfile.TemporaryDirectory(dir=corpus) as new:
                shutil.copytree(empty, new + "/db")
                for path in files:
                    trust = "CT,," if "/trusted-" in path else ",,"
                    succeeds("certutil", "-A", "-d", "sql:" + new + "/db", "-n", os.path.basename(path), "-t", trust,
                             "-a", "-i", path)
                os.makedirs(os.path.dirname(db), exist_ok=True)
                os.rename(new + "/db", db)
    return db


def nss_database(corpus, place, files):
    """A case's own: with the CRLs, too, those that crlutil takes."""
    db = place + "/nssdb"
    shutil.rmtree(db, ignore_errors=True)
    shutil.copytree(nss_database_of(corpus, files), db)
    for i, text in enumerate(split_pem(place + "/crls.pem")):
        path = "%s/crl-%d.der" % (place, i)
        with open(path, "wb") as f:
            f.write(base64.b64decode("".join(text.splitlines()[1:-1])))
        succeeds("crlutil", "-I", "-d", "sql:" + db, "-i", path)
    return db


def vfychain_options(flags):
    """What is there counts, nothing is fetched; nextUpdate isn't looked at in any case."""
    how = ["-m", "crl", "-s", "forbidFetching" + ("" if "crl-allow-unknown" in flags else ",failIfNoInfo")]
    return ["-g", "leaf"] + how + (["-g", "chain"] + how if "crl-leaf-only" not in flags else [])
