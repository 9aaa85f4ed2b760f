"""What a program does with predictions: thresholds, argmax, rounding, items of what evaluate() returns."""

from __future__ import annotations

import libcst as cst

from mllint.facts import Decoding, Head, Known
from mllint.fixes.refusal import Refused
from mllint.fixes.rewriting import one_class, sequences, strings
from mllint.fixes.rewriting.draft import Draft
from mllint.fixes.text import TextEdit
from mllint.repairs import SetArgmax, SetItem, SetThreshold, SetUnits

_ATOMS = (cst.Name, cst.Attribute, cst.Call, cst.Subscript)

# ---- thresholds ----------------------------------------------------------------------------------------------------


def set_threshold(draft: Draft, change: SetThreshold) -> None:
    node = draft.program.anchor(change.decoding.place)
    number = f"{change.threshold:g}"
    if change.decoding.kind == "threshold":
        draft.replace(_compared(node).comparator, number)
        return
    call = _call(node, change.decoding)
    decided = _decided(draft, call, change.decoding)
    if isinstance(draft.program.parent(call), cst.Index) or (
        _units(draft, call) != 1 and one_class.is_wanted(draft, call)
    ):
        raise Refused("the answer picks an item: one yes or no for each unit picks none")
    if change.decoding.kind == "predict_classes":
        _rename(draft, call, "predict")
        opening, closing = _whole_numbers(draft, call, f" > {number}")
        draft.put_around(call, opening, closing)
        return
    opening, closing = _whole_numbers(draft, call, f"{_only_unit(draft, call, change.decoding)} > {number}")
    before, behind = _parentheses(decided)
    _put_around_inner(draft, call, decided, opening + before, behind + closing)


def _compared(node: cst.CSTNode) -> cst.ComparisonTarget:
    if not isinstance(node, cst.Comparison) or len(node.comparisons) != 1:
        raise Refused("the prediction is compared with several values")
    return node.comparisons[0]


def _call(node: cst.CSTNode, decoding: Decoding) -> cst.Call:
    if not isinstance(node, cst.Call):
        raise Refused(f"how {decoding.kind} is written is not understood")
    return node


def _decided(draft: Draft, call: cst.Call, decoding: Decoding) -> cst.BaseExpression:
    """The prediction that an argmax or a rounding is of: its first argument, or what the method belongs to."""
    if decoding.kind == "predict_classes" or _is_method(draft, call):
        assert isinstance(call.func, cst.Attribute)
        return call.func.value
    if not call.args or call.args[0].star:
        raise Refused("what is decided on is not written there")
    return call.args[0].value


def _is_method(draft: Draft, call: cst.Call) -> bool:
    """pred.argmax(), against np.argmax(pred)."""
    return isinstance(call.func, cst.Attribute) and draft.names.symbol(call.func) is None


def _whole_numbers(draft: Draft, call: cst.Call, comparison: str) -> tuple[str, str]:
    """What stands before and behind a prediction, so that yes is 1 and no is 0."""
    above = draft.program.parent(call)
    symbol = draft.names.symbol(call.func) or ""
    module = symbol.rpartition(".")[0].removesuffix(".math")
    if module in ("tf", "keras.ops", "keras.backend"):
        kind = strings.literal(draft.program, call, "int32")
        return f"{draft.spell(f'{module}.cast', call)}(", f"{comparison}, {kind})"
    if isinstance(above, cst.Attribute) and above.attr.value == "astype":
        return "(", f"{comparison})"
    return "(", f"{comparison}).astype({strings.literal(draft.program, call, 'int32')})"


def _only_unit(draft: Draft, call: cst.Call, decoding: Decoding) -> str:
    """An argmax over a single unit leaves one number a row: so does the comparison of its column."""
    if decoding.kind != "argmax" or _units(draft, call) != 1:
        return ""
    if _has_axis(call, 0 if _is_method(draft, call) else 1):
        return "[:, 0]"
    raise Refused("which part of the prediction the argmax is of is not clear")


def _units(draft: Draft, node: cst.CSTNode) -> int | None:
    """The units that the head will have whose prediction is decided on at a node."""
    head = _head(draft, node)
    planned = (one.units for one in draft.changes if isinstance(one, SetUnits) and one.head == head)
    return next(planned, _units_today(head))


def _units_today(head: Head | None) -> int | None:
    return head.units.value if head is not None and isinstance(head.units, Known) else None


def _head(draft: Draft, node: cst.CSTNode) -> Head | None:
    outputs = (output for setup in draft.program.reading.setups for output in setup.outputs)
    decided = (one.head for one in outputs if any(decoding.place.anchor is node for decoding in one.decodings))
    return next(decided, None)


def _has_axis(call: cst.Call, position: int) -> bool:
    return len(call.args) > position or any(
        arg.keyword is not None and arg.keyword.value == "axis" for arg in call.args
    )


def _parentheses(inner: cst.BaseExpression) -> tuple[str, str]:
    """What an expression needs around it to be compared, or to have a method called."""
    return ("", "") if isinstance(inner, _ATOMS) or inner.lpar else ("(", ")")


def _put_around_inner(
    draft: Draft, node: cst.BaseExpression, inner: cst.BaseExpression, opening: str, closing: str
) -> None:
    """Other code in the place of an expression, but for the one inside it that stays."""
    program = draft.program
    (start, end), (first, last) = program.whole(node), program.whole(inner)
    if "#" in program.text[start:first] + program.text[last:end]:
        raise Refused("a comment stands inside the call")
    draft.edit(node, TextEdit(start, first, opening), TextEdit(last, end, closing))


def _rename(draft: Draft, call: cst.Call, method: str) -> None:
    assert isinstance(call.func, cst.Attribute)
    draft.replace(call.func.attr, method)


# ---- argmax --------------------------------------------------------------------------------------------------------


def set_argmax(draft: Draft, change: SetArgmax) -> None:
    node, kind = draft.program.anchor(change.decoding.place), change.decoding.kind
    if kind == "threshold":
        _check_counts_as_yes(draft, node)
        assert isinstance(node, cst.Comparison)
        _argmax_of(draft, node, node.left, change.axis)
        return
    call = _call(node, change.decoding)
    if kind == "predict_classes":
        _rename(draft, call, "predict")
        draft.put_around(call, "", f".argmax(axis={change.axis})")
    elif kind == "argmax":
        _set_axis(draft, call, change.axis)
    else:
        _argmax_of(draft, call, _decided(draft, call, change.decoding), change.axis)


def _check_counts_as_yes(draft: Draft, node: cst.CSTNode) -> None:
    """Raises Refused where the program asks for yes or no, and not for the number of a class."""
    if not isinstance(_compared(node).operator, cst.GreaterThan | cst.GreaterThanEqual):
        raise Refused("the program looks for what is below the threshold")
    above = draft.program.parent(node)
    caller = draft.program.parent(above) if isinstance(above, cst.Arg) else None
    chooses = isinstance(caller, cst.Call) and draft.program.code(caller.func).rpartition(".")[2] == "where"
    if chooses or isinstance(
        above, cst.If | cst.IfExp | cst.While | cst.BooleanOperation | cst.UnaryOperation | cst.Index
    ):
        raise Refused("the program goes one way or the other by the comparison")


def _argmax_of(draft: Draft, node: cst.BaseExpression, inner: cst.BaseExpression, axis: int) -> None:
    if isinstance(inner, cst.Subscript) and _is_only_column(inner) and _units_today(_head(draft, node)) == 1:
        inner = inner.value
    if isinstance(inner, cst.Subscript) and not _is_row(inner):
        raise Refused("the program looks at a part of the prediction only")
    symbol = draft.names.symbol(node.func) if isinstance(node, cst.Call) else None
    module = (symbol or "numpy.round").rpartition(".")[0].removesuffix(".math")
    function = draft.names.spelling(f"{module}.argmax", node)
    opening, closing = (f"{function}(", f", axis={axis})") if function is not None else ("", f".argmax(axis={axis})")
    before, behind = ("", "") if function is not None else _parentheses(inner)
    _put_around_inner(draft, node, inner, opening + before, behind + closing)


def _is_only_column(node: cst.Subscript) -> bool:
    """pred[:, 0] of predictions of one unit."""
    rows, column = (one.slice for one in node.slice) if len(node.slice) == 2 else (None, None)
    every = isinstance(rows, cst.Slice) and rows.lower is rows.upper is rows.step is None
    return every and isinstance(column, cst.Index) and getattr(column.value, "value", None) == "0"


def _is_row(node: cst.Subscript) -> bool:
    chosen = node.slice[0].slice if len(node.slice) == 1 else None
    return isinstance(chosen, cst.Slice) or (isinstance(chosen, cst.Index) and isinstance(chosen.value, cst.Integer))


def _set_axis(draft: Draft, call: cst.Call, axis: int) -> None:
    position = 0 if _is_method(draft, call) else 1
    named = [arg for arg in call.args if arg.keyword is not None and arg.keyword.value == "axis"]
    given = named or call.args[position : position + 1]
    if given:
        draft.replace(given[0].value, str(axis))
        return
    brackets = sequences.arguments_of(draft.program, call)
    draft.edit(call, *sequences.with_more(draft.program, brackets, [f"axis={axis}"]))


# ---- items of what evaluate() returns ------------------------------------------------------------------------------


def set_item(draft: Draft, change: SetItem) -> None:
    """acc = score[0] becomes acc = score[1]."""
    node = draft.program.anchor(change.decoding.place)
    value = _assigned_to(draft, node)
    chosen = value.slice[0].slice if isinstance(value, cst.Subscript) and len(value.slice) == 1 else None
    if not isinstance(chosen, cst.Index) or not isinstance(chosen.value, cst.Integer):
        raise Refused("the items of evaluate() are taken apart without an index")
    draft.replace(chosen.value, str(change.index))


def _assigned_to(draft: Draft, name: cst.CSTNode) -> cst.BaseExpression | None:
    """The expression whose value a name is given."""
    above = draft.program.parent(name)
    if isinstance(above, cst.AssignTarget):
        statement = draft.program.parent(above)
        return statement.value if isinstance(statement, cst.Assign) else None
    target = draft.program.parent(above) if isinstance(above, cst.Element) else None
    if not isinstance(above, cst.Element) or not isinstance(target, cst.Tuple):
        return None
    values = _assigned_to(draft, target)
    if not isinstance(values, cst.Tuple) or len(target.elements) != len(values.elements):
        return None
    return values.elements[target.elements.index(above)].value
