"""Strings that read otherwise, and values put into a list."""

from __future__ import annotations

from mllint.fixes.rewriting.draft import Draft
from mllint.repairs import SetText, WrapInList


def set_text(draft: Draft, change: SetText) -> None:
    draft.replace_string(draft.program.anchor(change.place), change.text)


def wrap_in_list(draft: Draft, change: WrapInList) -> None:
    draft.put_around(draft.program.anchor(change.place), "[", "]")
