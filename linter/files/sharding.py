"""A share of the files, for machines that divide the work: every file belongs to exactly one of N shards.

The share follows from the path alone, so that a new file moves no other one to another machine and its cache.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import Final


@dataclass(frozen=True, slots=True)
class Shard:
    """The `number`-th, from 1, `of` so many."""

    number: int
    of: int

    def holds(self, path: str) -> bool:
        """Whether a path, relative to where every machine runs the command, is in this share."""
        if self.of == 1:
            return True
        import hashlib

        digest = hashlib.sha256(PurePath(path).as_posix().encode("utf-8", "surrogateescape")).digest()
        return int.from_bytes(digest[:8], "big") % self.of == self.number - 1


WHOLE: Final = Shard(1, 1)


def shard(text: str) -> Shard:
    """From "2/5". Raises ValueError."""
    found = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", text)
    if found is None or not 1 <= int(found[1]) <= int(found[2]):
        raise ValueError(f"{text!r} is no shard: 1/4 is the first of four")
    return Shard(int(found[1]), int(found[2]))
