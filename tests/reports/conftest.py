"""A real browser without a window."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium")
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
PHONE = "390,844"


@pytest.fixture
def shown(tmp_path: Path) -> Callable[[str], str]:
    """The document that the browser makes of a page on a telephone's screen, after its scripts ran."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")

    def show(page: str) -> str:
        path = tmp_path / "page.html"
        path.write_text(page, encoding="utf-8")
        options = [*QUIET, f"--user-data-dir={tmp_path / 'profile'}", f"--window-size={PHONE}", "--dump-dom"]
        run = subprocess.run([CHROMIUM, *options, path.as_uri()], capture_output=True, text=True, timeout=120)
        assert run.returncode == 0, run.stderr
        return run.stdout

    return show
