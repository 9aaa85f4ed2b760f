"""Labels out of a random generator, to try a model with: they hold nothing, so any encoding can take their place."""

from __future__ import annotations

import libcst as cst

from mllint.fixes.refusal import Refused
from mllint.fixes.rewriting import applying, sequences
from mllint.fixes.rewriting.draft import Draft
from mllint.fixes.text import TextEdit
from mllint.repairs import SetLabels
from mllint.rules import knowledge


def to_one_hot(draft: Draft, change: SetLabels) -> None:
    """randint(0, 2, size=(n, k)) becomes np.eye(k)[randint(0, k, size=n)]."""
    call = _random(draft, draft.program.anchor(change.labels.place))
    rows, columns = _rows_and_columns(draft, call)
    draft.put_around(call, f"{draft.spell('numpy.eye', call)}({columns})[", "]")
    _write(draft, call, columns, rows)


def to_numbers(draft: Draft, change: SetLabels) -> None:
    """randint(0, 2, size=(n, k)) becomes randint(0, k, size=n)."""
    call = _random(draft, draft.program.anchor(change.labels.place))
    rows, columns = _rows_and_columns(draft, call)
    _write(draft, call, columns, rows)


def to_multi_hot(draft: Draft, change: SetLabels) -> None:
    """randint(0, k, size=n), or the rows of np.eye(k) that it picks, become randint(0, 2, size=(n, k))."""
    node = draft.program.anchor(change.labels.place)
    call = _random(draft, pick_numbers(draft, node) if is_identity_matrix(draft, node) else node)
    columns = _bound(draft, call)
    _write(draft, call, "2", f"({_rows(draft, call)}, {columns})")


# ---- the rows of an identity matrix --------------------------------------------------------------------------------


def is_identity_matrix(draft: Draft, node: cst.CSTNode) -> bool:
    """Whether the node is the call in np.eye(k)[numbers]."""
    return isinstance(node, cst.Call) and draft.names.symbol(node.func) in ("numpy.eye", "numpy.identity")


def pick_numbers(draft: Draft, node: cst.CSTNode) -> cst.BaseExpression:
    """Leaves the numbers of np.eye(k)[numbers], and returns them."""
    above = draft.program.parent(node)
    chosen = above.slice[0].slice if isinstance(above, cst.Subscript) and len(above.slice) == 1 else None
    if not isinstance(above, cst.Subscript) or not isinstance(chosen, cst.Index):
        raise Refused("which rows of the identity matrix are taken is not clear")
    applying.operand_only(draft, above, chosen.value)
    return chosen.value


# ---- the generator -------------------------------------------------------------------------------------------------


def _random(draft: Draft, node: cst.CSTNode) -> cst.Call:
    symbol = draft.names.symbol(node.func) if isinstance(node, cst.Call) else None
    row = knowledge.data_functions().symbol(symbol) if symbol is not None else None
    if not isinstance(node, cst.Call) or row is None or row.effect != "randint":
        raise Refused("the labels hold what no other encoding of them says")
    return node


def _given(draft: Draft, call: cst.Call, parameter: str) -> cst.BaseExpression | None:
    symbol = draft.names.symbol(call.func)
    row = knowledge.data_functions().symbol(symbol) if symbol is not None else None
    arg = draft.call(call, row.signature if row is not None else None).given(parameter)
    return arg.value if arg is not None else None


def _bound(draft: Draft, call: cst.Call) -> str:
    """The number below which the numbers are: one bound alone is the upper one."""
    bound = _given(draft, call, "high") or _given(draft, call, "low")
    if bound is None:
        raise Refused("the number of classes is not written there")
    return draft.program.code(bound)


def _rows_and_columns(draft: Draft, call: cst.Call) -> tuple[str, str]:
    size = _given(draft, call, "size")
    if not isinstance(size, cst.Tuple | cst.List) or len(size.elements) != 2:
        raise Refused("the number of rows and columns is not written there")
    rows, columns = (draft.program.code(element.value) for element in size.elements)
    return rows, columns


def _rows(draft: Draft, call: cst.Call) -> str:
    size = _given(draft, call, "size")
    if isinstance(size, cst.Tuple | cst.List):
        if len(size.elements) != 1:
            raise Refused("the labels have several axes")
        size = size.elements[0].value
    if size is None:
        raise Refused("the number of labels is not written there")
    return draft.program.code(size)


def _write(draft: Draft, call: cst.Call, bound: str, size: str) -> None:
    program = draft.program
    brackets = sequences.arguments_of(program, call)
    if "#" in program.text[brackets.open : brackets.close]:
        raise Refused("a comment stands among the arguments")
    dtype = _given(draft, call, "dtype")
    kept = f", dtype={program.code(dtype)}" if dtype is not None else ""
    draft.edit(call, TextEdit(brackets.open, brackets.close, f"0, {bound}, size={size}{kept}"))
