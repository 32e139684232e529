"""A certificate authority made on the spot, and one server certificate for all names of a test."""

import subprocess
from pathlib import Path

LEAF_EXTENSIONS = """\
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectAltName = {names}
"""


def _openssl(*arguments):
    result = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True,
                            stdin=subprocess.DEVNULL, timeout=60)
    if result.returncode != 0:
        raise RuntimeError(f"openssl {arguments[0]}: {result.stderr}")


def _new_key(path):
    _openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", path)


class Certificates:
    """Files below `directory`: ca (the authority's certificate), certificate and key (the server's)."""

    def __init__(self, directory: Path, names):
        self.ca = directory / "ca.pem"
        self.certificate = directory / "server.pem"
        self.key = directory / "server.key"
        self._make_authority(directory)
        self._make_leaf(directory, names)

    def _make_authority(self, directory):
        _new_key(directory / "ca.key")
        _openssl("req", "-x509", "-key", directory / "ca.key", "-days", "2", "-out", self.ca,
                 "-subj", "/CN=Authority of one test run",
                 "-addext", "keyUsage=critical,keyCertSign,cRLSign")

    def _make_leaf(self, directory, names):
        extensions = directory / "server.ext"
        request = directory / "server.csr"
        wanted = ["IP:127.0.0.1"] + [f"DNS:{name}" for name in names]
        extensions.write_text(LEAF_EXTENSIONS.format(names=", ".join(wanted)))
        _new_key(self.key)
        _openssl("req", "-new", "-key", self.key, "-out", request, "-subj", f"/CN={names[0]}")
        _openssl("x509", "-req", "-in", request, "-CA", self.ca, "-CAkey", directory / "ca.key",
                 "-CAcreateserial", "-days", "2", "-extfile", extensions, "-out", self.certificate)
