"""What docs/plugins.md shows is what the example holds, and is read without a mistake."""

from __future__ import annotations

import re

import pytest

from mllint.rules.knowledge import taught
from mllint.rules.knowledge.load import SECTIONS
from tests.plugins.conftest import EXAMPLE, ROOT

PAGE = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")
FILES = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def test_the_rule_is_that_of_the_example() -> None:
    (shown,) = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    assert shown == (EXAMPLE / "acme_mllint" / "rules" / "losses" / "smoothed_binary_labels.py").read_text()


@pytest.mark.parametrize("text", FILES, ids=lambda text: text.split()[0])
def test_the_rows_are_right(text: str) -> None:
    taught.knowledge_in((("docs/plugins.md", text.encode()),))


def test_the_example_has_a_row_of_each_usual_section() -> None:
    content = taught.sections("", (EXAMPLE / "mllint-knowledge.yaml").read_text())
    assert {*content} == {*SECTIONS, taught.CASES} - {"applications"}


def test_the_message_is_what_is_said(mllint, write) -> None:
    quoted = next(line for line in PAGE.splitlines() if line.startswith("team.yaml:3: error: "))
    write({"team.yaml": "layers:\n  acme.layers.NormedDense:\n    like: keras.layers.Dens\n"})
    write({"mllint.toml": "knowledge = ['team.yaml']", "a.py": ""})
    assert quoted in mllint().stderr.splitlines()
