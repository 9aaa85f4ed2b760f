"""Colours for quoted output, about as the terminal has them."""

from __future__ import annotations

import re
from typing import Final

QUOTED: Final = re.compile(r"(?<=<code>)(<span></span>)?\$ mllint.*?(?=</code>)", re.DOTALL)
LINE: Final = re.compile(
    r"^(?P<command>\$ .*)$"
    r"|^(?P<severity>error|warning|info)\[.*?$"
    r"|^(?P<margin> *\d* \|| *(?:--&gt;|:::) .*|\.\.\.)(?P<rest>.*)$"
    r"|^(?P<help> *= help: .*)$"
    r"|^(?P<added>\+.*)$"
    r"|^(?P<removed>-.*)$",
    re.MULTILINE,
)
MARKS: Final = re.compile(r"^(?P<before> *)(?P<marks>\^+|-+)(?P<after> .*|)$")


def coloured(html: str) -> str:
    """The HTML of a page with its quotations of mllint coloured."""
    return QUOTED.sub(lambda quoted: LINE.sub(_line, quoted[0]), html)


def _line(found: re.Match[str]) -> str:
    if found["severity"]:
        return _said(found["severity"], found[0])
    for kind in ("command", "help", "added", "removed"):
        if found[kind]:
            return _said(kind, found[0])
    marks = MARKS.match(found["rest"])
    rest = found["rest"]
    if marks:
        kind = "points" if marks["marks"].startswith("^") else "underlines"
        rest = marks["before"] + _said(kind, marks["marks"] + marks["after"])
    return _said("margin", found["margin"]) + rest


def _said(kind: str, text: str) -> str:
    return f'<span class="said {kind}">{text}</span>'
