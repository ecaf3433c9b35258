"""The web server of the preview, which adds a script and a panel to the pages as it serves them."""

from __future__ import annotations

import hashlib
import html
import json
import mimetypes
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from explainer.preview.panel import panel

HOST = "127.0.0.1"
HERE = Path(__file__).parent
OWN = {"/_preview/client.js": "client.js", "/_preview/panel.css": "panel.css"}
WAITING = (
    '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>Preview</title></head>'
    "<body><h1>The report is being built</h1><p>It appears here by itself.</p></body></html>\n"
)
#: Seconds that a client may take to ask or to read.
PATIENCE = 10
#: Connections that may wait for an answer.
QUEUE = 1024
#: Seconds between writes to an idle stream of events, to notice a page that was closed.
PULSE = 10


class PreviewState:
    """The state that all open pages show; a change wakes their streams of events.

    Parameters
    ----------
    folder : Path
        Where the pages are.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.faults: Sequence[Mapping[str, Any]] = ()
        self.changed = threading.Condition()
        self.closed = False
        self._viewed: Counter[str] = Counter()

    @property
    def viewed(self) -> list[str]:
        """The pages that are open in a browser."""
        return [page for page, count in self._viewed.items() if count > 0]

    def view(self, page: str, count: int) -> None:
        """Note that a page was opened (1) or closed (-1)."""
        self._viewed[page] += count

    def update(self, faults: Sequence[Mapping[str, Any]] | None = None) -> None:
        """Wake the streams of events: a page or the faults have changed."""
        with self.changed:
            if faults is not None:
                self.faults = faults
            self.changed.notify_all()

    def close(self) -> None:
        """End the streams of events."""
        self.closed = True
        self.update()

    def version(self, page: str) -> str:
        """Return a hash of the current page."""
        path = self.file(page)
        return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path else ""

    def file(self, page: str) -> Path | None:
        """Return the file of an address, if it is in the folder."""
        try:
            path = (self.folder / page).resolve()
            return path if path.is_file() and self.folder.resolve() in path.parents else None
        except (OSError, ValueError):  # no system has such a path
            return None

    def with_preview(self, page: str) -> bytes:
        """Return a page with the panel and the script of the preview at the end of its body."""
        path = self.file(page)
        content = path.read_bytes() if path else WAITING.encode()
        script = (
            '<link rel="stylesheet" href="/_preview/panel.css">'
            f'<script src="/_preview/client.js" data-page="{html.escape(page)}"'
            f' data-version="{self.version(page)}"></script>'
        )
        before, end, after = content.rpartition(b"</body>")
        return before + panel(self.faults).encode() + script.encode() + end + after


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"
    timeout = PATIENCE

    def do_GET(self) -> None:
        try:
            self._answer()
        except ValueError:  # no address at all
            self.send_error(HTTPStatus.BAD_REQUEST)

    def end_headers(self) -> None:
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def _is_of_another_site(self) -> bool:
        """Return whether a page of another origin asks, other than by a link that somebody followed."""
        if self.headers.get("Sec-Fetch-Site", "none") in ("none", "same-origin"):
            return False
        asked = self.headers.get("Sec-Fetch-Mode"), self.headers.get("Sec-Fetch-Dest")
        return asked != ("navigate", "document")

    def _answer(self) -> None:
        address = urlsplit(self.path)
        page = unquote(address.path).lstrip("/") or "index.html"
        if self.headers.get("Host") not in self.server.hosts or self._is_of_another_site():
            # No other site may read the preview, be it by a name that resolves to this machine.
            self.send_error(HTTPStatus.FORBIDDEN)
        elif address.path == "/_preview/events":
            self._events(parse_qs(address.query).get("page", ["index.html"])[0])
        elif address.path in OWN:
            self._send((HERE / OWN[address.path]).read_bytes(), OWN[address.path])
        elif page == "index.html" or (page.endswith(".html") and self.server.state.file(page)):
            self._send(self.server.state.with_preview(page), page)
        elif (path := self.server.state.file(page)) is not None:
            self._send(path.read_bytes(), page)
        else:
            self.send_error(HTTPStatus.NOT_FOUND)

    def _send(self, content: bytes, name: str) -> None:
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        self.send_response(HTTPStatus.OK)
        text = kind.startswith("text/") or kind.endswith(("javascript", "json"))
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if text else kind)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(content)

    def _events(self, page: str) -> None:
        """Send an open page its version and the panel whenever one changes."""
        state = self.server.state
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        state.view(page, 1)
        sent: dict[str, str] = {}
        try:
            while not state.closed:
                with state.changed:
                    now = {"version": state.version(page), "panel": panel(state.faults)}
                    events = {key: value for key, value in now.items() if sent.get(key) != value}
                    if not events:
                        state.changed.wait(PULSE)
                        self.wfile.write(b": here\n\n")
                for event, value in events.items():
                    self.wfile.write(f"event: {event}\ndata: {json.dumps(value)}\n\n".encode())
                self.wfile.flush()
                sent = now
        except OSError:
            pass  # the page was closed
        finally:
            state.view(page, -1)

    def log_message(self, *_: Any) -> None:
        """Log no requests."""


class Server(ThreadingHTTPServer):
    """Serves the pages of a preview to this machine alone.

    Parameters
    ----------
    state : PreviewState
        What to serve.
    port : int
        0 is any that is free.
    """

    daemon_threads = True
    request_queue_size = QUEUE

    def __init__(self, state: PreviewState, port: int) -> None:
        super().__init__((HOST, port), _Handler)
        self.state = state
        self.hosts = {f"{name}:{self.server_port}" for name in (HOST, "localhost")}

    @property
    def address(self) -> str:
        """Its URL."""
        return f"http://{HOST}:{self.server_port}/"

    def handle_error(self, *_: Any) -> None:
        """Ignore errors: a browser that closes its connection is no fault."""
