"""A TLS server whose HTTP/2 side refuses the first streams: for requests that libcurl makes again."""

import socket
import ssl
import threading

import h2.config
import h2.connection
import h2.events
from h2.errors import ErrorCodes

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n"


class RefusingServer:
    """`requests` are lists of (name, value) of each request in order; refused ones count too."""

    def __init__(self, certificates):
        self.port = 0
        self.refusal = None  # an ErrorCodes and how many streams it is for
        self._requests = []
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificates.certificate, certificates.key)
        self._context.set_alpn_protocols(["h2", "http/1.1"])

    def __enter__(self):
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._listener.close()

    def requests(self):
        taken, self._requests = self._requests, []
        return taken

    def _serve(self):
        while True:
            try:
                plain, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve_one, args=(plain,), daemon=True).start()

    def _serve_one(self, plain):
        try:
            with self._context.wrap_socket(plain, server_side=True) as connection:
                if connection.selected_alpn_protocol() == "h2":
                    self._speak_http2(connection)
                else:
                    self._speak_http1(connection)
        except OSError:
            pass

    def _speak_http1(self, connection):
        request = b""
        while b"\r\n\r\n" not in request:
            data = connection.recv(65536)
            if not data:
                return
            request += data
        lines = request.decode("latin-1").split("\r\n\r\n")[0].split("\r\n")[1:]
        fields = [line.split(":", 1) for line in lines]
        self._requests.append([(name.lower(), value.strip()) for name, value in fields])
        connection.sendall(ANSWER)

    def _speak_http2(self, connection):
        state = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False,
                                                                     header_encoding="latin-1"))
        state.initiate_connection()
        connection.sendall(state.data_to_send())
        while data := connection.recv(65536):
            for event in state.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    self._requests.append(list(event.headers))
                    self._answer(state, event.stream_id)
            connection.sendall(state.data_to_send())

    def _answer(self, state, stream):
        code, left = self.refusal or (None, 0)
        if left:
            self.refusal = (code, left - 1)
            state.reset_stream(stream, code)
            return
        state.send_headers(stream, [(":status", "200"), ("content-length", "3")])
        state.send_data(stream, b"ok\n", end_stream=True)


REFUSED = ErrorCodes.REFUSED_STREAM
ONLY_HTTP1 = ErrorCodes.HTTP_1_1_REQUIRED
