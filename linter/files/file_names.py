"""Names of files where each line is one, in lists and headers of patches that programs read."""

from __future__ import annotations

import os
from typing import Final

ESCAPES: Final = dict(zip('\a\b\t\n\v\f\r"\\', 'abtnvfr"\\', strict=True))


def quoted(name: str) -> str:
    """A name as git prints it (core.quotePath): one with a character that cannot be shown, a quotation mark or a
    backslash stands in quotation marks, with the escapes of C; other letters than English ones need none."""
    is_plain = name.isprintable() and '"' not in name and (os.sep == "\\" or "\\" not in name)
    return name if is_plain else '"' + "".join(map(_escaped, name)) + '"'


def _escaped(char: str) -> str:
    if char in ESCAPES:
        return f"\\{ESCAPES[char]}"
    return char if char.isprintable() else "".join(f"\\{byte:03o}" for byte in os.fsencode(char))
