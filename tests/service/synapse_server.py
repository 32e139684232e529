"""Stands in for Synapse's repo and auth services over TLS on loopback: status, body and headers as
the real ones answer (shape of REST errors, JWTs, `anonymous`). Keeps what it was sent."""

import base64
import http.server
import json
import os
import socket
import ssl
import struct
import threading
import time

from certificates import Certificates
from tls_server import TlsServer

JSON_TYPE = "application/json"
CHALLENGE = 'Bearer realm="Synapse Repository Services"'
ANONYMOUS = {"ownerId": "273950", "userName": "anonymous"}
LOGIN_ERROR = "The provided username/password combination is incorrect"


def encode(data):
    return base64.urlsafe_b64encode(json.dumps(data).encode()).rstrip(b"=").decode()


def make_token(subject, scopes=("view", "download", "modify"), expires=None, nonce="1"):
    """A JWT like Synapse's; nobody here checks its signature."""
    claims = {"access": {"scope": list(scopes), "oidc_claims": {}}, "aud": "0", "sub": subject,
              "token_type": "OIDC_ACCESS_TOKEN" if expires else "PERSONAL_ACCESS_TOKEN",
              "jti": nonce}
    if expires:
        claims["exp"] = expires
    return ".".join([encode({"typ": "JWT", "alg": "RS256", "kid": "k"}), encode(claims), "c2ln"])


class Account:
    def __init__(self, owner_id, name, password, **state):
        self.owner_id, self.name, self.password = owner_id, name, password
        self.emails = [f"{name}@example.org"]
        self.two_factor = state.get("two_factor")
        self.reset = state.get("reset", False)
        self.locked = state.get("locked", 0)
        self.terms = state.get("terms", True)


class SynapseServer:
    """with SynapseServer(folder) as server: ..."""

    def __init__(self, folder, hosts=("localhost",)):
        self.certificates = Certificates(folder, list(hosts))
        self.accounts = [
            Account(3324230, "alice", "correct horse"),
            Account(3324231, "tess", "two factors", two_factor="123456"),
            Account(3324232, "rolf", "w3ak", reset=True),
            Account(3324233, "lea", "shut out", locked=65000),
            Account(3324234, "tom", "unr3ad", terms=False)]
        self.tokens = {}
        self.requests = []
        self.mode = None  # "down", "truncated", "huge", "hang", "held", "moved", "reset"; (status, body);
                          # a function of what was sent that gives both
        self.released = threading.Event()  # ends "held"
        self.logins = 0
        self.receipt = "receipt"
        self.lifetime = 86400
        self.lock = threading.Lock()

    def __enter__(self):
        owner = self

        class Handler(SynapseHandler):
            server_state = owner

        self._server = TlsServer(Handler, self.certificates)
        self.port = self._server.port
        self.host = f"127.0.0.1:{self.port}"
        return self

    def __exit__(self, *_):
        self._server.stop()

    def issue(self, name="alice", **options):
        """A personal access token that the service knows."""
        account = self.account(name)
        token = make_token(str(account.owner_id), nonce=str(len(self.tokens)), **options)
        self.tokens[token] = account
        return token

    def account(self, name):
        return next((account for account in self.accounts
                     if name == account.name or name in account.emails), None)

    def sent(self, method, path):
        return [request for request in self.requests
                if (request["method"], request["path"]) == (method, path)]


class SynapseHandler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_state = None

    def log_message(self, *_):
        pass

    def _answer(self, status, body, headers=()):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", JSON_TYPE)
        self.send_header("Content-Length", str(len(data)))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(data)
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            self.close_connection = True

    def _error(self, status, reason, code=None, headers=(), **more):
        body = {"concreteType": "org.sagebionetworks.repo.model.ErrorResponse", "reason": reason}
        if code:
            body["errorCode"] = code
        body.update(more)
        self._answer(status, body, headers)

    def _unauthorized(self, reason):
        self._error(401, reason, headers=[("WWW-Authenticate", CHALLENGE)])

    def _note(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode()
        request = {"method": self.command, "path": self.path, "body": body,
                   "headers": {name.lower(): value for name, value in self.headers.items()}}
        with self.server_state.lock:
            self.server_state.requests.append(request)
        return body

    def _misbehave(self):
        mode = self.server_state.mode
        if callable(mode):
            mode = mode(self.server_state.requests[-1])
            self._answer(*mode)
            return True
        if mode == "down":
            self._error(503, "The service is down for maintenance")
        elif mode == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            os.close(self.connection.detach())  # the client's next write finds nobody
            self.close_connection = True
        elif mode == "truncated":
            self._answer(201 if self.command == "POST" else 200, b'{"userName": "ali')
        elif mode == "huge":
            self._answer(200, b'{"userName": "' + b"a" * 10_000_000 + b'"}')
        elif mode == "hang":
            self.connection.settimeout(60)
            self.connection.recv(1)  # until the client has had enough
            self.close_connection = True
        elif mode == "held":
            self.server_state.released.wait(60)
            self.close_connection = True
        elif isinstance(mode, tuple) and self.command == "POST":
            self._answer(*mode)
        elif mode == "moved":
            self._answer(302, {}, [("Location", "https://localhost:9/repo/v1/userProfile")])
        else:
            return False
        return True

    def _bearer(self):
        """Case and the one blank count, as in HttpAuthUtil; anything else is no token."""
        value = self.headers.get("Authorization", "")
        return value[7:].strip() if value.startswith("Bearer ") else ""

    def do_GET(self):
        state = self.server_state
        self._note()
        if self._misbehave():
            return
        if self.path != "/repo/v1/userProfile":
            self._error(404, "Not found")
            return
        token = self._bearer()
        account = state.tokens.get(token)
        if not token:
            self._answer(200, ANONYMOUS)
        elif not account:
            self._unauthorized("Invalid access token")
        elif "view" not in json.loads(base64.urlsafe_b64decode(
                token.split(".")[1] + "=="))["access"]["scope"]:
            self._error(403, "insufficient_scope. Request lacks scope(s) required by this service: "
                             "view")
        else:
            self._answer(200, {"ownerId": str(account.owner_id), "userName": account.name,
                               "emails": account.emails, "displayName": account.name.title()})

    def do_DELETE(self):
        self._note()
        if self._misbehave():
            return
        known = self.path == "/auth/v1/sessionAccessToken" and \
            self.server_state.tokens.pop(self._bearer(), None)
        if known:
            self._answer(200, b"")
        else:
            self._unauthorized("Invalid access token")

    def do_POST(self):
        body = self._note()
        if self._misbehave():
            return
        routes = {"/auth/v1/login2": self._login, "/auth/v1/2fa/token": self._second_factor}
        route = routes.get(self.path)
        if route:
            route(json.loads(body))
        else:
            self._error(404, "Not found")

    def _login(self, wanted):
        account = self.server_state.account(wanted.get("username"))
        if account and account.locked:
            self._error(423, f"You are locked out from making any additional login attempts for "
                             f"{account.locked} milliseconds")
        elif not account or wanted.get("password") != account.password:
            self._error(401, LOGIN_ERROR)
        elif account.reset:
            self._error(401, "You must change your password via email reset.",
                        "PASSWORD_RESET_VIA_EMAIL_REQUIRED")
        elif account.two_factor:
            self._error(401, "Two factor authentication required.", "TWO_FA_REQUIRED",
                        userId=account.owner_id, twoFaToken="ticket-" + account.name)
        else:
            self._welcome(account, 201)

    def _second_factor(self, wanted):
        account = next((each for each in self.server_state.accounts
                        if each.owner_id == wanted.get("userId")), None)
        if account and wanted.get("twoFaToken") == "ticket-" + account.name and \
                wanted.get("otpType") == "TOTP" and wanted.get("otpCode") == account.two_factor:
            self._welcome(account, 200)
        else:
            self._error(401, "The provided code is invalid.")

    def _welcome(self, account, status):
        state = self.server_state
        with state.lock:
            state.logins += 1
            token = make_token(str(account.owner_id), expires=int(time.time()) + state.lifetime,
                               nonce=f"login-{state.logins}")
            state.tokens[token] = account
        self._answer(status, {"accessToken": token, "acceptsTermsOfUse": account.terms,
                              "authenticationReceipt": f"{state.receipt}-{state.logins}"})
