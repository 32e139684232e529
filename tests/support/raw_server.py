"""A TLS server that keeps each request as the bytes it came in, for what nginx corrects or hides."""

import socket
import ssl
import threading

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n"


class RawServer:
    """One request a connection, HTTP/1.1, without a body."""

    def __init__(self, certificates):
        self.port = 0
        self._requests = []
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificates.certificate, certificates.key)

    def __enter__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._listener.close()

    def requests(self):
        """The requests since the last call; each was kept before it was answered."""
        taken, self._requests = self._requests, []
        return taken

    def _serve(self):
        while True:
            try:
                plain, _ = self._listener.accept()
            except OSError:
                return
            try:
                with self._context.wrap_socket(plain, server_side=True) as connection:
                    self._answer(connection)
            except OSError:
                continue

    def _answer(self, connection):
        request = b""
        while not request.endswith(b"\r\n\r\n"):
            data = connection.recv(65536)
            if not data:
                return
            request += data
        self._requests.append(request)
        connection.sendall(ANSWER)
