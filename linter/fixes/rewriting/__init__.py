"""Changes in the words of the facts → edits of the text that the facts were read from.

Edits are as small as the change: one keyword, the inside of one string. Comments, quotes and line breaks around them
stay as they are. What the edits bring about is for others to prove; what cannot be written without doubt is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from mllint.fixes.refusal import Refused
from mllint.fixes.rewriting import arguments, decodings, heads, identifiers, labels, losses, metrics, stages, texts
from mllint.fixes.rewriting.draft import Draft
from mllint.fixes.rewriting.names import Names
from mllint.fixes.rewriting.program import Program
from mllint.fixes.rewriting.unplaced import check_nothing_is_left
from mllint.fixes.text import TextEdit
from mllint.repairs import (
    Change,
    RemoveMetric,
    RemoveStage,
    SetActivation,
    SetArgmax,
    SetArgument,
    SetDtype,
    SetIdentifier,
    SetItem,
    SetLabels,
    SetLoss,
    SetLossArgument,
    SetMetric,
    SetMonitor,
    SetText,
    SetThreshold,
    SetUnits,
    SwapArguments,
    WrapInList,
)
from mllint.source.lens import SourceLens

_REWRITERS: Mapping[type, Callable[[Draft, Any], None]] = {
    SetActivation: heads.set_activation,
    SetUnits: heads.set_units,
    SetDtype: heads.set_dtype,
    RemoveStage: stages.remove_stage,
    SetLoss: losses.set_loss,
    SetLossArgument: losses.set_loss_argument,
    SetMetric: metrics.set_metric,
    RemoveMetric: metrics.remove_metric,
    SetThreshold: decodings.set_threshold,
    SetArgmax: decodings.set_argmax,
    SetItem: decodings.set_item,
    SetLabels: labels.set_labels,
    SetArgument: arguments.set_argument,
    SetMonitor: arguments.set_monitor,
    SwapArguments: arguments.swap_arguments,
    WrapInList: texts.wrap_in_list,
    SetText: texts.set_text,
    SetIdentifier: identifiers.set_identifier,
}


def edits_for(changes: Sequence[Change], lens: SourceLens) -> tuple[TextEdit, ...]:
    """The edits that make all the changes, in order of the text.

    Raises Refused where one of them cannot be made: then none is.
    """
    draft = Draft(_names(lens), changes)
    for change in changes:
        rewrite = _REWRITERS.get(type(change))
        if rewrite is None:
            raise Refused("nothing is known about how to write it")
        rewrite(draft, change)
    check_nothing_is_left(draft, changes)
    return draft.edits()


@lru_cache(maxsize=1)
def _names(lens: SourceLens) -> Names:
    """The same for all repairs of one file, which are tried one after the other."""
    return Names(Program(lens))
