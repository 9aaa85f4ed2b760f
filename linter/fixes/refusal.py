"""Why a repair is not carried out."""

from __future__ import annotations


class Refused(Exception):
    """The repair cannot be made without doubt.

    `reason` completes the sentence "not fixed: …": it starts in lower case and has no final full stop.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason
