"""The preview's web server: it adds to the pages a script and a panel that stand in no file."""

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

from explainer.preview.panel import UNCHECKED, panel

HOST = "127.0.0.1"
HERE = Path(__file__).parent
OWN = {"/_preview/client.js": "client.js", "/_preview/panel.css": "panel.css"}
WAITING = (
    '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>Preview</title></head>'
    "<body><h1>The report is being built</h1><p>It appears here by itself.</p></body></html>\n"
)
#: Seconds after which a silent line to the browser is tried.
PULSE = 10


class Board:
    """What every open page has to know; whoever listens is woken when it changes.

    Parameters
    ----------
    folder : Path
        Where the pages are.
    drafts : Path
        Where the drafts of pages are.
    """

    def __init__(self, folder: Path, drafts: Path) -> None:
        self.folder = folder
        self._drafts = drafts
        #: Pages of which a draft is shown in place of the last good one.
        self._drafted: set[str] = set()
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

    def put(self, faults: Sequence[Mapping[str, Any]] | None = None) -> None:
        """Wake whoever listens: a page is new, or the faults are."""
        with self.changed:
            if faults is not None:
                self.faults = faults
            self.changed.notify_all()

    def draft(self, page: str) -> None:
        """Show the draft of a page."""
        self._drafted.add(page)
        self.put()

    def settle(self, page: str | None = None) -> None:
        """Show the last good page, or all of them, in place of drafts."""
        self._drafted -= {page} if page else {*self._drafted}
        self.put()

    def panel(self, page: str) -> str:
        """Return what stands on a page that is no part of it."""
        return panel(self.faults) or (UNCHECKED if page in self._drafted else "")

    def close(self) -> None:
        """Let whoever listens go."""
        self.closed = True
        self.put()

    def version(self, page: str) -> str:
        """Return a hash of a page as it is now."""
        path = self.file(page)
        return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if path else ""

    def file(self, page: str) -> Path | None:
        """Return the file of an address, if there is one within the folder."""
        folder = self._drafts if page in self._drafted else self.folder
        path = (folder / page).resolve()
        return path if path.is_file() and folder.resolve() in path.parents else None

    def dressed(self, page: str) -> bytes:
        """Return a page with what the preview adds, put in before the body's end."""
        path = self.file(page)
        content = path.read_bytes() if path else WAITING.encode()
        script = (
            '<link rel="stylesheet" href="/_preview/panel.css">'
            f'<script src="/_preview/client.js" data-page="{html.escape(page)}"'
            f' data-version="{self.version(page)}"></script>'
        )
        before, end, after = content.rpartition(b"</body>")
        return before + self.panel(page).encode() + script.encode() + end + after


class _Handler(BaseHTTPRequestHandler):
    server: Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        page = unquote(address.path).lstrip("/") or "index.html"
        if self.headers.get("Host") not in self.server.hosts:
            # Another site's name that was made to point here must not read the preview.
            self.send_error(HTTPStatus.FORBIDDEN)
        elif address.path == "/_preview/events":
            self._events(parse_qs(address.query).get("page", ["index.html"])[0])
        elif address.path in OWN:
            self._send((HERE / OWN[address.path]).read_bytes(), OWN[address.path])
        elif page == "index.html" or (page.endswith(".html") and self.server.board.file(page)):
            self._send(self.server.board.dressed(page), page)
        elif (path := self.server.board.file(page)) is not None:
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
        """Tell a page, for as long as it is open, its own version and the panel whenever one changes."""
        board = self.server.board
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        board.view(page, 1)
        sent: dict[str, str] = {}
        try:
            while not board.closed:
                with board.changed:
                    now = {"version": board.version(page), "panel": board.panel(page)}
                    news = {key: value for key, value in now.items() if sent.get(key) != value}
                    if not news:
                        board.changed.wait(PULSE)
                        self.wfile.write(b": here\n\n")
                for event, value in news.items():
                    self.wfile.write(f"event: {event}\ndata: {json.dumps(value)}\n\n".encode())
                self.wfile.flush()
                sent = now
        except OSError:
            pass  # the page was closed
        finally:
            board.view(page, -1)

    def log_message(self, *_: Any) -> None:
        """Keep the terminal for what matters."""


class Server(ThreadingHTTPServer):
    """Serves a board's pages to this machine alone.

    Parameters
    ----------
    board : Board
        What to serve.
    port : int
        0 is any that is free.
    """

    daemon_threads = True

    def __init__(self, board: Board, port: int) -> None:
        super().__init__((HOST, port), _Handler)
        self.board = board
        self.hosts = {f"{name}:{self.server_port}" for name in (HOST, "localhost")}

    @property
    def address(self) -> str:
        """Where a browser finds it."""
        return f"http://{HOST}:{self.server_port}/"

    def handle_error(self, *_: Any) -> None:
        """Say nothing: a browser that goes away is no fault."""
