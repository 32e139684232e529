"""Where the sequences take place: five kinds of host behind nginx, a home with tokens, netrc and cookie files.

A path says whose it is and what happens: /A/302-B/500 is asked of A, which sends on to B, which answers
500. Steps: CODE-TARGET, CODEr (relative), a status, cut, cookie, login, guardN-TARGET.
"""

import re
import time
import urllib.request
from dataclasses import dataclass

from client_test import CAVE_TOKEN, SYNAPSE_TOKEN, write_file
from web_server import HTTP_BASICS, START_SECONDS, WebServer

PLAIN_TOKEN = "fake-token-of-a-rule-for-http"
TARGETS = {
    "A": ("https", "synapse.test", "https"), "A2": ("https", "synapse.test", "https_other"),
    "Ah": ("http", "synapse.test", "http"), "B": ("https", "other.test", "https"),
    "C": ("https", "cave.test", "https"), "P": ("http", "plain.test", "http"),
}
HOSTS = sorted({host for _, host, _ in TARGETS.values()})
CODES = (301, 302, 303, 307, 308)
GUARDS = ["/auth", "/sticky_auth", "//auth", "/auth;x", "/%61uth", "/x%2f..%2fauth", "/free"]

CONFIGURATION = """\
daemon off;
master_process off;
pid {directory}/nginx.pid;
error_log {directory}/error.log crit;
events {{ worker_connections 2000; }}
http {{
    log_format request escape=json
        '{{"host":"$host","sni":"$ssl_server_name","port":$server_port,"scheme":"$scheme",'
        '"method":"$request_method","path":"$uri","raw":"$request_uri","query":"$args",'
        '"authorization":"$http_authorization","cookie":"$http_cookie","agent":"$http_user_agent",'
        '"proxy":"$http_proxy_authorization","session":"$http_sessiontoken","referer":"$http_referer",'
        '"x":"$http_x","protocol":"$server_protocol","status":"$status"}}';
""" + HTTP_BASICS + """\
    map $guard $guarded {{
        default "";
{guards}
    }}
    server {{
        listen 127.0.0.1:{https} ssl http2 backlog=1024;
        listen 127.0.0.1:{https_other} ssl http2 backlog=1024;
        listen 127.0.0.1:{http} backlog=1024;
        server_tokens off;
{redirects}
        location ~ "/guard(?<guard>\\d)-(?<hop>[^/]+)(?<rest>/.*)?$" {{
            return 302 $target$guarded/$hop$rest$is_args$args;
        }}
        location ~ "/cut$" {{ return 444; }}
        location ~ "/login$" {{ return 302 /authorize; }}
        location ~ "/cookie(-(?<hop>[^/]+))?$" {{
            add_header Set-Cookie "middle_auth_token=theirs; path=/";
            add_header Set-Cookie "other=1; path=/";
            if ($hop) {{ return 302 $target/$hop; }}
            return 200 "kept\\n";
        }}
        location ~ "/401$" {{ add_header WWW-Authenticate 'Basic realm="x"' always; return 401 "no\\n"; }}
{statuses}
        location / {{ return 200 "$request_method $uri\\n"; }}
    }}
}}
"""
REDIRECT = """\
        location ~ "/(?<here>[^/]+)/{code}-(?<hop>[A-Za-z0-9]+)(?<rest>/.*)?$" {{
            return {code} $target/$hop$rest$is_args$args;
        }}
        location ~ "^/(?<here>[^/]+)/{code}r(?<rest>/.*)?$" {{
            absolute_redirect off;
            return {code} /$here$rest$is_args$args;
        }}"""
# The first of several steps is the one that counts: the shortest rest of a path is not it.
STEP = re.compile(r"/(?P<target>[A-Z][0-9a-z]*)(?:/|$)")


@dataclass(frozen=True)
class Rule:
    service: str
    header: str


@dataclass(frozen=True)
class Request:
    """A request as the server saw it. `origin`: scheme, host, port of the URL."""
    origin: tuple
    method: str
    raw_path: str
    query: str
    cookie: str
    authorization: str
    user_info: bool
    protocol: str
    others: tuple
    agent: str

    @property
    def host(self):
        return self.origin[1]


class ModelServer(WebServer):
    def __init__(self, directory):
        super().__init__(directory, HOSTS, TARGETS)

    def _configuration(self):
        targets = {name: self.origin(name) for name in self.targets}
        targets["Au"] = targets["A"].replace("://", "://someone@")
        return CONFIGURATION.format(
            directory=self.directory, certificate=self.certificates.certificate, key=self.certificates.key,
            https=self.https, https_other=self.https_other, http=self.http,
            targets="\n".join(f'        "{name}" "{origin}";' for name, origin in targets.items()),
            guards="\n".join(f'        "{number}" "{prefix}";' for number, prefix in enumerate(GUARDS)),
            redirects="\n".join(REDIRECT.format(code=code) for code in CODES),
            statuses="\n".join(f'        location ~ "/{code}$" {{ return {code} "no\\n"; }}'
                               for code in (403, 404, 500, 503)))

    def _wait_for_log(self):
        """As there, but the log is long: only its new part is read."""
        self._barriers += 1
        path = f"/barrier-{self._barriers}"
        urllib.request.build_opener(urllib.request.ProxyHandler({})).open(
            f"http://127.0.0.1:{self.http}{path}", timeout=START_SECONDS).read()
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            with open(self._log, "rb") as log:
                log.seek(self._read_to)
                if f'"path":"{path}"'.encode() in log.read():
                    return
            time.sleep(0.002)
        raise RuntimeError("nginx does not write its log")

    def addresses(self):
        """For CURLOPT_RESOLVE: every name on this machine, at every port."""
        ports = (self.https, self.https_other, self.http)
        return [f"{host}:{port}:127.0.0.1" for host in HOSTS for port in ports]


NETRC_FILES = {  # name: (what it says, hosts; None is default)
    "netrc-synapse": ("machine synapse.test login me password secret\n", {"synapse.test"}),
    "netrc-other": ("machine other.test login me password secret\n", {"other.test"}),
    "netrc-default": ("default login me password secret\n", {None}),
    ".netrc": ("machine cave.test login me password secret\n", {"cave.test"}),
}


class World:
    placeholder = None  # 5.10 is not built: a header with it is the program's own like any other

    def __init__(self, server, home, libcurl):
        self.server, self.home, self.libcurl = server, home, libcurl
        self._origins = {}
        for target, (service, token) in {"A": ("synapse", SYNAPSE_TOKEN), "C": ("cave", CAVE_TOKEN),
                                         "P": ("cave", PLAIN_TOKEN)}.items():
            self._origins[self.origin(target)] = Rule(service, f"Bearer {token}")
        self._write_home()

    def origin(self, target):
        scheme, host, port = TARGETS[target]
        return scheme, host, getattr(self.server, port)

    def url(self, target, rest="", user=""):
        scheme, host, port = self.origin(target)
        return f"{scheme}://{user}{host}:{port}/{target}{rest}"

    def rule_for(self, origin):
        return self._origins.get(origin)

    def netrc_has(self, file, host):
        hosts = NETRC_FILES.get(file or ".netrc", ("", set()))[1]
        return host in hosts or None in hosts

    def plain_proxy(self, transfer):
        proxy = transfer.get("PROXY")
        return bool(proxy) and not transfer.get("HTTPPROXYTUNNEL") and proxy.startswith("http")

    def tokens(self):
        return SYNAPSE_TOKEN, CAVE_TOKEN, PLAIN_TOKEN

    def request(self, record):
        target = STEP.search(record["path"])
        scheme, host, port = record["scheme"], record["sni"] or record["host"], record["port"]
        if scheme == "http" and target and target["target"] in TARGETS:
            host = TARGETS[target["target"]][1]  # there is no TLS to tell, and Host may be the program's
        return Request((scheme, host, port), record["method"], record["raw"].split("?")[0], record["query"],
                       record["cookie"], record["authorization"], bool(target) and target["target"] == "Au",
                       record["protocol"], (record["proxy"], record["session"], record["referer"], record["x"],
                                            record["host"], record["status"]), record["agent"])

    def _write_home(self):
        server = self.server
        write_file(self.home / ".synapseConfig", f"[authentication]\nauthtoken = {SYNAPSE_TOKEN}\n")
        write_file(self.home / ".cloudvolume/secrets/cave-secret.json", f'{{"token": "{CAVE_TOKEN}"}}\n')
        write_file(self.home / "plain-token", PLAIN_TOKEN)
        write_file(self.home / "ca.pem", server.certificates.ca.read_text())
        for name, (text, _) in NETRC_FILES.items():
            write_file(self.home / name, text)
        line = "{}\tFALSE\t/\tTRUE\t0\t{}\tkept\n"
        write_file(self.home / "cookies", "# Netscape HTTP Cookie File\n" +
                   line.format("cave.test", "middle_auth_token") + line.format("synapse.test", "other"))
        write_file(self.home / "synauth.conf", f"""rules = (
            {{ match = "synapse.test:{server.https}"; service = "synapse"; }},
            {{ match = "cave.test:{server.https}"; service = "cave"; }},
            {{ match = "http://plain.test:{server.http}"; service = "cave"; token_file = "plain-token"; }});""")

