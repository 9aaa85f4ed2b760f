"""What stands between words, made once: nobody reads the spaces of a tree that was made without them."""

from __future__ import annotations

from typing import Final

import libcst as cst

NONE: Final = cst.SimpleWhitespace("")
ONE: Final = cst.SimpleWhitespace(" ")
LINE_END: Final = cst.TrailingWhitespace(NONE, None, cst.Newline(None))
DEFAULT: Final = cst.MaybeSentinel.DEFAULT
"""Commas, semicolons and parentheses that are there where they have to be."""

DOT: Final = cst.Dot(NONE, NONE)
COLON: Final = cst.Colon(NONE, NONE)
LEFT_BRACKET: Final = cst.LeftSquareBracket(NONE)
RIGHT_BRACKET: Final = cst.RightSquareBracket(NONE)
LEFT_BRACE: Final = cst.LeftCurlyBrace(NONE)
RIGHT_BRACE: Final = cst.RightCurlyBrace(NONE)
LEFT: Final = (cst.LeftParen(NONE),)
RIGHT: Final = (cst.RightParen(NONE),)
ASSIGN: Final = cst.AssignEqual(ONE, ONE)
ASYNCHRONOUS: Final = cst.Asynchronous(ONE)
