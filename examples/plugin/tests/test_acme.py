"""The pages of the rules and the cases of the knowledge file are their tests; mllint runs them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

KNOWLEDGE = Path(__file__).parents[1] / "mllint-knowledge.yaml"


def test_rules_and_knowledge() -> None:
    command = [sys.executable, "-m", "mllint", "test", "acme-mllint", str(KNOWLEDGE)]
    assert subprocess.run(command, check=False).returncode == 0
