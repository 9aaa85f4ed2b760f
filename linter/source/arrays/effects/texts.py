"""Numbers that come of texts: padded sequences, matrices read from files."""

from __future__ import annotations

from mllint.source.arrays.array import FROM_A_TEXT, TOKENS, array, computed_from
from mllint.source.arrays.calls import DataCall, Effect
from mllint.source.program.values import Value


def _padded(call: DataCall) -> Value:
    width = call.constant("maxlen")
    source = call.array(0)
    whole = "dtype" not in call.keywords and "value" not in call.keywords
    reason = TOKENS if whole else "numbers of sequences"
    made = array(call.node, None, (None, width if isinstance(width, int) else None), reason=reason, low=0)
    return computed_from(made, source) if source is not None else made


def _read_matrix(call: DataCall) -> Value:
    return array(call.node, None, (...,), reason=FROM_A_TEXT)


EFFECTS: dict[str, Effect] = {
    "padded": _padded,
    "read_matrix": _read_matrix,
}
