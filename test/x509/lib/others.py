# SPDX-License-Identifier: Apache-2.0
"""What others say of the chains: True, False, or why they can't be asked that, a text."""
import concurrent.futures
import datetime
import functools
import json
import os
import re
import shutil
import subprocess

from lib import other_crls

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
NOW = 1767225600
PLAIN = {"time", "purpose", "names", "index"}
NEUTRAL = {"ignore-must-staple"}  # what others do anyway
PURPOSE_OID = {"server": "1.3.6.1.5.5.7.3.1", "client": "1.3.6.1.5.5.7.3.2"}


def run(command, **more):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60,
                          encoding="utf-8", errors="replace", **more)


def lacks(options, allowed, flags=()):
    """One of these options that a tool has nothing like; empty: it can be asked."""
    beyond = (set(options) - set(allowed) - {"flags"}) | (set(options.get("flags", [])) - set(flags) - NEUTRAL)
    return min(beyond, default="")


def host_of(options):
    """("host" or "ip", name), or None: there is none, or it can't be asked for alone."""
    names = options.get("names", [])
    if len(names) != 1 or names[0].startswith("email:"):
        return None
    text = names[0].split(":", 1)[1]
    is_ip = ":" in text or re.fullmatch(r"[0-9]+(\.[0-9]+){3}", text)
    return ("ip" if is_ip else "host"), text


def openssl(place, o):
    flags = {"require-policy": "-explicit_policy", "inhibit-any-policy": "-inhibit_any",
             "inhibit-policy-mapping": "-inhibit_map", "crl-leaf-only": None, "require-crls": None}
    why_not = lacks(o, PLAIN | {"policies", "depth", "crls"}, flags)
    if why_not:
        return why_not
    command = ["openssl", "verify", "-partial_chain", "-no-CApath", "-no-CAstore", "-CAfile",
               place + "/trusted.pem", "-attime", str(o.get("time", NOW)), "-purpose",
               "ssl" + o.get("purpose", "server")]
    if os.path.getsize(place + "/untrusted.pem"):
        command += ["-untrusted", place + "/untrusted.pem"]
    command += [flags[f] for f in o.get("flags", []) if flags.get(f)] + ["-policy_check"] * ("policies" in o)
    if "crls" in o or "require-crls" in o.get("flags", []):
        command += ["-CRLfile", place + "/crls.pem"] if "crls" in o else []
        command += ["-crl_check"] + ["-crl_check_all"] * ("crl-leaf-only" not in o.get("flags", []))
    elif "flags" in o:
        for p in o.get("policies", []) or ["2.5.29.32.0"]: # without one its set is empty
            command += ["-policy", p]
    if "depth" in o:
        command += ["-verify_depth", str(o["depth"])]
    for n in o.get("names", []):
        kind, text = n.split(":", 1)
        kind = (host_of({"names": [n]}) or ("email", ""))[0]
        command += [{"host": "-verify_hostname", "ip": "-verify_ip", "email": "-verify_email"}[kind], text]
    return run(command + [place + "/leaf.pem"]).returncode == 0


def certtool(place, o):
    why_not = lacks(o, PLAIN - {"time"} | {"crls"}, {"crl-allow-unknown", "require-crls"})
    if why_not:
        return why_not
    if o.get("names") and host_of(o) is None:
        return "one host or address at a time"
    with open(place + "/leaf.pem", "rb") as f:
        chain = f.read()
    with open(place + "/untrusted.pem", "rb") as f:
        chain += f.read()
    with open(place + "/chain.pem", "wb") as f:
        f.write(chain)
    command = ["certtool", "--verify", "--load-ca-certificate", place + "/trusted.pem", "--infile",
               place + "/chain.pem", "--verify-purpose", PURPOSE_OID[o.get("purpose", "server")]]
    if o.get("names"):
        command += ["--verify-hostname", host_of(o)[1]]
    if "crls" in o or "require-crls" in o.get("flags", []):
        return other_crls.certtool(command, place, "crl-allow-unknown" in o.get("flags", []))
    return run(command).returncode == 0


def nss(place, o):
    why_not = lacks(o, PLAIN - {"names"} | {"crls"}, other_crls.FLAGS)
    if why_not:
        return why_not
    when = datetime.datetime.fromtimestamp(o.get("time", NOW), datetime.timezone.utc)
    if when.year >= 2050 or when.second:
        return "whole minutes before 2050"
    files = {"leaf": [], "untrusted": [], "trusted": []}
    for kind, found in files.items():
        for i, text in enumerate(other_crls.split_pem(place + "/" + kind + ".pem")):
            path = "%s/%s-%d.pem" % (place, kind, i)
            with open(path, "w", encoding="ascii") as f:
                f.write(text)
            found.append(path)
    # the purpose is the peer's: usage 0 looks at a client, 1 at a server
    command = ["-pp", "-b", when.strftime("%y%m%d%H%MZ"), "-u", "0" if o.get("purpose") == "client" else "1"]
    corpus = os.path.dirname(os.path.dirname(os.path.dirname(place)))
    if "crls" in o or "require-crls" in o.get("flags", []):
        db = other_crls.nss_database(corpus, place, files["untrusted"] + files["trusted"])
        command += other_crls.vfychain_options(o.get("flags", []))
    else:
        db = other_crls.nss_empty_database(corpus)
    command = ["vfychain", "-d", "sql:" + db] + command + ["-a"] + files["leaf"] + files["untrusted"]
    for path in files["trusted"]:
        command += ["-t", path]
    return "Chain is good!" in run(command).stdout


def batch(program, folder, cases, allowed, flags):
    """One program for all, which may say itself why it has no verdict."""
    done = subprocess.run([program, folder], stdout=subprocess.PIPE, check=True, encoding="utf-8", timeout=600)
    verdicts = json.loads(done.stdout)
    for c in cases:
        mail = any(n.startswith("email:") for n in c["options"].get("names", []))
        yield c, lacks(c["options"], allowed, flags) or ("mailboxes" if mail else verdicts[c["name"]])


def go(build, folder, cases):
    program = os.path.join(build, "test/x509/go-verify")
    run([os.environ.get("GO") or "go", "build", "-o", program, "."], cwd=os.path.join(HERE, "others/go"), check=True)
    return batch(program, folder, cases, PLAIN | {"crls"}, other_crls.FLAGS)


def webpki(build, folder, cases):
    target = os.path.join(build, "test/x509/webpki")
    run_long = ["cargo", "build", "--quiet", "--release", "--locked", "--target-dir", target]
    subprocess.run(run_long, cwd=os.path.join(HERE, "others/webpki"), check=True, timeout=1200)
    return batch(target + "/release/verify", folder, cases, PLAIN | {"crls"}, other_crls.FLAGS - {"require-crls"})


def one_by_one(ask_one, _, folder, cases):
    def judge(case):
        return case, ask_one(os.path.join(folder, "cases", case["name"]), case["options"])
    with concurrent.futures.ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        yield from pool.map(judge, cases)


TOOLS = {
    "openssl": (["openssl"], functools.partial(one_by_one, openssl)),
    "gnutls": (["certtool"], functools.partial(one_by_one, certtool)),
    "nss": (["vfychain", "certutil", "crlutil"], functools.partial(one_by_one, nss)),
    "go": ([os.environ.get("GO") or "go"], go),
    "webpki": (["cargo"], webpki),
}


def ask(build, folder, cases):
    """Puts case["others"] = {who: verdict} into every case. Tells which tools are missing."""
    missing = []
    for case in cases:
        case["others"] = {}
    for who, (tools, asked) in TOOLS.items():
        lacking = [t for t in tools if shutil.which(t) is None]
        missing += lacking
        if not lacking:
            for case, verdict in asked(build, folder, cases):
                case["others"][who] = verdict
    return missing
