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
SECONDS = 120
PHONE = 375
"""Width in CSS pixels."""

MEASURE = """\
<!doctype html><body><script>
async function shown(page) {
  const frame = document.createElement("iframe")
  frame.style = "width: %(width)dpx; height: 800px; border: 0"
  frame.src = page
  await new Promise((loaded) => { frame.onload = loaded; document.body.append(frame) })
  const root = frame.contentDocument.documentElement
  const seen = { page, width: root.scrollWidth, heading: root.querySelector("h1").getBoundingClientRect().height }
  frame.remove()
  return seen
}
(async () => {
  const seen = []
  for (const page of %(pages)s) seen.push(await shown(page))
  await fetch("/seen", { method: "POST", body: JSON.stringify(seen) })
})()
</script>
"""


@pytest.fixture
def measured(site: Path, tmp_path: Path) -> Iterator[Callable[[list[str]], list[dict[str, Any]]]]:
    """What the browser makes of pages that are as narrow as a telephone."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    answers: queue.Queue[list[dict[str, Any]]] = queue.Queue()
    asked: dict[str, str] = {}

    class Handler(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path != "/measure":
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

    def measure(pages: list[str]) -> list[dict[str, Any]]:
        asked["page"] = MEASURE % {"width": PHONE, "pages": json.dumps(pages)}
        address = f"http://127.0.0.1:{server.server_port}/measure"
        options = [*QUIET, f"--user-data-dir={tmp_path / 'profile'}", "--remote-debugging-port=0", address]
        browser = subprocess.Popen([CHROMIUM, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            return answers.get(timeout=SECONDS)
        finally:
            browser.terminate()
            browser.wait(timeout=SECONDS)

    yield measure
    server.shutdown()


def dom(page: str, tmp_path: Path) -> str:
    """The document that the browser makes of an address, after its scripts ran."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")
    options = [*QUIET, f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=8000", "--dump-dom"]
    run = subprocess.run([CHROMIUM, *options, page], capture_output=True, text=True, timeout=SECONDS, check=True)
    return run.stdout


def test_no_page_is_wider_than_a_telephone(measured, site):
    """All pages of docs/, and of the rules those with the longest names."""
    rules = sorted((site / "rules").rglob("*.html"), key=lambda page: len(page.name))[-8:]
    named = [page for page in site.glob("*.html") if not page.name.startswith("MLL") and page.name != "404.html"]
    seen = measured([str(page.relative_to(site)) for page in (*named, *rules)])
    assert len(seen) > 15
    assert not [one for one in seen if one["width"] > PHONE]
    assert all(one["heading"] > 10 for one in seen)


def test_the_search_finds_a_rule_in_pages_opened_from_disk(site, tmp_path):
    shown = dom(f"{(site / 'index.html').as_uri()}?q=one-unit-softmax", tmp_path)
    assert "rules/head-loss/one-unit-softmax.html?h=" in shown


def test_a_code_leads_to_its_rule_in_the_browser(site, tmp_path):
    shown = dom((site / "MLL104.html").as_uri(), tmp_path)
    assert "<h1" in shown and "<title>one-unit-softmax - mllint</title>" in shown
