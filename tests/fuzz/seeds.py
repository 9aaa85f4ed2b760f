"""What fuzzing starts from: the programs of the rules' pages, the examples, committed models, folders of one's own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import cache
from itertools import pairwise
from pathlib import Path

from mllint import registry

ROOT = Path(__file__).parents[2]
LARGEST = 60_000
"""Bytes; larger programs only slow fuzzing down."""


@cache
def programs() -> tuple[str, ...]:
    pages = [
        block for rule in registry.rules() for block in re.findall(r"^```python\n(.*?)^```$", rule.page(), re.M | re.S)
    ]
    examples = [path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("examples/*.py"))]
    return (*pages, *examples)


def programs_below(folders: Iterable[Path]) -> list[str]:
    """Python files that mention Keras or TensorFlow."""
    found = []
    for folder in folders:
        for path in sorted(folder.rglob("*.py")):
            raw = path.read_bytes()
            if len(raw) <= LARGEST and (b"keras" in raw or b"tensorflow" in raw):
                found.append(raw.decode("utf-8", "replace"))
    return found


@cache
def notebooks() -> tuple[bytes, ...]:
    return tuple(path.read_bytes() for path in sorted(ROOT.glob("examples/*.ipynb")))


def as_notebook(program: str, cells: int) -> bytes:
    """The program's statements spread over code cells, between cells of text."""
    lines = program.splitlines(keepends=True)
    starts = [
        i for i, line in enumerate(lines) if line[:1].isalpha() and not line.startswith(("else", "elif", "except"))
    ]
    cuts = [0, *starts[1 :: max(len(starts) // max(cells, 1), 1)], len(lines)]
    code = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": lines[start:end]}
        for start, end in pairwise(cuts)
    ]
    text = {"cell_type": "markdown", "metadata": {}, "source": ["# Title\n", "Text"]}
    everything = [cell for one in code for cell in (text, one)]
    return json.dumps({"cells": everything, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1).encode()


def projects() -> tuple[bytes, ...]:
    """The programs of several files in tests/source/projects."""
    folders = sorted(path for path in (ROOT / "tests" / "source" / "projects").iterdir() if path.is_dir())
    found = tuple(
        json.dumps({str(file.relative_to(folder)): file.read_text() for file in sorted(folder.rglob("*.py"))}).encode()
        for folder in folders
    )
    assert found
    return found


def configurations() -> tuple[bytes, ...]:
    page = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
    return tuple(block.encode() for block in re.findall(r"^```toml\n(.*?)^```$", page, re.M | re.S))


def models(*suffixes: str) -> tuple[bytes, ...]:
    """The committed saved models whose names end so."""
    folder = ROOT / "tests" / "archive" / "models"
    found = tuple(path.read_bytes() for path in sorted(folder.rglob("*")) if path.name.endswith(suffixes))
    assert found
    return found
