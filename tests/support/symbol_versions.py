"""Which versions of glibc's symbols a file asks the loader for."""

import re
import subprocess

FLOOR = (2, 17)
NUMBER = re.compile(r"GLIBC_(\d+)\.(\d+)(?:\.(\d+))?$")


def wanted_versions(path):
    """Every version of every library that it needs (`GLIBC_2.4`, `CURL_OPENSSL_4`)."""
    listing = subprocess.run(["readelf", "--wide", "--version-info", str(path)], check=True,
                             capture_output=True, text=True).stdout
    return set(re.findall(r"^ +0x[0-9a-f]+: +Name: (\S+)", listing, re.M))


def beyond_the_floor(path):
    """Those of glibc that 2.17 does not have. GLIBC_PRIVATE and GLIBC_ABI_... are no numbers."""
    def is_known(version):
        number = NUMBER.match(version)
        return number and tuple(int(part) for part in number.groups() if part) <= FLOOR
    return sorted(version for version in wanted_versions(path)
                  if version.startswith("GLIBC_") and not is_known(version))


def is_elf(path):
    with open(path, "rb") as file:
        return file.read(4) == b"\x7fELF"
