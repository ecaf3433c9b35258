"""A web host for a folder: compresses as real hosts do, and counts what it sends."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

#: What hosts send as it is, because it is compressed already.
SEALED = {".woff2", ".png", ".pdf", ".jpg"}
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
    ".zip": "application/zip",
}


@dataclass(frozen=True)
class Answer:
    """One answer: which path was asked for, with what status, and the bytes sent, headers included."""

    path: str
    status: int
    sent: int


@dataclass
class Host:
    """A folder being served.

    Attributes
    ----------
    root : Path
        The folder.
    address : str
        Of the folder, with a slash at the end.
    answers : list of Answer
        What was sent, in order; empty it to count from here.
    """

    root: Path
    address: str = ""
    answers: list[Answer] = field(default_factory=list)

    @property
    def sent(self) -> int:
        """The bytes sent since `answers` was emptied."""
        return sum(answer.sent for answer in self.answers)


@cache
def compressed(path: Path, changed: int) -> bytes:
    """Return a file as it travels (`changed` is when it last did, so that an edit is seen)."""
    # Level 6 is the default of the common hosts; no time stamp, so that sizes do not vary.
    return gzip.compress(path.read_bytes(), 6, mtime=0)


@contextmanager
def serving(root: Path) -> Iterator[Host]:
    """Serve a folder on this machine, on a port of its own, until the block is left."""
    host = Host(root.resolve())

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        _headers_buffer: list[bytes]
        # Headers and body are two writes; without this the second waits for the first to be acknowledged.
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            place = unquote(urlsplit(self.path).path)
            path = (host.root / place.lstrip("/")).resolve()
            if path.is_dir():
                path /= "index.html"
            known = path.is_relative_to(host.root) and path.is_file()
            status = HTTPStatus.OK if known else HTTPStatus.NOT_FOUND
            head = {"Content-Type": TYPES.get(path.suffix, "application/octet-stream")}
            if path.suffix == ".woff2":
                # As every host lets a browser keep them: a page that is loaded again has its fonts at once.
                head["Cache-Control"] = "max-age=600"
            if not known:
                head, body = {"Content-Type": TYPES[".txt"]}, b"not found\n"
            elif path.suffix in SEALED or "gzip" not in self.headers.get("Accept-Encoding", ""):
                body = path.read_bytes()
            else:
                body = compressed(path, path.stat().st_mtime_ns)
                head |= {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
            self.send_response_only(status)
            for name, value in {**head, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            # Counted before it is sent: whoever has the answer finds it counted.
            heads = sum(len(line) for line in self._headers_buffer) + len(b"\r\n")
            host.answers.append(Answer(place, status, heads + len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *arguments: object) -> None:
            """Stay silent."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *arguments: object) -> None:
            """Stay silent: a browser that is closed leaves its connections hanging."""

    server = Server(("127.0.0.1", 0), Handler)
    host.address = f"http://127.0.0.1:{server.server_port}/"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield host
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
