"""A mail server for tests: RFC 5321 as far as ours needs it, with STARTTLS and AUTH PLAIN."""

from __future__ import annotations

import base64
import datetime as dt
import socketserver
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Received:
    """A message as it came in, and how."""

    sender: str
    recipients: list[str]
    content: bytes
    is_encrypted: bool
    user: str | None


@dataclass
class MailServer:
    """What the server does, and what it was told. ``answers`` go before the usual ones."""

    port: int = 0
    context: ssl.SSLContext | None = None
    asks_password: bool = False
    answers: dict[str, str] = field(default_factory=dict)
    received: list[Received] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    connection_count: int = 0


class _Handler(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        self.mail = self.server.mail
        self.mail.connection_count += 1
        self.is_encrypted = False
        self.user: str | None = None
        self.sender = ""
        self.recipients: list[str] = []
        self.say("220 test.example ESMTP")
        while line := self.rfile.readline(1000):
            if not self.answer(line.decode().rstrip("\r\n")):
                return

    def finish(self) -> None:
        """Also close what STARTTLS put in the place of the first socket."""
        super().finish()
        self.request.close()

    def say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")

    def answer(self, line: str) -> bool:
        word = line.split(" ")[0].upper()
        if word in self.mail.answers:
            self.say(self.mail.answers[word])
        elif word == "EHLO":
            self.mail.names.append(line.partition(" ")[2])
            extensions = ["test.example"]
            if self.mail.context is not None and not self.is_encrypted:
                extensions.append("STARTTLS")
            if self.mail.asks_password:
                extensions.append("AUTH PLAIN")
            for extension in extensions[:-1]:
                self.say(f"250-{extension}")
            self.say(f"250 {extensions[-1]}")
        elif word == "STARTTLS" and self.mail.context is not None:
            self.say("220 go ahead")
            self.rfile.close()
            self.wfile.close()
            self.request = self.mail.context.wrap_socket(self.request, server_side=True)
            self.setup()
            self.is_encrypted = True
        elif word == "AUTH":
            _, user, password = base64.b64decode(line.split(" ")[2]).decode().split("\0")
            is_right = password == "goed@wachtwoord"
            self.user = user if is_right else None
            self.say("235 welcome" if is_right else "535 no")
        elif word == "MAIL" and self.mail.asks_password and self.user is None:
            self.say("530 authenticate first")
        elif word == "MAIL":
            self.sender, self.recipients = line.split("<")[1].split(">")[0], []
            self.say("250 ok")
        elif word == "RCPT":
            self.recipients.append(line.split("<")[1].split(">")[0])
            self.say("250 ok")
        elif word == "DATA":
            self.take()
        elif word == "QUIT":
            self.say("221 bye")
            return False
        elif word == "RSET":
            self.say("250 ok")
        else:
            self.say("502 what?")
        return True

    def take(self) -> None:
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line[1:] if line.startswith(b".") else line)
        self.mail.received.append(
            Received(
                self.sender, list(self.recipients), b"".join(lines), self.is_encrypted, self.user
            )
        )
        self.say("250 queued")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, mail: MailServer) -> None:
        self.mail = mail
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, *_: object) -> None:
        """Say nothing of who hangs up, or trusts us not."""


@contextmanager
def mail_server(context: ssl.SSLContext | None = None) -> Iterator[MailServer]:
    """A running mail server on this machine; with ``context`` it offers STARTTLS."""
    mail = MailServer(context=context)
    with _Server(mail) as server:
        mail.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield mail
        server.shutdown()
        thread.join()


def make_certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A certificate for 127.0.0.1: the context of the server, and of who trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    file.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cafile=str(file))
