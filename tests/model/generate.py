"""Random sequences of calls of libcurl: a seed makes one. Texts like {A/302-B} stand for the URL of a target."""

import random

from world import CODES, GUARDS

TARGETS = "A A A C C B A2 Ah P".split()
HEADERS = [
    ["X: 1"], ["X: 1", "Accept: a/b"], ["Authorization: Bearer mine"], ["AUTHORIZATION: Basic eDp5"],
    ["Authorization:"], ["Authorization;"], ["Authorization : mine"], ["X: 1\r\nAuthorization: mine"],
    ["X: 1", "authorization: Bearer synauth-token"], ["Authorization: Bearer synauth-token"],
    ["sessionToken: x"], ["userId: me", "signature: x"], ["Cookie: a=b"], ["Cookie: middle_auth_token=x"],
    ["Host: other.test"], ["Host: synapse.test"], ["Host: cave.test"], ["Accept:"], ["X-Authorization: x"],
    ["Content-Type: text/x", "Expect:"], ["Proxy-Authorization: Basic eDp5"],
]
# name: (kind, value) of what 5.2 to 5.10 speak of; None: CURL's "not set"
VALUES = {
    "USERPWD": [("s", "me:secret"), ("s", "me"), ("n",), ("s", "")],
    "USERNAME": [("s", "me"), ("n",), ("s", "")],
    "PASSWORD": [("s", "secret"), ("n",)],
    "XOAUTH2_BEARER": [("s", "mine"), ("s", "synauth-token"), ("n",)],
    "HTTPAUTH": [("l", "1"), ("l", "64"), ("l", "65"), ("l", str(~16 & 0xffffffff)), ("l", "2")],
    "AWS_SIGV4": [("s", "aws:amz:east:s3"), ("n",)],
    "NETRC": [("l", "0"), ("l", "1"), ("l", "2")],
    "NETRC_FILE": [("s", "netrc-synapse"), ("s", "netrc-other"), ("s", "netrc-default"), ("s", "absent"), ("n",)],
    "COOKIE": [("s", "a=b"), ("s", "middle_auth_token=x"), ("s", "a=b; middle_auth_token=x"), ("n",)],
    "COOKIEFILE": [("s", ""), ("s", "cookies"), ("s", "absent"), ("n",)],
    "COOKIELIST": [("s", "Set-Cookie: middle_auth_token=x; domain=cave.test; path=/"),
                   ("s", "Set-Cookie: other=x; domain=synapse.test; path=/"), ("s", "ALL"), ("s", "SESS"), ("n",)],
    "COOKIESESSION": [("l", "1"), ("l", "0")],
    "SSL_VERIFYPEER": [("l", "0"), ("l", "1"), ("l", "1")],
    "SSL_VERIFYHOST": [("l", "0"), ("l", "2"), ("l", "2")],
    "SSL_CTX_FUNCTION": [("call",), ("n",)],
    "UNRESTRICTED_AUTH": [("l", "1"), ("l", "0")],
    "PORT": [("l", "0"), ("l", "0"), ("l", "{A2.port}"), ("l", "{A.port}")],
    "HEADEROPT": [("l", "0"), ("l", "1")],
    "PREREQFUNCTION": [("call",), ("n",)],
    "PRIVATE": [("p", "1"), ("p", "0xdeadbeef"), ("n",)],
    "VERBOSE": [("l", "1"), ("l", "0")],
    "NOPROGRESS": [("l", "0"), ("l", "1")],
    "REFERER": [("s", "https://other.test/"), ("n",)],
    "AUTOREFERER": [("l", "1")],
    "FRESH_CONNECT": [("l", "1"), ("l", "0")],
    "FORBID_REUSE": [("l", "1"), ("l", "0")],
    "FAILONERROR": [("l", "1"), ("l", "0")],
    "MAXREDIRS": [("l", "2"), ("l", "0"), ("l", "-1")],
    "HTTP_VERSION": [("l", "1"), ("l", "2"), ("l", "3"), ("l", "4"), ("l", "0")],
    "ACCEPT_ENCODING": [("s", ""), ("n",)],
    "DEBUGFUNCTION": [("call",)],
    "XFERINFOFUNCTION": [("call",), ("n",)],
    "SOCKOPTFUNCTION": [("call",), ("n",)],
    "OPENSOCKETFUNCTION": [("call",), ("n",)],
    "RESOLVER_START_FUNCTION": [("call",), ("n",)],
    "BUFFERSIZE": [("l", "1024"), ("l", "100000")],
    "POSTREDIR": [("l", "7"), ("l", "0")],
}
METHODS = [
    [("HTTPGET", "l", "1")], [("NOBODY", "l", "1")], [("HTTPGET", "l", "1"), ("CUSTOMREQUEST", "s", "DELETE")],
    [("POSTFIELDS", "s", "x=1"), ("POST", "l", "1")], [("POSTFIELDS", "s", "x=1"), ("CUSTOMREQUEST", "s", "PUT")],
    [("CUSTOMREQUEST", "n"), ("HTTPGET", "l", "1")], [("CUSTOMREQUEST", "n"), ("NOBODY", "l", "0"), ("HTTPGET", "l", "1")],
]
UNREAD = ["HTTPHEADER", "PROXYHEADER", "CURLU", "POSTFIELDS", "HTTP200ALIASES", "PRIVATE", "CONNECT_TO"]
EVENTS = ["write", "header", "progress", "prereq", "debug", "sockopt", "open", "resolve", "tls"]
INSTALLS = {"progress": "XFERINFOFUNCTION", "prereq": "PREREQFUNCTION", "debug": "DEBUGFUNCTION",
            "sockopt": "SOCKOPTFUNCTION", "open": "OPENSOCKETFUNCTION", "resolve": "RESOLVER_START_FUNCTION",
            "tls": "SSL_CTX_FUNCTION"}
QUERIES = ["?X-Amz-Signature=1&x=2", "?Signature=x&Expires=1", "?Signature=x", "?sig=1&se=2", "?sig=1",
           "?middle_auth_token=x", "?a=1", "?X-Goog-Signature=1", "?signature=x&key-pair-id=1"]


class Chance:
    """The sequence that a seed makes."""

    def __init__(self, seed, libcurl):
        self.random = random.Random(seed)
        self.libcurl = libcurl
        self.calls = []
        self.handles = []
        self.lists = self.urls = self.transfers = 0
        self.added = {}
        self.multi_used = set()
        self.shared = False

    def one_in(self, number):
        return self.random.randrange(number) == 0

    def pick(self, values):
        return self.random.choice(values)

    def call(self, *words):
        self.calls.append(tuple(words))

    def make(self):
        self.handle()
        for _ in range(self.random.randint(1, 3)):
            self.settings(self.pick(self.handles), self.random.randint(0, 4))
        for _ in range(self.random.randint(2, 7)):
            self.episode()
        return self.calls

    def episode(self):
        kind = self.random.randrange(16)
        if kind < 8:
            return self.alone()
        if kind < 11:
            return self.together()
        return [self.handle, self.duplicate, self.reset, self.cleanup, self.share][kind - 11]()

    # Handles

    def handle(self):
        if len(self.handles) < 5:
            number = min(set("01234") - set(self.handles))
            self.handles.append(number)
            self.call("init", number)
            if self.shared and self.one_in(2):
                self.call("set", number, "SHARE", "share")

    def duplicate(self):
        if self.handles and len(self.handles) < 5:
            number = min(set("01234") - set(self.handles))
            self.call("dup", self.pick(self.handles), number)
            self.handles.append(number)

    def reset(self):
        if self.handles:
            self.call("reset", self.pick(self.handles))

    def cleanup(self):
        if len(self.handles) > 1:
            number = self.pick(self.handles)
            self.handles.remove(number)
            self.added.pop(number, None)
            self.call("cleanup", number)

    def share(self):
        if not self.shared:
            self.shared = True
            for what in ("2", "3", "4", "5"):  # cookies, names, TLS sessions, connections
                if self.one_in(2):
                    self.call("share", what)
        elif self.handles:
            self.call("set", self.pick(self.handles), "SHARE", self.pick(["share", "n"]))

    # Options

    def value(self, name):
        return self.pick(VALUES[name])

    def option(self, handle):
        """The words of one random setting of a handle."""
        kind = self.random.randrange(10)
        if kind < 6:
            # CURLOPT_AWS_SIGV4 is refused before 7.75.
            name = self.pick([name for name in VALUES if name != "AWS_SIGV4" or self.libcurl >= (7, 75)])
            return ("set", handle, name, *self.value(name))
        if kind < 9:
            return ("set", handle, "HTTPHEADER", "list", self.list(self.pick(HEADERS)))
        return ("set", handle, "HTTPHEADER", "n")

    def list(self, lines):
        self.lists += 1
        self.call("list", str(self.lists), *lines)
        return str(self.lists)

    def settings(self, handle, count):
        for _ in range(count):
            if self.one_in(12):
                name = self.pick(UNREAD)
                self.call("set", handle, name, "p", self.pick(["1", "0x5", "0xfffffffffffffff0"]))
                self.call("set", handle, name, "n")
            else:
                call = self.option(handle)
                self.call(*call)
                if self.one_in(10):
                    self.call(*call)
                if self.lists and self.one_in(12):
                    self.call("list", str(self.lists), *self.pick(HEADERS))  # behind the program's back

    # URLs

    def path(self):
        path, here = "", None
        for _ in range(self.pick([0, 0, 1, 1, 2, 3])):
            kind = self.random.randrange(12)
            if kind < 8:
                path += f"/{self.pick(CODES)}-{self.pick(TARGETS)}"
            elif kind < 9:
                path += f"/{self.pick(CODES)}r"
            elif kind < 10:
                path += f"/302-{self.pick(['Au', 'C', 'A'])}"
            else:
                path += f"/guard{self.random.randrange(len(GUARDS))}-{self.pick('CCA')}"
        end = self.random.randrange(14)
        path += ["/401", "/403", "/500", "/cut", "/login", "/cookie", f"/cookie-{self.pick('CAB')}", "/404"][end] \
            if end < 8 else ""
        return path + (self.pick(QUERIES) if self.one_in(10) else "")

    def address(self):
        target, user = self.pick(TARGETS), self.pick(["", "me:secret@", "me@"]) if self.one_in(12) else ""
        return "{" + user + target + "}" + self.path()

    def aim(self, handle):
        """Where the next transfer goes, by which method."""
        if self.one_in(6):
            self.urls += 1
            number = str(self.urls % 19)
            self.call("url", number, "URL", self.address())
            self.call("set", handle, "CURLU", "url", number)
            if self.one_in(3):
                self.call("url", number, "URL", self.address())
        elif not self.one_in(8):
            if self.urls:
                self.call("set", handle, "CURLU", "n")
            self.call("set", handle, "URL", "s", self.address())
        if not self.one_in(4):
            self.call("set", handle, "FOLLOWLOCATION", "l", self.pick("1110"))
        if self.one_in(3):
            for setting in self.pick(METHODS):
                self.call("set", handle, *setting)

    # Transfers

    def arm(self, handle):
        """A call inside a callback."""
        event = self.pick(EVENTS)
        if event == "prereq" and self.libcurl < (7, 80):
            event = "header"
        if event in INSTALLS and event != "tls" or self.one_in(4):
            if event in INSTALLS:
                self.call("set", handle, INSTALLS[event], "call")
            if event == "progress":
                self.call("set", handle, "NOPROGRESS", "l", "0")
            if event == "debug":
                self.call("set", handle, "VERBOSE", "l", "1")
        self.call("on", handle, event, *self.inner(handle))

    def inner(self, handle):
        kind = self.random.randrange(8)
        others = [other for other in self.handles if other != handle and other not in self.added]
        if kind < 4 or not others:
            return self.option(handle)
        if kind < 5:
            self.transfers += 1
            return ("perform", self.pick(others), str(self.transfers))
        if kind < 6 and self.libcurl >= (8, 22):  # refused there; forbidden before
            return (self.pick(["reset", "cleanup"]), handle)
        return self.option(self.pick(others))

    def alone(self):
        free = [handle for handle in self.handles if handle not in self.added]
        if not free:
            return self.handle()
        handle = self.pick(free)
        self.settings(handle, self.pick([0, 0, 1, 1, 2, 3]))
        self.aim(handle)
        if self.one_in(4):
            self.arm(handle)
        self.perform(handle)
        if self.one_in(5):
            self.perform(handle)

    def perform(self, handle):
        self.transfers += 1
        self.call("perform", handle, str(self.transfers))

    def together(self):
        multi = self.pick("01")
        while len(self.handles) < 2:
            self.handle()
        for handle in self.random.sample(self.handles, self.random.randint(1, len(self.handles))):
            if self.one_in(2):
                self.settings(handle, self.random.randint(0, 2))
            self.aim(handle)
            if self.one_in(6):
                self.arm(handle)
            self.add(multi, handle)
            if self.one_in(8):
                self.call(*self.option(handle))
            if self.one_in(6):
                self.call(self.pick(["step", "step", "wakeup"]), multi)
            if self.one_in(8):
                self.again(multi)
        if self.one_in(8):
            self.on_pause()
        self.call("run", multi, self.pick(["perform", "socket", "poll"]))
        for handle in [handle for handle, of in self.added.items() if of == multi]:
            if not self.one_in(6):
                self.remove(handle)
        if self.one_in(8):
            self.call("close", multi)
            self.added = {handle: of for handle, of in self.added.items() if of != multi}

    def add(self, multi, handle):
        if handle not in self.added:
            self.transfers += 1
            self.added[handle] = multi
            self.call("add", multi, handle, str(self.transfers))

    def again(self, multi):
        handle = self.pick(list(self.added))
        if self.added[handle] == multi:
            self.remove(handle)
            self.add(multi, handle)

    def remove(self, handle):
        self.added.pop(handle)
        self.call("remove", handle)

    def on_pause(self):
        handle = self.pick(list(self.added))
        self.call("on", handle, "header", "pause", handle, self.pick("15"))


def sequence(seed, libcurl=(7, 88)):
    return Chance(seed, libcurl).make()
