"""A proxy that leads every host it knows to a port of this machine, and refuses all others."""

import http.server
import socket
import threading


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_CONNECT(self):
        port = self.server.ports.get(self.path)
        if not port:
            self.send_error(502)
            return
        with socket.create_connection(("127.0.0.1", port)) as behind:
            self.send_response(200)
            self.end_headers()
            back = threading.Thread(target=relay, args=(behind, self.connection), daemon=True)
            back.start()
            relay(self.connection, behind)
            back.join()
        self.close_connection = True


def relay(source, sink):
    try:
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # the other direction ends by itself


class ConnectProxy:
    """`ports`: "host:port" as clients ask for it -> port on loopback."""

    def __init__(self, ports):
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.ports = ports
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
