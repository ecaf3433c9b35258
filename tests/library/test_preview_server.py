"""The preview's server answers this machine's own pages, whatever else asks."""

from __future__ import annotations

import http.client
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from explainer.preview import server as serving
from explainer.preview.server import PreviewState, Server


@pytest.fixture
def server(tmp_path, monkeypatch):
    monkeypatch.setattr(serving._Handler, "timeout", 1)
    (tmp_path / "figures").mkdir()
    (tmp_path / "index.html").write_text("<!DOCTYPE html><html><body>The page</body></html>")
    (tmp_path / "figures/fig-a.vl.js").write_text("explainerCharts = {}")
    (tmp_path.parent / "secret.txt").write_text("secret")
    state = PreviewState(tmp_path)
    running = Server(state, 0)
    thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    yield running
    state.close()
    running.shutdown()
    running.server_close()
    thread.join()


def ask(server, path, **headers):
    connection = http.client.HTTPConnection(urlsplit(server.address).netloc, timeout=20)
    try:
        connection.putrequest("GET", path, skip_accept_encoding=True)
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value)
        connection.endheaders()
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers
    finally:
        connection.close()


def test_every_answer_is_for_its_own_origin(server):
    for path in ("/", "/figures/fig-a.vl.js", "/nothing", "/_preview/client.js"):
        _, _, headers = ask(server, path)
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
@pytest.mark.parametrize("dest", ["script", "image", "iframe", "empty"])
def test_a_page_of_another_origin_reads_nothing(server, site, dest):
    mode = "navigate" if dest == "iframe" else "no-cors"
    asked = {"Sec_Fetch_Site": site, "Sec_Fetch_Mode": mode, "Sec_Fetch_Dest": dest}
    status, body, _ = ask(server, "/figures/fig-a.vl.js", **asked)
    assert status == 403
    assert b"explainerCharts" not in body


def test_its_own_pages_and_a_link_that_is_followed_do(server):
    assert ask(server, "/figures/fig-a.vl.js", Sec_Fetch_Site="same-origin")[0] == 200
    followed = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "document"}
    assert ask(server, "/", **followed)[0] == 200
    assert ask(server, "/")[0] == 200


@pytest.mark.parametrize(
    "path",
    ["/%00", "/a%00.html", "//[", "/../secret.txt", "/..%2fsecret.txt", "/%2e%2e/secret.txt", "/%ff%fe",
     "/" + "a" * 5000, "/a\\b", "/figures", "/index.html/x", "*"],
)  # fmt: skip
def test_an_odd_path_is_answered(server, path):
    status, body, _ = ask(server, path)
    assert status in (400, 404)
    assert b"secret" not in body


def test_a_client_that_does_not_ask_is_left(server):
    with socket.create_connection((serving.HOST, server.server_port), timeout=10) as slow:
        slow.sendall(b"GET / HTTP/1.1\r\n")
        assert slow.recv(100) == b""  # closed


def test_a_thousand_requests_at_once_are_answered(server):
    with ThreadPoolExecutor(250) as pool:
        answers = list(pool.map(lambda _: ask(server, "/")[:2], range(1000)))
    assert {status for status, _ in answers} == {200}
    assert all(b"The page" in body for _, body in answers)
