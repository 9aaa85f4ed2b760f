"""The rules: each one module with `RULE`, and its page of the same name beside it.

A rule sees one training setup (facts) and yields problems. How it looks at the setup it shares with others (views), as
it shares how to make the setup right (repairing). Rules import facts, findings, repairs and knowledge, nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mllint.facts import TrainingSetup
    from mllint.findings import Problem


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule as its module declares it; name and family follow from the module's and the folder's name."""

    code: str
    summary: str
    since: str
    judge: Callable[[TrainingSetup], Iterator[Problem]]
