"""Another loss, or other arguments for it, in the program's own way of writing losses."""

from __future__ import annotations

import libcst as cst

from mllint.fixes.refusal import Refused
from mllint.fixes.rewriting.draft import Draft
from mllint.repairs import SetLoss


def set_loss(draft: Draft, change: SetLoss) -> None:
    node = draft.program.anchor(change.loss.place)
    if not isinstance(node, cst.SimpleString | cst.ConcatenatedString) or change.from_logits:
        raise Refused("the loss is not written as a string")
    draft.replace_string(node, change.name)
