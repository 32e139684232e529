"""For programs that cannot be told whom to trust: the system's bundle of authorities is the tests' own,
for one process, in a mount namespace of its own."""

import os
import subprocess

BUNDLE = "/etc/ssl/certs/ca-certificates.crt"  # what Debian's libcurls read
BIND = 'mount --bind "$1" "$2" && shift 2 && exec "$@"'


def _namespace():
    """A user may have one where the system allows user namespaces; root may, if not in a container."""
    ways = [["unshare", "--mount"]] if os.geteuid() == 0 else []
    ways.append(["unshare", "--user", "--map-root-user", "--mount"])
    for way in ways:
        result = subprocess.run([*way, "true"], capture_output=True, text=True, check=False)
        if result.returncode == 0:
            return way
    raise RuntimeError("this test needs root or user namespaces, to lay its authority over "
                       f"{BUNDLE}: {result.stderr.strip()}")


def with_authority(ca, command):
    """`command`, and what it starts, find the certificate `ca` alone in the system's bundle."""
    if not os.path.exists(BUNDLE):
        raise RuntimeError(f"no {BUNDLE} (Debian: ca-certificates)")
    return [*_namespace(), "sh", "-c", BIND, "sh", ca, BUNDLE, *command]
