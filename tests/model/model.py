"""The hooks' rules, a second time: which request carries which token. From the contract (its numbers are
quoted) and from libcurl's documentation alone.

`transfers` replays a sequence of calls and says for each transfer with which options it began and which
of them may have changed while it ran. `verdict` judges one request of a transfer, given the requests
before it. What libcurl itself does, the run without the library shows.
"""

import re
from dataclasses import dataclass, field

MUST, MUST_NOT, EITHER = "must carry", "must not carry", "may carry"

SIGNED = ({"x-amz-signature"}, {"x-goog-signature"}, {"signature", "expires"},
          {"signature", "key-pair-id"}, {"sig", "se"}, {"sig", "sv"})
OWN_HEADERS = {"authorization", "sessiontoken", "userid", "signature"}
VERIFY = ("SSL_VERIFYPEER", "SSL_VERIFYHOST")
# Options that have no part in the decision; a change of any other in the middle makes it open.
INDIFFERENT = {"WRITEFUNCTION", "HEADERFUNCTION", "XFERINFOFUNCTION", "NOPROGRESS", "VERBOSE", "DEBUGFUNCTION",
               "PRIVATE", "BUFFERSIZE", "REFERER", "ACCEPT_ENCODING", "TCP_NODELAY", "SOCKOPTFUNCTION",
               "OPENSOCKETFUNCTION", "FORBID_REUSE", "FRESH_CONNECT", "PREREQFUNCTION", "RESOLVER_START_FUNCTION",
               "MAXREDIRS", "AUTOREFERER", "PIPEWAIT", "FAILONERROR"}


@dataclass
class Transfer:
    """`options`: name -> value (texts; a header list as its lines, which may grow); `changed`: names that a
    call may have set while it ran; `earlier_context`: connections of a CURLOPT_SSL_CTX_FUNCTION may be about."""
    handle: str
    options: dict
    changed: set = field(default_factory=set)
    driver: str = "perform"
    earlier_context: bool = False
    had_host: bool = False  # the handle has had a Host header, perhaps in an earlier transfer

    def get(self, name):
        return self.options.get(name)


class Replay:
    """The state of handles, as the documentation of each call has it."""

    def __init__(self):
        self.handles, self.lists, self.running, self.transfers = {}, {}, {}, {}
        self.armed = {}  # handle -> (handle, options) that a call inside its next transfer may set
        self.unsure = {}  # handle -> options that such a call may have set
        self.urls = {}
        self.named = set()  # handles that have had a Host header
        self.added, self.finished = {}, set()  # handle -> (multi, transfer); what has ended there
        self.context = False  # may a connection stand that was verified less than others?

    def play(self, call):
        getattr(self, "_" + call[0], lambda *_: None)(*call[1:])

    def value(self, kind, *rest):
        if kind == "n":
            return None
        if kind == "list":
            return self.lists.get(rest[0])  # libcurl keeps the pointer: later lines count
        if kind == "url":
            return self.urls.setdefault(rest[0], [""])
        if kind == "l":
            return int(rest[0])
        return rest[0] if rest else True

    def _init(self, handle):
        if handle not in self.handles:
            self.handles[handle] = {}

    def _list(self, number, *lines):
        self.lists.setdefault(number, []).extend(lines)
        for handle, transfer in self.running.items():
            if self.handles[handle].get("HTTPHEADER") is self.lists[number]:
                transfer.changed.add("HTTPHEADER")

    def _url(self, number, _part, text):
        self.urls.setdefault(number, [""])[0] = text
        for handle, transfer in self.running.items():
            if self.handles[handle].get("CURLU") is self.urls[number]:
                transfer.changed.add("CURLU")

    def _set(self, handle, name, *value):
        if handle not in self.handles:
            return
        value = self.value(*value)
        # "CURLOPT_USERPWD is split up in user name and password" (its page): the last one set counts.
        if name == "USERPWD":
            user, colon, password = (value or "").partition(":")
            self._store(handle, "USERNAME", user if value is not None else None)
            self._store(handle, "PASSWORD", password if colon else None)
        else:
            self._store(handle, name, value)
        self.context |= name == "SSL_CTX_FUNCTION" or (name in VERIFY and handle in self.added)

    def _store(self, handle, name, value):
        self.handles[handle][name] = value
        self.unsure.get(handle, set()).discard(name)
        if handle in self.running:
            self.running[handle].changed.add(name)

    def _reset(self, handle):
        if handle in self.handles:
            self.handles[handle] = {}
            self.unsure.pop(handle, None)
            if handle in self.running:
                self.running[handle].changed.add("URL")

    def _dup(self, source, copy):
        if source in self.handles and copy not in self.handles:
            self.handles[copy] = dict(self.handles[source])
            self.unsure[copy] = set(self.unsure.get(source, ()))

    def _cleanup(self, handle):
        for table in (self.handles, self.running, self.added, self.armed, self.unsure):
            table.pop(handle, None)
        self.finished.discard(handle)
        self.named.discard(handle)

    def _on(self, handle, _event, *call):
        """Made in the next transfer of `handle`, or never."""
        names = {call[2]} if call[0] == "set" else {"URL"}
        targets = call[1:2] if call[0] in ("set", "reset", "cleanup", "remove", "perform") else call[1:3]
        if names == {"USERPWD"}:
            names = {"USERNAME", "PASSWORD"}
        self.context |= bool({"SSL_CTX_FUNCTION", *VERIFY} & names)
        if call[0] != "pause":
            self.armed.setdefault(handle, []).extend((target, names) for target in targets)
        if call[0] in ("perform", "add"):
            self._begin(call[-2], call[-1], call[0], {"URL"})

    def _over(self, handle):
        """What was armed may have happened: those options are one or the other until they are set again."""
        for target, names in self.armed.pop(handle, ()):
            self.unsure.setdefault(target, set()).update(names)
            if target in self.running:
                self.running[target].changed |= names

    def _begin(self, handle, number, driver, changed=()):
        transfer = Transfer(handle, snapshot(self.handles.get(handle, {})), set(changed), driver, self.context)
        transfer.changed |= self.unsure.get(handle, set())
        for target, names in (entry for entries in self.armed.values() for entry in entries):
            transfer.changed |= names if target == handle else set()
        if any(name == "host" for name, _ in header_lines(transfer)):
            self.named.add(handle)
        transfer.had_host = handle in self.named
        self.transfers[number] = transfer
        return transfer

    def _perform(self, handle, number):
        if handle in self.handles and handle not in self.added:
            self._begin(handle, number, "perform")
            self._over(handle)

    def _add(self, multi, handle, number):
        if handle in self.handles and handle not in self.added:
            self.added[handle] = (multi, number)
            self._begin(handle, number, "multi")

    def _remove(self, handle):
        self.added.pop(handle, None)
        self.running.pop(handle, None)
        self.finished.discard(handle)

    def _close(self, multi):
        for handle in [handle for handle, (of, _) in self.added.items() if of == multi]:
            self._remove(handle)

    def _step(self, multi):
        """The options are read when a transfer starts, which is in the first curl_multi_perform."""
        for handle, (of, number) in self.added.items():
            if of == multi and handle not in self.running and handle not in self.finished:
                before, now = self.transfers[number], self.handles[handle]
                before.changed |= {name for name in set(before.options) | set(now)
                                   if before.options.get(name) != now.get(name)}
                before.options = snapshot(now)
                before.earlier_context |= self.context
                self.running[handle] = before

    def _run(self, multi, _how):
        self._step(multi)
        for handle, (of, _) in self.added.items():
            if of == multi:
                self._over(handle)
                self.running.pop(handle, None)
                self.finished.add(handle)  # until it is removed


def snapshot(options):
    """As they are now: a list may have more lines and a CURLU another URL later."""
    return {name: list(value) if isinstance(value, list) else value for name, value in options.items()}


def replayed(sequence):
    replay = Replay()
    for call in sequence:
        replay.play(call)
    return replay


def transfers(sequence):
    return replayed(sequence).transfers


def header_lines(transfer):
    """Name (lower case, blanks before the colon off) and value of each line that a list puts on the
    wire: an entry may hold several (5.3)."""
    for entry in transfer.get("HTTPHEADER") or []:
        for line in re.split(r"[\r\n]+", entry):
            name, mark, value = re.match(r"([^:;]*)([:;]?)(.*)", line, re.S).groups()
            if mark:
                yield name.strip(" \t").lower(), value.strip(" \t")


def query_names(query):
    return {name.lower() for name in re.findall(r"(?:^|&)([^=&]*)", query)}


def own_credentials(transfer, request, placeholder):
    """Why the program's own credentials win (5.3), or None."""
    for name, value in header_lines(transfer):
        if name == "authorization" and placeholder and value == f"Bearer {placeholder}":
            continue  # 5.10: counts as "no credentials"
        if name in OWN_HEADERS:
            return f"5.3: a header {name}"
        if name == "cookie" and "middle_auth_token" in value:
            return "5.3: a middle_auth_token in a Cookie header"
        if name == "host" and value.split(":")[0].lower() != request.host:
            return "5.3: a Host header of another host"
    url = transfer.get("CURLU") or [transfer.get("URL") or ""]
    if "@" in url[0]:
        return "5.3: URL user info"
    names_of_url = query_names(url[0].partition("?")[2])
    if any(names <= names_of_url for names in SIGNED):
        return "5.3: a signed URL"
    if "middle_auth_token" in names_of_url:
        return "5.3: a middle_auth_token in the query"
    bearer = transfer.get("XOAUTH2_BEARER")
    if transfer.get("USERNAME") is not None:
        return "5.3: user name"
    if bearer is not None and bearer != placeholder:
        return "5.3: bearer"
    if transfer.get("AWS_SIGV4") is not None:
        return "5.3: SigV4"
    if transfer.get("HTTPSIG_KEY") is not None:
        return "5.3: HTTPSIG"
    if "middle_auth_token" in (transfer.get("COOKIE") or ""):
        return "5.3: a middle_auth_token in CURLOPT_COOKIE"
    return None


def credentials_of_request(transfer, request, world):
    """What comes with this request alone (5.3)."""
    query = query_names(request.query)
    if any(names <= query for names in SIGNED):
        return "5.3: a signed URL"
    if "middle_auth_token" in query:
        return "5.3: a middle_auth_token in the query"
    if "middle_auth_token=" in request.cookie:
        return "5.3: the cookie engine's cookies for this request"
    if request.user_info:
        return "5.3: URL user info"
    if transfer.get("NETRC") and world.netrc_has(transfer.get("NETRC_FILE"), request.host):
        return "5.3: a netrc entry for the host"
    return None


def guarded(path):
    """5.2: the CAVE paths that make tokens by GET."""
    odd = any(mark in path for mark in ("%", "//", ";", "\\"))
    return odd or path.startswith(("/auth/", "/sticky_auth/"))


def from_elsewhere(transfer, request, rule):
    """Why a request that a redirect brought from another origin gets none (5.2), or None."""
    if request.method not in ("GET", "HEAD"):
        return "5.2: the method on the wire is neither GET nor HEAD"
    if rule.service == "cave" and guarded(request.raw_path):
        return "5.2: a CAVE path under /auth/ or /sticky_auth/"
    if any(name == "cookie" for name, _ in header_lines(transfer)) or transfer.get("COOKIE") is not None:
        return "5.2: the program has set a Cookie header or CURLOPT_COOKIE"
    return None


def open_reason(transfer, request, earlier, libcurl):
    """Where the contract leaves it open whether a token goes, or sends less."""
    inside = transfer.changed - INDIFFERENT
    if inside:
        return f"options changed while it ran are undefined by libcurl's documentation: {sorted(inside)}"
    if transfer.earlier_context:
        return "5.4: a connection that CURLOPT_SSL_CTX_FUNCTION was asked about may be used again"
    if libcurl < (7, 80):
        return "5.8: before 7.80 send less, never more"
    if libcurl < (8, 12) and transfer.get("CURLU") and transfer.driver != "perform":
        return "5.2, 5.8: libcurl reports another URL there, so that it cannot be judged"
    if any(name == "host" for name, _ in header_lines(transfer)):
        return "5.3 speaks of a Host header of another host, not of another port"
    if transfer.get("PORT") and earlier:
        return "5.2: whether CURLOPT_PORT counts for a redirect, libcurl does not tell"
    if transfer.had_host and any(transfer.get(name) is not None for name in ("COOKIEFILE", "COOKIELIST")):
        return "5.3: libcurl's cookie engine goes by the name of an earlier Host header"
    if any(before.user_info or "Signature=" in before.query or
           "middle_auth_token" in before.query + before.cookie
           for before in earlier):
        return "5.3 has 'for the whole transfer' for the program's own, and this was a server's"
    if transfer.get("PASSWORD") is not None and transfer.get("USERNAME") is None:
        return "5.3 names the user name, not a password alone"
    return None


def verdict(transfer, request, earlier, world):
    """(MUST, MUST_NOT or EITHER, the token's header value or None, why)"""
    rule = world.rule_for(request.origin)
    if rule is None:
        return MUST_NOT, None, "5.2: tokens go to configured hosts only"
    if request.origin[0] == "http" and world.plain_proxy(transfer):
        return MUST_NOT, None, "2: never over http through a proxy that does not tunnel"
    for name in VERIFY:
        if request.origin[0] == "https" and name not in transfer.changed and transfer.get(name) == 0:
            return MUST_NOT, None, f"5.4: {name} is off"
    unsure = open_reason(transfer, request, earlier, world.libcurl)
    reason = own_credentials(transfer, request, world.placeholder) or credentials_of_request(transfer, request, world)
    if not reason and request.origin[0] == "https" and transfer.get("SSL_CTX_FUNCTION"):
        reason = "5.4: SSL_CTX_FUNCTION"
    if not reason and any(before.origin != request.origin for before in earlier):
        reason = from_elsewhere(transfer, request, rule)
    if reason and not (transfer.changed - INDIFFERENT):
        return MUST_NOT, None, reason
    if reason or unsure:
        return EITHER, rule.header, unsure or reason
    return MUST, rule.header, "5.2"
