"""What the documentation says is what the program does."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from mllint.reports import FORMATS
from mllint.settings import KEYS, Settings
from mllint.settings.toml import written

ROOT = Path(__file__).parents[1]
DOCUMENTS = [
    path
    for pattern in ("*.md", "docs/**/*.md", "rules/**/*.md", "benchmarks/**/*.md")
    for path in sorted(ROOT.glob(pattern))
    if ".venv" not in path.parts
]
CONFIGURATION = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
SECTIONS = dict(re.findall(r"^### `([^`]+)`\n(.+?)(?=^##)", CONFIGURATION, re.MULTILINE | re.DOTALL))
DEFAULTS_IN_WORDS = {"exclude": "the folders of version control", "cache-dir": ".mllint_cache beside that file"}
LINK = re.compile(r"\[[^\]\n]*\]\((?P<target>[^)\s]+)\)")


def test_quotations_are_what_the_program_prints():
    command = [sys.executable, "scripts/generate_docs.py", "--check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}run: python scripts/generate_docs.py"


def test_every_output_format_has_a_section_and_its_suffixes():
    text = (ROOT / "docs" / "output.md").read_text(encoding="utf-8")
    for name, form in FORMATS.items():
        assert f"\n### {name}\n" in text
        (row,) = re.findall(rf"^\| \[{name}\]\(#{name}\) \|.*$", text, re.MULTILINE)
        assert all(f"`{suffix}`" in row for suffix in form.suffixes)
        assert row.endswith("| yes |" if form.offers_fixes else "| |")


def test_every_key_has_a_section():
    assert sorted(SECTIONS) == sorted(KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_the_section_of_a_key_begins_with_its_help_and_default(key):
    section = " ".join(SECTIONS[key].replace("`", "").split())
    assert section.startswith(KEYS[key].help)
    default = DEFAULTS_IN_WORDS.get(key) or written(Settings().as_table()[key])
    assert f"Default: {default}" in section


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_lead_somewhere(document):
    text = document.read_text(encoding="utf-8")
    for target in (found["target"] for found in LINK.finditer(text)):
        if re.match(r"[a-z]+://", target):
            continue
        path, _, anchor = target.partition("#")
        page = (document.parent / path) if path else document
        assert page.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}, (
                target
            )
