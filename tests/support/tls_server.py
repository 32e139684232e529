"""An HTTP server over TLS on loopback that no client can hold up, and that always ends."""

import http.server
import ssl
import threading

SECONDS = 60  # for a handshake, a request, an answer


class TlsServer(http.server.ThreadingHTTPServer):
    """Clients that hang up, stay silent or refuse the certificate are what some tests want."""

    daemon_threads = True

    def __init__(self, handler, certificates):
        super().__init__(("127.0.0.1", 0), handler)
        self.socket.settimeout(SECONDS)  # a connection may be gone when it is to be accepted
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificates.certificate, certificates.key)
        self.port = self.server_address[1]
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def finish_request(self, request, client_address):
        """In the connection's own thread: a handshake there keeps nobody else waiting."""
        request.settimeout(SECONDS)
        with self._context.wrap_socket(request, server_side=True) as connection:
            super().finish_request(connection, client_address)

    def handle_error(self, *_):
        pass

    def stop(self):
        stopping = threading.Thread(target=self.shutdown, daemon=True)
        stopping.start()
        stopping.join(SECONDS)
        self.server_close()
