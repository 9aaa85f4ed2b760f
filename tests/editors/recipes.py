"""What docs/editors.md tells people to write, as it stands there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")


def recipes(editor: str, language: str) -> list[str]:
    """The blocks of code in an editor's section, in their order."""
    (section,) = re.findall(rf"^## {re.escape(editor)}$(.*?)(?=^## |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    return re.findall(rf"^```{language}$\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
