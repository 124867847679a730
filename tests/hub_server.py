"""A server on this machine that speaks as Hugging Face's hub does, and fails as it can."""

import hashlib
import json
import random
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"
LARGE = 100_000
"""Files from so many bytes on lie in the store of large files: a redirect leads there."""
STEP = 1 << 14

Fault = Callable[["Handler"], bool]
"""What happens to one request; whether it is dealt with, so that nothing else is answered."""


@dataclass
class HubServer:
    """Repositories with their files; what was asked for and how many bytes of each file were sent."""

    repositories: dict[str, dict[str, bytes]] = field(default_factory=dict)
    commit: str = COMMIT
    address: str = ""
    asked: list[str] = field(default_factory=list)
    ranges: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    sent: Counter[str] = field(default_factory=Counter)
    cuts: dict[str, list[int]] = field(default_factory=dict)
    """After so many bytes of this file in all the connection breaks: the first of the list, then the next."""
    faults: dict[str, list[Fault]] = field(default_factory=dict)
    """For requests whose path ends so: the first of the list, then the next."""
    meanwhile: Callable[[str, int], None] = lambda _name, _count: None
    """Told after each piece that was sent."""
    swaps: dict[str, bytes] = field(default_factory=dict)
    """What is sent in place of the right content."""
    ignores_ranges: bool = False
    over: threading.Event = field(default_factory=threading.Event)

    def add(self, repository: str, folder: Path) -> None:
        """Offer the files of a folder."""
        self.repositories[repository] = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    hub: HubServer

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        self.hub.asked.append(path)
        self.hub.headers.append({name.lower(): value for name, value in self.headers.items()})
        for ending, faults in self.hub.faults.items():
            if path.endswith(ending) and faults and faults.pop(0)(self):
                return
        parts = path.strip("/").split("/")
        if parts[:2] == ["api", "models"]:
            self._tell("/".join(parts[2:]))
        elif len(parts) == 5 and parts[2] == "resolve" and parts[3] == self.hub.commit:
            self._lead("/".join(parts[:2]), parts[4])
        elif parts[0] == "store":
            self._send("/".join(parts[1:3]), parts[3])
        else:
            self.say(404)

    def say(self, status: int, body: bytes = b"", **headers: str) -> bool:
        """An answer without more to it."""
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(body)
        return True

    def _tell(self, repository: str) -> None:
        files = self.hub.repositories.get(repository)
        if files is None:
            self.say(401, x_error_code="RepoNotFound")
            return
        siblings = [{"rfilename": name, **_about(content)} for name, content in files.items()]
        about = {"id": repository, "sha": self.hub.commit, "siblings": siblings}
        self.say(200, json.dumps(about).encode(), Content_Type="application/json")

    def _lead(self, repository: str, name: str) -> None:
        content = self.hub.repositories.get(repository, {}).get(name)
        if content is None:
            self.say(404, x_error_code="EntryNotFound")
        elif len(content) < LARGE:
            self._send(repository, name)
        else:
            digest = hashlib.sha256(content).hexdigest()
            self.say(302, Location=f"/store/{repository}/{name}", x_linked_etag=f'"{digest}"', x_linked_size="1")

    def _send(self, repository: str, name: str) -> None:
        content = self.hub.swaps.get(name, self.hub.repositories[repository][name])
        start = 0
        wanted = self.headers.get("Range", "")
        if wanted and not self.hub.ignores_ranges:
            self.hub.ranges.append(f"{name} {wanted}")
            start = int(wanted.removeprefix("bytes=").partition("-")[0])
            if start >= len(content):
                self.say(416)
                return
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        else:
            self.send_response(200)
        self.send_header("Content-Length", str(len(content) - start))
        self.send_header("ETag", f'"{hashlib.sha256(content).hexdigest()}"')
        self.end_headers()
        self._pour(name, content, start)

    def _pour(self, name: str, content: bytes, at: int) -> None:
        cuts = self.hub.cuts.get(name, [])
        end = cuts[0] if cuts else len(content)
        with suppress(OSError):
            while at < end:
                step = min(STEP, end - at)
                self.wfile.write(content[at : at + step])
                at += step
                self.hub.sent[name] += step
                self.hub.meanwhile(name, at)
        if cuts:
            cuts.pop(0)
            self.close_connection = True

    def log_message(self, *_about: object) -> None:
        """Nothing is printed."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_about: object) -> None:
        """Whoever asked has gone away: that is what these tests do."""


def status(code: int, **headers: str) -> Fault:
    """An answer of this status."""
    return lambda handler: handler.say(code, b"no", **headers)


def silence(handler: Handler) -> bool:
    """No answer at all until the test is over."""
    handler.hub.over.wait()
    handler.close_connection = True
    return True


def portal(handler: Handler) -> bool:
    """The page of a hotel in place of an answer."""
    return handler.say(200, b"<html>Welcome! Please log in.</html>", Content_Type="text/html")


def small_model(folder: Path, size: int = 400_000) -> Path:
    """A model that is whole as far as its files tell, and says nothing."""
    folder.mkdir(parents=True)
    head = b"\x06\0\0\0\x0c\0WhisperSpec\0"
    (folder / "model.bin").write_bytes(head + random.Random(0).randbytes(size - len(head)))
    (folder / "config.json").write_text('{"lang_ids": [50259], "alignment_heads": [[0, 0]]}')
    (folder / "tokenizer.json").write_text(json.dumps({"model": {"vocab": {f"word{n}": n for n in range(900)}}}))
    (folder / "vocabulary.json").write_text(json.dumps(["", *(f"word{n}" for n in range(900))]))
    (folder / "preprocessor_config.json").write_text('{"feature_size": 80}')
    (folder / "README.md").write_text("A model for tests.")
    return folder


@contextmanager
def open_hub(certificate: Path | None = None) -> Iterator[HubServer]:
    """A hub on a free port of this machine; with a certificate and its key in one file it speaks TLS."""
    hub = HubServer()
    handler = type("HandlerOfOne", (Handler,), {"hub": hub})
    server = _Server(("127.0.0.1", 0), handler)
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    hub.address = f"http{'s' if certificate else ''}://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        hub.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def _about(content: bytes) -> dict[str, object]:
    if len(content) < LARGE:
        blob = hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()
        return {"size": len(content), "blobId": blob}
    digest = hashlib.sha256(content).hexdigest()
    lfs = {"sha256": digest, "size": len(content), "pointerSize": 134}
    return {"size": len(content), "blobId": "0" * 40, "lfs": lfs}
