"""Models, data and user code in a folder of their own, and the ways to have them looked at."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mllint.lens import Reading
from mllint.live.process import run
from mllint.live.request import Request

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def module(here: Path) -> Callable[[str, str], None]:
    """Writes a module of the user into the working directory."""
    return lambda name, source: (here / f"{name}.py").write_text(textwrap.dedent(source)) and None


@pytest.fixture
def ask() -> Callable[..., tuple[Reading, list[str]]]:
    """What a worker process answers, and what it said before; raises WorkerFailed."""

    def asked(model: str, **options: Any) -> tuple[Reading, list[str]]:
        said: list[str] = []
        return run(Request(model, **options), said.append), said

    return asked
