"""A stand-in for CAVE's auth service over TLS on loopback (middle_auth's routes, guards and bodies, as
facts about it were measured): /auth/api/v1/..., the exact `Bearer ` check, errors as JSON for programs
and a redirect to the login page for browsers. It records what it was sent."""

import http.server
import json
import urllib.parse

from certificates import Certificates
from tls_server import TlsServer

ORDINARY, ADMIN, NO_TERMS, NO_RIGHT = "0a" * 16, "0b" * 16, "0c" * 16, "0d" * 16
BASE64 = "Zm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyZm9vYmFyZm8="
USERS = {ORDINARY: (22, False), ADMIN: (1, True), NO_TERMS: (23, False), NO_RIGHT: (24, False),
         BASE64: (25, False)}
NAMES = {1: "Ada", 22: "Bob", 23: "Cy", 24: "Di", 25: "Ed\u00e9"}
GROUPS = {7: [1, 22]}
DATASTACKS = {"minnie": "https://local.example.org", "bare": "local.example.org"}
STICKY = "sticky.example.org/sticky_auth"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def reply(self, status, body, headers=(), content_type="application/json"):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def challenge(self, status, error, message, detail=""):
        realm = f'Bearer realm="https://{STICKY}/api/v1/authorize"'
        self.reply(status, {"error": error, "message": message},
                   [("WWW-Authenticate", realm + detail)])

    def account(self):
        """The user behind the token, or None after the refusal is sent (auth_required)."""
        header = self.headers.get("Authorization")
        programmatic = header is not None or "X-Requested-With" in self.headers or "Origin" in self.headers
        if not programmatic:
            quoted = urllib.parse.quote(f"https://{self.headers['Host']}{self.path}")
            self.reply(302, b"", [("Location", f"https://{STICKY}/api/v1/authorize?redirect={quoted}")],
                       "text/html")
            return None
        if header is not None and not header.startswith("Bearer "):
            self.challenge(400, "bad_auth_header", "Auth header must be 'Bearer <token>'",
                           ', error="invalid_request", error_description="bad header"')
            return None
        token = header.split(" ")[1] if header else ""
        if not token:
            self.challenge(401, "no_token", "Unauthorized - No Token Provided")
            return None
        if token not in USERS:
            self.challenge(401, "invalid_token", "Unauthorized - Token is Invalid or Expired",
                           ', error="invalid_token", error_description="Invalid/Expired Token"')
            return None
        return token, *USERS[token]

    def do_GET(self):
        server = self.server
        server.seen.append({"path": self.path, "authorization": self.headers.get("Authorization"),
                            "cookie": self.headers.get("Cookie")})
        if server.script:
            status, body, headers, kind = server.script.pop(0)
            self.reply(status, body, headers, kind)
            return
        account = self.account()
        if account:
            self.route(*account)

    def route(self, token, user, admin):
        url = urllib.parse.urlsplit(self.path)
        path = url.path.removeprefix("/auth/api/v1")
        if token == NO_TERMS:
            self.reply(403, {"error": "missing_tos", "message": "Need to accept Terms of Service.",
                             "data": {"tos_id": 2, "tos_name": "Terms A",
                                      "tos_form_url": f"https://{STICKY}/api/v1/tos/2/accept"}})
        elif token == NO_RIGHT:
            self.reply(403, {"error": "missing_permission", "message": "Missing permission",
                             "data": {"required_permission": "view", "auth_dataset": "setA"}})
        elif url.path.startswith("/info/api/v2/datastack/full/"):
            name = url.path.rsplit("/", 1)[1]
            if name in DATASTACKS:
                self.reply(200, {"local_server": DATASTACKS[name]})
            else:
                self.reply(404, {"error": "no such datastack"})
        elif path == "/create_token":
            self.reply(200, "ee" * 16)
        elif path == "/user/token":
            self.reply(200, [{"id": 5, "user_id": user, "token": token, "description": None,
                              "created": "Mon, 01 Jan 2024 00:00:00 GMT", "last_used": None}])
        elif path in ("/user/me", "/user/cache"):
            self.reply(200, {"id": user, "name": NAMES[user], "admin": admin, "groups": []})
        elif path == "/user" or (path.startswith("/group/") and path.endswith("/user")):
            self.administrators(admin, path, url)
        else:
            self.reply(404, b"not found", (), "text/html")

    def administrators(self, admin, path, url):
        if not admin:
            self.reply(403, b"Requires admin privilege.", (), "text/html")
        elif path == "/user":
            wanted = urllib.parse.parse_qs(url.query, keep_blank_values=True).get("id", [""])[0]
            ids = [int(part) for part in wanted.split(",") if part.isdigit()]
            if not wanted:
                self.reply(200, {"pages": 1, "items": []})
            else:
                self.reply(200, [{"id": i, "name": NAMES[i], "service_account": False,
                                  "affiliations": [[]]} for i in ids if i in NAMES])
        else:
            group = path.split("/")[2]
            members = GROUPS.get(int(group), []) if group.isdigit() else []
            self.reply(200, [{"id": i, "name": NAMES[i], "admin": i == 1} for i in members])


class CaveServer:
    """`script`: answers (status, body, headers, content type) that are given before any route's."""

    def __init__(self, directory, hosts=("localhost",)):
        self.certificates = Certificates(directory, list(hosts))
        self.ca = str(self.certificates.ca)
        self._server = TlsServer(Handler, self.certificates)
        self._server.seen, self._server.script = [], []
        self.port = self._server.port
        self.host = f"localhost:{self.port}"
        self.address = f"https://{self.host}"

    def requests(self):
        """Since the last call."""
        seen, self._server.seen[:] = list(self._server.seen), []
        return seen

    def answer(self, *answers):
        self._server.script[:] = [
            (status, body if isinstance(body, bytes) else json.dumps(body).encode(), headers, kind)
            for status, body, headers, kind in answers]

    def stop(self):
        self._server.stop()
