"""The site as a browser shows it: on a telephone, in the dark, and opened from disk."""

from __future__ import annotations

import functools
import json
import queue
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium")
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
SECONDS = 60
PHONE = 375
"""Width in CSS pixels."""

PAGE = """\
<!doctype html><body><script>
async function shown(page) {
  const frame = document.createElement("iframe")
  frame.style = "width: %(width)dpx; height: 800px; border: 0"
  frame.src = page
  await new Promise((loaded) => { frame.onload = loaded; document.body.append(frame) })
  return frame
}
async function answer() {
%(script)s
}
answer().then((seen) => fetch("/seen", { method: "POST", body: JSON.stringify(seen) }))
</script>
"""
MEASURE = """
  const seen = []
  for (const page of %s) {
    const frame = await shown(page)
    const root = frame.contentDocument.documentElement
    seen.push({ page, width: root.scrollWidth, heading: root.querySelector("h1").getBoundingClientRect().height })
    frame.remove()
  }
  return seen
"""
SEARCH = """
  const frame = await shown("index.html?q=%s")
  for (;;) {
    const found = [...frame.contentDocument.querySelectorAll(".md-search-result__item a")]
    if (found.length) return found.map((link) => link.getAttribute("href"))
    await new Promise((later) => setTimeout(later, 100))
  }
"""


@pytest.fixture
def browser(site: Path, tmp_path: Path) -> Iterator[Callable[[str], Any]]:
    """What a script finds out in a browser for which the site is on a server, each page as narrow as a telephone."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    answers: queue.Queue[Any] = queue.Queue()
    asked: dict[str, str] = {}

    class Handler(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path != "/ask":
                return super().do_GET()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(asked["page"].encode())

        def do_POST(self) -> None:
            answers.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()

    def ask(script: str) -> Any:
        asked["page"] = PAGE % {"width": PHONE, "script": script}
        address = f"http://127.0.0.1:{server.server_port}/ask"
        options = [*QUIET, f"--user-data-dir={tmp_path / 'profile'}", "--remote-debugging-port=0", address]
        running = subprocess.Popen([CHROMIUM, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            return answers.get(timeout=SECONDS)
        finally:
            running.terminate()
            running.wait(timeout=SECONDS)

    yield ask
    server.shutdown()


def dom(page: str, tmp_path: Path) -> str:
    """The document that the browser makes of an address, after its scripts ran."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    options = [*QUIET, f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=8000", "--dump-dom"]
    run = subprocess.run([CHROMIUM, *options, page], capture_output=True, text=True, timeout=SECONDS, check=True)
    return run.stdout


def test_no_page_is_wider_than_a_telephone(browser, site):
    """All pages of docs/, and of the rules those with the longest names."""
    rules = sorted((site / "rules").rglob("*.html"), key=lambda page: len(page.name))[-8:]
    named = [page for page in site.glob("*.html") if not page.name.startswith("MLL") and page.name != "404.html"]
    seen = browser(MEASURE % json.dumps([str(page.relative_to(site)) for page in (*named, *rules)]))
    assert len(seen) > 15
    assert not [one for one in seen if one["width"] > PHONE]
    assert all(one["heading"] > 10 for one in seen)


def test_the_search_finds_a_rule(browser):
    assert "/rules/head-loss/one-unit-softmax.html?h=" in browser(SEARCH % "one-unit-softmax")[0]


def test_the_search_finds_a_rule_in_pages_opened_from_disk(site, tmp_path):
    shown = dom(f"{(site / 'index.html').as_uri()}?q=one-unit-softmax", tmp_path)
    assert "rules/head-loss/one-unit-softmax.html?h=" in shown


def test_a_code_leads_to_its_rule_in_the_browser(site, tmp_path):
    shown = dom((site / "MLL104.html").as_uri(), tmp_path)
    assert "<h1" in shown and "<title>one-unit-softmax - mllint</title>" in shown
