# SPDX-License-Identifier: Apache-2.0
"""A Python that has asn1crypto."""
import importlib.util
import os
import subprocess
import sys


def find(build):
    """This Python, Debian's, or one of our own below the build folder."""
    if importlib.util.find_spec("asn1crypto") is not None:
        return sys.executable
    debian = "/usr/bin/python3"
    if os.path.exists(debian) and subprocess.run([debian, "-c", "import asn1crypto"],
                                                 stderr=subprocess.DEVNULL).returncode == 0:
        return debian
    place = os.path.join(build, "test/x509/python")
    if not os.path.exists(place + "/ready"):
        subprocess.run([sys.executable, "-m", "venv", place], check=True)
        subprocess.run([place + "/bin/pip", "install", "--quiet", "asn1crypto==1.5.1"], check=True)
        with open(place + "/ready", "w", encoding="ascii"):
            pass
    return place + "/bin/python"


def need(build):
    """Runs this very program again in such a Python, if this one isn't."""
    if importlib.util.find_spec("asn1crypto") is None:
        python = find(build)
        os.execv(python, [python, *sys.argv])
