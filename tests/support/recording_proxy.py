"""A real CONNECT proxy (tinyproxy) behind a relay that keeps every byte the client sent."""

import contextlib
import shutil
import socket
import subprocess
import threading
from pathlib import Path

from web_server import DIES_WITH_US, free_ports, wait_for_port

CONFIGURATION = """\
Port {port}
Listen 127.0.0.1
Timeout 60
MaxClients 200
LogFile "{directory}/tinyproxy.log"
LogLevel Warning
DisableViaHeader Yes
"""


class RecordingProxy:
    """`url` is what a client takes as its proxy; `recorded()` is what it has seen of the client."""

    def __init__(self, directory: Path):
        self.directory = directory
        self._recorded = bytearray()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._behind = free_ports(1)[0]
        self._process = None

    def __enter__(self):
        program = shutil.which("tinyproxy") or "/usr/sbin/tinyproxy"
        configuration = self.directory / "tinyproxy.conf"
        configuration.write_text(
            CONFIGURATION.format(port=self._behind, directory=self.directory))
        self._process = subprocess.Popen([*DIES_WITH_US, program, "-d", "-c", str(configuration)],
                                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        if not wait_for_port(self._behind, self._process):
            self._process.kill()
            raise RuntimeError("tinyproxy did not start")
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._listener.close()
        self._process.terminate()
        self._process.wait()

    def recorded(self):
        with self._lock:
            return bytes(self._recorded)

    def forget(self):
        with self._lock:
            self._recorded.clear()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        with client, socket.create_connection(("127.0.0.1", self._behind)) as behind:
            answers = threading.Thread(target=self._relay, args=(behind, client, False))
            answers.start()
            self._relay(client, behind, True)
            answers.join()

    def _relay(self, source, sink, record):
        try:
            while data := source.recv(65536):
                if record:
                    with self._lock:
                        self._recorded += data
                sink.sendall(data)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            # One direction is broken: so is the other.
            for end in (source, sink):
                with contextlib.suppress(OSError):
                    end.shutdown(socket.SHUT_RDWR)
