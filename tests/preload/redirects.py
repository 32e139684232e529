"""The redirect matrix: every chain of three targets, by the curl program, against an independent model.

Chains over {A, B, A on another port, A over http, C} x {GET, POST 302, POST 307, POST 308} x {plain,
--location-trusted} x {HTTP/1.1, HTTP/2} x {direct, CONNECT proxy}. One curl process fetches all chains
of a combination; curl gives each URL a handle of its own.
"""

import itertools
import tempfile
import unittest
from pathlib import Path

from client_test import BEARER_A, BEARER_C, LEGACY, TARGETS, TOKENS, ClientTest, synauth_lines
from recording_proxy import RecordingProxy

METHODS = {  # name: (curl's options, status of each redirect)
    "GET": ([], 302),
    "POST 302": (["--data", "x=1"], 302),
    "POST 307": (["--data", "x=1"], 307),
    "POST 308": (["--data", "x=1"], 308),
}
TRUST = {"plain": ["--location"], "trusted": ["--location-trusted"]}
PROTOCOL = {"HTTP/1.1": ["--http1.1"], "HTTP/2": ["--http2"]}
BEARER = {"A": BEARER_A, "C": BEARER_C}


def method_of_hop(method, index):
    """A 302 turns POST into GET; 307 and 308 keep it."""
    name, _, status = method.partition(" ")
    return "GET" if index > 0 and status == "302" else name


def expected_header(chain, index, method, trust):
    """The header of request `index` of `chain`, from the rules for redirects alone: the targets have
    distinct origins, so a target is an origin."""
    target = chain[index]
    if LEGACY and (trust == "trusted" or any(other != target for other in chain[:index])):
        return None
    from_elsewhere = any(earlier != target for earlier in chain[:index])
    if from_elsewhere and method_of_hop(method, index) not in ("GET", "HEAD"):
        return None
    return BEARER.get(target)


def expected_requests(chain, method, trust="plain"):
    return [(target, method_of_hop(method, index), expected_header(chain, index, method, trust))
            for index, target in enumerate(chain)]


def chain_path(identity, chain, status):
    return f"/{identity}" + "".join(f"/{status}-{target}" for target in chain[1:])


class RedirectMatrix(ClientTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._proxy_directory = tempfile.TemporaryDirectory(prefix="synauth-proxy-")
        cls.addClassCleanup(cls._proxy_directory.cleanup)
        cls.proxy = cls.enterClassContext(RecordingProxy(Path(cls._proxy_directory.name)))

    def setUp(self):
        super().setUp()
        self.protocols = set()

    def fetch(self, chains, status, options):
        """Fetches all chains in one curl process; the requests of each, by its number."""
        urls = "".join(
            f'url = "{self.server.url(chain[0], chain_path(number, chain, status))}"\n'
            for number, chain in enumerate(chains))
        list_file = self.home / "urls"
        list_file.write_text(urls)
        result = self.curl(*options, "-K", list_file)
        self.assertEqual(result.returncode, 0, result.stderr[-2000:])
        self.assertEqual(synauth_lines(result), [])
        requests = [[] for _ in chains]
        for record in self.server.requests():
            number = int(record["path"].split("/")[1])
            requests[number].append(
                (self.target_of(record), record["method"], record["authorization"] or None))
            self.protocols.add((record["scheme"], record["protocol"]))
        return requests

    def check(self, method, trust, options):
        chains = list(itertools.product(TARGETS, repeat=3))
        method_options, status = METHODS[method]
        requests = self.fetch(chains, status, options + method_options)
        wrong = [f"{'->'.join(chain)}: expected {expected_requests(chain, method, trust)}, "
                 f"got {requests[number]}" for number, chain in enumerate(chains)
                 if requests[number] != expected_requests(chain, method, trust)]
        if wrong:
            self.fail(f"{len(wrong)} of {len(chains)} chains:\n" + "\n".join(wrong[:5]))

    def check_all(self, trust, protocol, proxied):
        wire = "HTTP/2.0" if protocol == "HTTP/2" else "HTTP/1.1"
        options = TRUST[trust] + PROTOCOL[protocol]
        if proxied:
            options = options + ["--proxy", self.proxy.url]
            self.proxy.forget()
        for method in METHODS:
            if LEGACY and protocol == "HTTP/2" and method in ("POST 307", "POST 308"):
                continue  # without us, too, it ends with an error when nginx answers before the body
            with self.subTest(method=method):
                self.check(method, trust, options)
                self.assertIn(("https", wire), self.protocols)
        if proxied:
            self.check_proxy_view()

    def check_proxy_view(self):
        seen = self.proxy.recorded()
        self.assertIn(b"CONNECT ", seen)
        for token in TOKENS.values():
            self.assertNotIn(token.encode(), seen)
        self.assertNotIn(b"\r\nauthorization:", seen.lower())

    def test_each_redirecting_status_with_get_and_head(self):
        chains = list(itertools.product(TARGETS, repeat=2))
        for status, head in itertools.product((301, 302, 303, 307, 308), (False, True)):
            method = "HEAD" if head else "GET"
            requests = self.fetch(chains, status, TRUST["plain"] + ["--head"] * head)
            for chain, got in zip(chains, requests):
                expected = expected_requests(chain, method)
                self.assertEqual(got, expected, (status, method, chain))


def add_case(trust, protocol, proxied):
    way = "through_connect_proxy" if proxied else "direct"
    name = f"test_{trust}_{protocol.replace('/', '').replace('.', '')}_{way}".lower()
    setattr(RedirectMatrix, name, lambda self: self.check_all(trust, protocol, proxied))


for combination in itertools.product(TRUST, PROTOCOL, (False, True)):
    add_case(*combination)

if __name__ == "__main__":
    unittest.main(verbosity=2)
