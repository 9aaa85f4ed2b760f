"""The activation of a head, written where the program writes it."""

from __future__ import annotations

import libcst as cst

from mllint.facts import Head
from mllint.fixes.refusal import Refused
from mllint.fixes.rewriting import stages
from mllint.fixes.rewriting.draft import Draft
from mllint.repairs import SetActivation
from mllint.rules import knowledge


def set_activation(draft: Draft, change: SetActivation) -> None:
    found = stages.activations_of(change.head)
    if not found:
        _add(draft, change.head, change.activation)
        return
    node = stages.written_at(found[-1])
    if not isinstance(node, cst.SimpleString | cst.ConcatenatedString):
        raise Refused("the activation is not written as a string")
    draft.replace_string(node, change.activation)


def _add(draft: Draft, head: Head, activation: str) -> None:
    scores = stages.scores_of(head)
    row = knowledge.layers().symbol(scores.symbol)
    if row is None or row.activation is None:
        raise Refused("the layer takes no activation")
    draft.call(stages.call_of(draft.program, scores), row.signature).pass_value(row.activation, activation)
