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
PHONE = 375


@pytest.fixture
def shown(tmp_path: Path) -> Callable[..., str]:
    """The document that the browser makes of a page on a screen, by default a telephone's, after its scripts ran."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed")

    def show(page: str, width: int = PHONE) -> str:
        path = tmp_path / "page.html"
        path.write_text(page, encoding="utf-8", errors="backslashreplace")
        options = [*QUIET, f"--user-data-dir={tmp_path / 'profile'}", f"--window-size={width},844", "--dump-dom"]
        run = subprocess.run([CHROMIUM, *options, path.as_uri()], capture_output=True, text=True, timeout=120)
        assert run.returncode == 0, run.stderr
        return run.stdout

    return show
