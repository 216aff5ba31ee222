# SPDX-License-Identifier: Apache-2.0
"""What others say of the chains: True, False, or None where they can't be asked that."""
import datetime
import json
import os
import re
import shutil
import subprocess

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
NOW = 1767225600
PLAIN = {"time", "purpose", "names", "index"}
NEUTRAL = {"ignore-must-staple"}  # what others do anyway
PURPOSE_OID = {"server": "1.3.6.1.5.5.7.3.1", "client": "1.3.6.1.5.5.7.3.2"}


def run(command, **more):
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60,
                          encoding="utf-8", errors="replace", **more)


def only(options, allowed):
    asked = {k for k in options if k != "flags" or set(options["flags"]) - NEUTRAL}
    return asked <= allowed


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
             "inhibit-policy-mapping": "-inhibit_map", "crl-leaf-only": None}
    if not set(o) <= PLAIN | {"policies", "flags", "depth", "crls"} or set(o.get("flags", [])) - set(flags) - NEUTRAL:
        return None
    command = ["openssl", "verify", "-partial_chain", "-no-CApath", "-no-CAstore", "-CAfile",
               place + "/trusted.pem", "-attime", str(o.get("time", NOW)), "-purpose",
               "ssl" + o.get("purpose", "server")]
    if os.path.getsize(place + "/untrusted.pem"):
        command += ["-untrusted", place + "/untrusted.pem"]
    command += [flags[f] for f in o.get("flags", []) if flags.get(f)] + ["-policy_check"] * ("policies" in o)
    if "crls" in o:
        command += ["-CRLfile", place + "/crls.pem", "-crl_check"]
        command += [] if "crl-leaf-only" in o.get("flags", []) else ["-crl_check_all"]
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
    if not only(o, PLAIN - {"time"}) or (o.get("names") and host_of(o) is None):
        return None
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
    return run(command).returncode == 0


def split_pem(path):
    with open(path, encoding="ascii") as f:
        return re.findall(r"-----BEGIN.*?-----END CERTIFICATE-----\n", f.read(), re.S)


def nss(place, o):
    if not only(o, PLAIN - {"names"}):
        return None
    when = datetime.datetime.fromtimestamp(o.get("time", NOW), datetime.timezone.utc)
    if when.year >= 2050 or when.second:
        return None
    files = {"leaf": [], "untrusted": [], "trusted": []}
    for kind, found in files.items():
        for i, text in enumerate(split_pem(place + "/" + kind + ".pem")):
            path = "%s/%s-%d.pem" % (place, kind, i)
            with open(path, "w", encoding="ascii") as f:
                f.write(text)
            found.append(path)
    db = os.path.dirname(os.path.dirname(place)) + "/../nssdb"
    db = os.path.abspath(db)
    if not os.path.exists(db):
        os.makedirs(db)
        run(["certutil", "-N", "-d", "sql:" + db, "--empty-password"], check=True)
    # the purpose is the peer's: usage 0 looks at a client, 1 at a server
    command = ["vfychain", "-d", "sql:" + db, "-pp", "-b", when.strftime("%y%m%d%H%MZ"), "-u",
               "0" if o.get("purpose") == "client" else "1", "-a"]
    command += files["leaf"] + files["untrusted"]
    for path in files["trusted"]:
        command += ["-t", path]
    return "Chain is good!" in run(command).stdout


def batch(program, folder, cases, allowed):
    done = subprocess.run([program, folder], stdout=subprocess.PIPE, check=True, encoding="utf-8", timeout=600)
    verdicts = json.loads(done.stdout)
    return {c["name"]: verdicts[c["name"]] if only(c["options"], allowed) and not any(
        n.startswith("email:") for n in c["options"].get("names", [])) else None for c in cases}


def go(build, folder, cases):
    program = os.path.join(build, "test/x509/go-verify")
    run([os.environ.get("GO") or "go", "build", "-o", program, "."], cwd=os.path.join(HERE, "others/go"), check=True)
    return batch(program, folder, cases, PLAIN)


def webpki(build, folder, cases):
    target = os.path.join(build, "test/x509/webpki")
    run_long = ["cargo", "build", "--quiet", "--release", "--locked", "--target-dir", target]
    subprocess.run(run_long, cwd=os.path.join(HERE, "others/webpki"), check=True, timeout=1200)
    return batch(target + "/release/verify", folder, cases, PLAIN)


def ask(build, folder, cases):
    """Puts case["others"] = {who: verdict} into every case. Tells which tools are missing."""
    missing = []
    for case in cases:
        case["others"] = {}
    for who, tool, f in (("openssl", "openssl", openssl), ("gnutls", "certtool", certtool),
                         ("nss", "vfychain", nss)):
        if shutil.which(tool) is None:
            missing.append(tool)
            continue
        for case in cases:
            case["others"][who] = f(os.path.join(folder, "cases", case["name"]), case["options"])
    for who, tool, f in (("go", os.environ.get("GO") or "go", go), ("webpki", "cargo", webpki)):
        if shutil.which(tool) is None:
            missing.append(tool)
            continue
        for name, verdict in f(build, folder, cases).items():
            next(c for c in cases if c["name"] == name)["others"][who] = verdict
    return missing
