"""A peer of the cases: does what it is told, line by line, and answers when it is done.

Orders come through one named pipe, answers go as Lisp data through the other. Words that begin
with x are bytes in hexadecimal digits. Every wait for the network ends after ten seconds.
"""

import contextlib
import os
import signal
import socket
import ssl
import struct
import subprocess
import sys
import threading

LIMIT = 10


def lisp(value):
    """Returns a value as Lisp data."""
    if value is None:
        return "nil"
    if value is True:
        return "t"
    if isinstance(value, bytes):
        body = "".join(
            chr(b) if 32 <= b < 127 and b not in (34, 92) else "\\%03o" % b for b in value
        )
        return '"%s"' % body
    if isinstance(value, (list, tuple)):
        return "(" + " ".join(lisp(part) for part in value) + ")"
    return str(value)


class Peer:
    """One listener and one connection at a time."""

    def __init__(self):
        self.listener = None
        self.socket = None

    def listen(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.listener.settimeout(LIMIT)
        return self.listener.getsockname()[1]

    def listen_local(self, path, kind=b"stream"):
        kinds = {b"stream": socket.SOCK_STREAM, b"seqpacket": socket.SOCK_SEQPACKET}
        self.listener = socket.socket(socket.AF_UNIX, kinds[kind])
        self.listener.settimeout(LIMIT)
        self.listener.bind(path)
        self.listener.listen()
        return True

    def accept(self):
        self.socket, _ = self.listener.accept()
        self.socket.settimeout(LIMIT)
        return True

    def refuse(self):
        """Returns a port that nobody listens on; it stays bound, so nobody takes it."""
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        return self.listener.getsockname()[1]

    def connect(self, port):
        self.socket = socket.create_connection(("127.0.0.1", int(port)), LIMIT)
        return True

    def connect_local(self, path, bound=None, kind=b"stream"):
        kinds = {b"stream": socket.SOCK_STREAM, b"seqpacket": socket.SOCK_SEQPACKET}
        self.socket = socket.socket(socket.AF_UNIX, kinds[kind])
        self.socket.settimeout(LIMIT)
        if bound:
            self.socket.bind(bound)
        self.socket.connect(path)
        return True

    def send(self, data):
        self.socket.sendall(data)
        return True

    def urgent(self, data):
        self.socket.send(data, socket.MSG_OOB)
        return True

    def receive(self, count):
        """Returns exactly so many bytes, or what came before the end."""
        data = b""
        while len(data) < int(count):
            piece = self.socket.recv(int(count) - len(data))
            if not piece:
                break
            data += piece
        return data

    def receive_all(self):
        data = b""
        while True:
            try:
                piece = self.socket.recv(65536)
            except ConnectionResetError:
                return [data, "reset"]
            if not piece:
                return data
            data += piece

    def count_all(self):
        data = self.receive_all()
        return len(data) if isinstance(data, bytes) else [len(data[0]), "reset"]

    def finish(self):
        self.socket.shutdown(socket.SHUT_WR)
        return True

    def close(self):
        self.socket.close()
        return True

    def reset(self):
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()
        return True

    def close_listener(self):
        self.listener.close()
        return True

    def answer_later(self, data):
        """Accepts in the background, says `data` and closes, while Emacs waits for a handshake."""

        def answer():
            connection, _ = self.listener.accept()
            connection.settimeout(LIMIT)
            connection.recv(65536)
            connection.sendall(data)
            connection.close()

        threading.Thread(target=answer, daemon=True).start()
        return True

    def tls_server(self, folder):
        """Serves TLS in the background with a new certificate; echoes lines until one says end."""
        folder = folder.decode()
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
             "-nodes", "-days", "30", "-subj", "/CN=localhost", "-addext",
             "subjectAltName=DNS:localhost", "-keyout", folder + "key.pem",
             "-out", folder + "cert.pem"],
            check=True, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder + "cert.pem", folder + "key.pem")
        port = self.listen()

        def serve():
            # Whoever does not trust the certificate goes away in the middle; that is its right.
            with contextlib.suppress(OSError):
                connection, _ = self.listener.accept()
                connection.settimeout(LIMIT)
                with context.wrap_socket(connection, server_side=True) as stream:
                    while (data := stream.recv(65536)) and data != b"end\n":
                        stream.sendall(data)
                    stream.unwrap()

        threading.Thread(target=serve, daemon=True).start()
        return port

    def datagram(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.settimeout(LIMIT)
        self.socket.bind(("127.0.0.1", 0))
        return self.socket.getsockname()[1]

    def send_to(self, port, data):
        self.socket.sendto(data, ("127.0.0.1", int(port)))
        return True

    def receive_from(self):
        data, (host, port) = self.socket.recvfrom(65536)
        return [data, port]


def main(orders, answers):
    # A peer whose Emacs has died goes away by itself.
    signal.alarm(60)
    peer = Peer()
    with open(orders, "r+b", buffering=0) as lines:
        rest = b""
        while True:
            while b"\n" not in rest:
                rest += os.read(lines.fileno(), 65536)
            line, rest = rest.split(b"\n", 1)
            verb, *words = line.decode().split(" ")
            if verb == "leave":
                return
            arguments = [bytes.fromhex(w[1:]) if w[:1] == "x" else w for w in words]
            arguments = [a.encode() if isinstance(a, str) and not a.isdigit() else a for a in arguments]
            try:
                answer = lisp(getattr(peer, verb.replace("-", "_"))(*arguments))
            except OSError as error:
                answer = '(failed "%s")' % (error.strerror or type(error).__name__)
            with open(answers, "wb") as out:
                out.write(answer.encode())


main(*sys.argv[1:])
