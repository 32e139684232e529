"""An nginx with TLS, HTTP/2 and plain HTTP on loopback that records what each request carried.

The path says what happens: `/<case>/302-B/307-A` answers 302 to `<B>/<case>/307-A`, that one 307 to
`<A>/<case>`, which answers 200 and echoes the Authorization header; a query is kept. `/<case>/raw-C?/any/../path` answers
302 to `<C>/any/../path`, `/<case>/status-401` answers 401.
Run as a program, it serves until it is told to stop: see --help.
"""

import argparse
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from certificates import Certificates

# Where nginx keeps what it needs, and the targets of its redirects; the log format comes before.
HTTP_BASICS = """\
    access_log {directory}/requests.log request;
    client_body_temp_path {directory}/body;
    proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi;
    uwsgi_temp_path {directory}/uwsgi;
    scgi_temp_path {directory}/scgi;
    keepalive_requests 1000000;
    large_client_header_buffers 4 32k;
    default_type text/plain;
    ssl_certificate {certificate};
    ssl_certificate_key {key};
    map $hop $target {{
        default "";
{targets}
    }}
"""
CONFIGURATION = """\
daemon off;
master_process off;
pid {directory}/nginx.pid;
error_log {directory}/error.log warn;
events {{ worker_connections 512; }}
http {{
    log_format request escape=json
        '{{"host":"$host","port":$server_port,"scheme":"$scheme","method":"$request_method",'
        '"path":"$uri","query":"$args","authorization":"$http_authorization",'
        '"cookie":"$http_cookie","case":"$http_x_case","protocol":"$server_protocol",'
        '"status":$status}}';
""" + HTTP_BASICS + """\
    server {{
        listen 127.0.0.1:{https} ssl http2;
        listen 127.0.0.1:{https_other} ssl http2;
        listen 127.0.0.1:{http};
{redirects}
        location ~ "^/[^/]+/raw-(?<hop>[^/]+)$" {{ return 302 $target$args; }}
        location ~ "^/[^/]+/status-401$" {{ return 401 "no\\n"; }}
        location ~ "^/[^/]+/status-403$" {{ return 403 "no\\n"; }}
        location ~ "^/[^/]+/relative$" {{ absolute_redirect off; return 302 $args; }}
        location ~ "^/[^/]+/cookie(-(?<hop>[^/]+))?$" {{
            add_header Set-Cookie "middle_auth_token=theirs; path=/";
            if ($hop) {{ return 302 $target/case; }}
            return 200 "kept\\n";
        }}
        location = /push {{ http2_push /git/file.txt; return 200 "pushing\\n"; }}
        location /git/ {{ root {directory}; }}
        location /smart/ {{
            include /etc/nginx/fastcgi_params;
            fastcgi_param SCRIPT_FILENAME /usr/lib/git-core/git-http-backend;
            fastcgi_param GIT_PROJECT_ROOT {directory}/git;
            fastcgi_param GIT_HTTP_EXPORT_ALL 1;
            fastcgi_split_path_info ^(/smart)(/.*)$;
            fastcgi_param PATH_INFO $fastcgi_path_info;
            fastcgi_pass unix:{directory}/fastcgi.socket;
        }}
        location / {{ return 200 "$request_method $scheme://$host$uri\\nAuthorization: $http_authorization\\n"; }}
    }}
}}
"""
REDIRECT = """\
        location ~ "^/(?<case>[^/]+)/{code}-(?<hop>[^/]+)(?<rest>/.*)?$" {{
            return {code} $target/$case$rest$is_args$args;
        }}"""
REDIRECT_CODES = (301, 302, 303, 307, 308)
# A test that is killed for its time leaves nothing behind.
DIES_WITH_US = ("setpriv", "--pdeathsig", "TERM")
START_SECONDS = 60
START_ATTEMPTS = 3  # somebody may take a free port before nginx does


def free_ports(count):
    """Ports nobody listens on now; held open together so that they differ."""
    holders = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [holder.getsockname()[1] for holder in holders]
    for holder in holders:
        holder.close()
    return ports


def wait_for_port(port, process, seconds=START_SECONDS):
    """Returns whether something accepts on `port` before `process` ends or time is up."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return True
        except OSError:
            time.sleep(0.02)
    return False


class WebServer:
    """`hosts` are the names in its certificate; `targets` maps a short name, as it stands in a
    redirecting path, to (scheme, host, which port: https, https_other or http)."""

    def __init__(self, directory: Path, hosts, targets=None):
        self.directory = directory
        self.certificates = Certificates(directory, list(hosts))
        self.ca = str(self.certificates.ca)
        self.targets = targets or {}
        self.https, self.https_other, self.http = free_ports(3)
        self._log = directory / "requests.log"
        self._read_to = 0
        self._barriers = 0
        self._process = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.stop()

    def origin(self, target):
        """The URL prefix of a target: https://host:port"""
        scheme, host, port = self.targets[target]
        return f"{scheme}://{host}:{getattr(self, port)}"

    def url(self, target, path="/case"):
        return self.origin(target) + path

    def start(self):
        error_log = self.directory / "error.log"
        for _ in range(START_ATTEMPTS):
            self._start_once(error_log)
            if wait_for_port(self.http, self._process):
                return
            self.stop()
            self.https, self.https_other, self.http = free_ports(3)
        raise RuntimeError(f"nginx did not start: {error_log.read_text()}")

    def _start_once(self, error_log):
        configuration = self.directory / "nginx.conf"
        configuration.write_text(self._configuration())
        with open(error_log, "ab") as errors:
            self._process = subprocess.Popen(
                [sbin_program("nginx", "nginx-light"), "-p", str(self.directory), "-e", str(error_log),
                 "-c", str(configuration)],
                stdin=subprocess.DEVNULL, stdout=errors, stderr=errors)

    def stop(self):
        self._process.terminate()
        self._process.wait()

    @contextlib.contextmanager
    def git_backend(self):
        """While it lasts, /smart/NAME is served by git's own backend from git/NAME."""
        path = self.directory / "fastcgi.socket"
        path.unlink(missing_ok=True)
        process = subprocess.Popen([sbin_program("fcgiwrap", "fcgiwrap"), "-s", f"unix:{path}"],
                                   stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + START_SECONDS
        while not path.exists() and time.monotonic() < deadline:
            time.sleep(0.01)
        try:
            yield
        finally:
            process.terminate()
            process.wait()

    def requests(self):
        """The requests since the last call, oldest first."""
        self._wait_for_log()
        with open(self._log, encoding="utf-8") as log:
            log.seek(self._read_to)
            lines = log.read()
            self._read_to = log.tell()
        records = [json.loads(line) for line in lines.splitlines()]
        return [record for record in records if not record["path"].startswith("/barrier-")]

    def _wait_for_log(self):
        """nginx has one worker and logs a request when it is done with it: when a request of our
        own stands in the log, so do those before it."""
        self._barriers += 1
        path = f"/barrier-{self._barriers}"
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
            f"http://127.0.0.1:{self.http}{path}", timeout=START_SECONDS).read()
        deadline = time.monotonic() + START_SECONDS
        while f'"path":"{path}"' not in self._log.read_text(encoding="utf-8"):
            if time.monotonic() > deadline:
                raise RuntimeError("nginx does not write its log")
            time.sleep(0.005)

    def _configuration(self):
        targets = "\n".join(f'        "{name}" "{self.origin(name)}";' for name in self.targets)
        return CONFIGURATION.format(
            directory=self.directory, certificate=self.certificates.certificate,
            key=self.certificates.key, targets=targets, https=self.https,
            https_other=self.https_other, http=self.http,
            redirects="\n".join(REDIRECT.format(code=code) for code in REDIRECT_CODES))


def sbin_program(name, package):
    """Debian keeps some in /usr/sbin, which an ordinary user's PATH lacks."""
    for folder in [*os.environ.get("PATH", "").split(":"), "/usr/sbin", "/usr/local/sbin"]:
        candidate = os.path.join(folder, name)
        if folder and os.access(candidate, os.X_OK):
            return candidate
    raise RuntimeError(f"{name} is not installed (Debian: {package})")


def main():
    parser = argparse.ArgumentParser(description="Serve hosts on loopback until SIGTERM; the first "
                                     "line on standard output is the TLS port.")
    parser.add_argument("--directory", required=True, help="for the certificates and the log")
    parser.add_argument("host", nargs="+", help="a name for the certificate")
    arguments = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with WebServer(Path(arguments.directory), arguments.host) as server:
        print(server.https, flush=True)
        signal.pause()


if __name__ == "__main__":
    main()
