"""Labels that are drawn at random, to try a program out: rows of any number of ones become rows of exactly one."""

from __future__ import annotations

import libcst as cst

from mllint.fixes.refusal import Refused
from mllint.fixes.rewriting.draft import Draft
from mllint.rules.knowledge.rows import Signature

RANDINT = Signature(("low", "high", "size", "dtype"), {"high": None, "size": None, "dtype": int})
"""Source: the reference of numpy.random.randint."""


def draw_one_hot(draft: Draft, node: cst.CSTNode) -> None:
    """np.random.randint(0, 2, size=(100, 10)) as np.eye(10)[np.random.randint(0, 10, size=100)]. Raises Refused."""
    program = draft.program
    if not isinstance(node, cst.Call) or draft.names.symbol(node.func) != "numpy.random.randint":
        raise Refused("which of the labels that apply is the one that counts, only the author knows")
    call = draft.call(node, RANDINT)
    low, high, size = (call.given(parameter) for parameter in ("low", "high", "size"))
    bounds = [arg.value for arg in (low, high) if arg is not None]
    shape = size.value if size is not None else None
    is_yes_or_no = [program.code(bound) for bound in bounds] in (["0", "2"], ["2"])
    if not is_yes_or_no or call.given("dtype") is not None or not isinstance(shape, cst.Tuple):
        raise Refused("how the labels are drawn is not written out")
    if len(shape.elements) != 2 or not isinstance(node.func, cst.Attribute):
        raise Refused("the labels are not drawn as rows of columns")
    rows, columns = (program.code(element.value) for element in shape.elements)
    drawn = program.code(node.func)
    numpy = drawn.removesuffix(".random.randint")
    if numpy == drawn:
        raise Refused("numpy itself is not imported")
    draft.replace(node, f"{numpy}.eye({columns})[{drawn}(0, {columns}, size={rows})]")
