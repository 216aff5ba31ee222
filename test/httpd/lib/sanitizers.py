# SPDX-License-Identifier: Apache-2.0
"""A module built with AddressSanitizer and UndefinedBehaviorSanitizer in an httpd that is not."""
import os
import re
import subprocess


def preload(module):
    """The value of LD_PRELOAD: the sanitizers' libraries come first in the process."""
    said = subprocess.run(["ldd", str(module)], capture_output=True, text=True, check=True).stdout
    found = re.findall(r"lib(?:asan|ubsan)\.so\S* => (\S+)", said)
    if not found:
        found = [clang_runtime(module)]
    return ":".join(found)


def clang_runtime(module):
    """clang names its library nowhere in the module."""
    said = subprocess.run(["nm", "-D", "--undefined-only", str(module)], capture_output=True,
                          text=True, check=True).stdout
    assert "__asan_init" in said, f"{module} is not built with sanitizers"
    said = subprocess.run(["clang", "-print-file-name=libclang_rt.asan-x86_64.so"],
                          capture_output=True, text=True, check=True).stdout.strip()
    assert os.path.exists(said), "clang's runtime library of AddressSanitizer is missing"
    return said


def environ(libraries, reports):
    """Reports go to files. Leaks are not looked for: httpd leaves its pools to exit()."""
    return {
        "LD_PRELOAD": libraries,
        # httpd's own handler of SIGSEGV would hide where it came from
        "ASAN_OPTIONS": f"log_path={reports}/asan:detect_leaks=0:abort_on_error=1:"
                        "allow_user_segv_handler=0:disable_coredump=1:"
                        "detect_stack_use_after_return=1:strict_string_checks=1",
        "UBSAN_OPTIONS": f"log_path={reports}/ubsan:print_stacktrace=1:halt_on_error=1:"
                         "abort_on_error=1",
    }


def check(folder):
    """Fails with the text of the reports, if there are any."""
    reports = sorted(folder.iterdir()) if folder.exists() else []
    texts = [f"{path.name}:\n{path.read_text(errors='replace')[:4000]}" for path in reports]
    assert not texts, "\n".join(["sanitizer reports:", *texts])
