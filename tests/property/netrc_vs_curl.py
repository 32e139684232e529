"""lib/file/netrc.c against the curl command: where curl sends a netrc file's password, we have found it.

SYNAUTH_TEST_CURL is another curl (a command line: `chroot ROOT curl`), SYNAUTH_TEST_CURL_ROOT the
folder that it sees as its root, SYNAUTH_TEST_COUNT the number of files.
"""
import os
import random
import shlex
import socketserver
import subprocess
import sys
import tempfile
import threading

from against_python import ask

HOST = "lab.test"
COUNT = int(os.environ.get("SYNAUTH_TEST_COUNT", "800"))
BATCH = 400
CURL = shlex.split(os.environ.get("SYNAUTH_TEST_CURL", "curl"))
ROOT = os.environ.get("SYNAUTH_TEST_CURL_ROOT", "")
WORDS = ["machine"] * 6 + [HOST] * 6 + ["login"] * 3 + ["password"] * 3 + [
    "MACHINE", "Machine", "LAB.test", HOST + ".", "x" + HOST, HOST + "x", "other.test", "other.test", "me", "secret",
    "default", "account", "macdef", "macdef", "init", "#", "#", "# note", "#x", '"machine"', f'"{HOST}"', '"l\\ab.test"',
    '"x y"', '"', '"x', 'x"', '"x",', '"x"#', '""', "\\", "\\n", "machine,", ",machine", "\ufefflogin", "\xfc", "\x01",
    "\x0b", "\r", "a" * 240, "b" * 255, "c" * 4090, "d" * 300]
GAPS = [" "] * 12 + ["\n"] * 8 + ["\t", "  ", "\n\n", "\r\n", "\r\n\r\n", "\n \n", "\n\t\n", "\r", "", "", "\f", "\n#", "\n # ", ","]
ENTRY = f"machine {HOST} login me password secret"


def generate(source):
    """Half of the files are an entry that stands somewhere in noise."""
    words = [source.choice(WORDS) for _ in range(source.randrange(1, 12))]
    text = "".join(word + source.choice(GAPS) for word in words)
    if source.random() < 0.6:
        rest = "".join(source.choice(WORDS) + source.choice(GAPS) for _ in range(source.randrange(4)))
        text += ENTRY.replace(" ", source.choice([" ", " ", "\n", "\t", "\r\n"])) + source.choice(GAPS) + rest
    if source.random() < 0.01:
        at = source.randrange(len(text) + 1)
        text = text[:at] + "\0" + text[at:]
    return text.encode("utf-8")


class Handler(socketserver.StreamRequestHandler):
    def handle(self):
        while True:
            request = self.rfile.readline()
            if not request:
                return
            authorized = False
            while (line := self.rfile.readline()) not in (b"\r\n", b""):
                authorized |= line.lower().startswith(b"authorization: basic ")
            self.server.seen[int(request.split()[1][1:])] = authorized
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True


def config_of(folder, port, first, texts):
    blocks = []
    for number, text in enumerate(texts, first):
        path = os.path.join(folder, str(number))
        with open(path, "wb") as file:
            file.write(text)
        blocks.append(f'url = "http://{HOST}/{number}"\nnetrc-file = "{path.removeprefix(ROOT)}"\noutput = "/dev/null"\n'
                      f'connect-to = "::127.0.0.1:{port}"\nnoproxy = "*"\nmax-time = 60\nsilent\n')
    return "next\n".join(blocks)


def ask_curl(inputs):
    """For each file: did curl send a password? None: it made no request."""
    with Server(("127.0.0.1", 0), Handler) as server:
        server.seen = {}
        threading.Thread(target=server.serve_forever, daemon=True).start()
        for first in range(0, len(inputs), BATCH):
            with tempfile.TemporaryDirectory(dir=ROOT + "/tmp") as folder:
                os.chmod(folder, 0o755)
                config = config_of(folder, server.server_address[1], first, inputs[first:first + BATCH])
                subprocess.run(CURL + ["-q", "-K", "-"], input=config.encode(), stdout=subprocess.DEVNULL, check=False)
        server.shutdown()
        return [server.seen.get(number) for number in range(len(inputs))]


def main():
    seed = int(os.environ.get("SYNAUTH_TEST_SEED", "20261130"))
    print(f"{COUNT} files, SYNAUTH_TEST_SEED={seed}")
    source = random.Random(seed)
    inputs = [generate(source) for _ in range(COUNT)]
    kinds = {}
    wrong = 0
    for text, sent, answer in zip(inputs, ask_curl(inputs), ask(sys.argv[1], inputs)):
        kinds[(sent, answer)] = kinds.get((sent, answer), 0) + 1
        if sent and answer != "has":
            wrong += 1
            if wrong <= 5:
                print(f"curl sends the password of {text!r}")
    print(f"{wrong} wrong; (sent by curl, our answer): {kinds}")
    # What tests nothing: a generator of one kind, a server that saw nothing, an answer that is always yes.
    enough = all(kinds.get(kind, 0) > COUNT // 100 for kind in ((True, "has"), (False, "none")))
    sys.exit(1 if wrong or not enough else 0)


if __name__ == "__main__":
    main()
