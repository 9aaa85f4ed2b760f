"""Objects of Keras that give way to the string that names them."""

from __future__ import annotations

import libcst as cst

from mllint.fixes.refusal import Refused
from mllint.fixes.rewriting import strings
from mllint.fixes.rewriting.draft import Draft
from mllint.fixes.rewriting.program import Program
from mllint.repairs import SetIdentifier

DISPLAYS = (cst.Arg, cst.Element, cst.DictElement, cst.List, cst.Tuple, cst.Dict)


def set_identifier(draft: Draft, change: SetIdentifier) -> None:
    """In a call of compile(), which alone takes the string for the object."""
    program = draft.program
    node = program.anchor(change.place)
    if not isinstance(node, cst.Call) or not isinstance(node.func, cst.Attribute):
        raise Refused("it is not an object that is made by a dotted name")
    if not _is_given_to_compile(program, node):
        raise Refused("it is made in another place than compile()")
    if any(arg.keyword is None or arg.keyword.value != "name" for arg in node.args):
        raise Refused("it is given more than its name")
    draft.replace(node, strings.literal(program, node, change.text))


def _is_given_to_compile(program: Program, node: cst.Call) -> bool:
    call = next((above for above in program.ancestors(node) if not isinstance(above, DISPLAYS)), None)
    return isinstance(call, cst.Call) and isinstance(call.func, cst.Attribute) and call.func.attr.value == "compile"
