"""A call that is rewritten: another callee, arguments set and taken away, all in one go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import libcst as cst

from mllint.fixes.refusal import Refused
from mllint.fixes.rewriting import sequences, strings
from mllint.fixes.rewriting.program import Program
from mllint.fixes.text import TextEdit
from mllint.repairs import Written
from mllint.rules.knowledge.rows import Signature


@dataclass
class CallDraft:
    """What becomes of one call."""

    program: Program
    node: cst.Call
    signature: Signature | None
    """Of what is called today; None where it is not known, and only keywords can be told."""
    callee: str | None = None
    """The code of what is called instead."""
    target: Signature | None = None
    """Of what is called instead: arguments that it does not know go."""
    renamed: Mapping[str, str] = field(default_factory=dict)
    """What parameters are called there, where they are called otherwise."""
    values: dict[str, str | None] = field(default_factory=dict)
    """Code by parameter; None takes the argument away."""

    # ---- asking ----------------------------------------------------------------------------------------------------

    def given(self, parameter: str) -> cst.Arg | None:
        """The argument of a parameter today."""
        return next((arg for arg, name in self._named() if name == parameter), None)

    def _named(self) -> Iterator[tuple[cst.Arg, str | None]]:
        """The arguments with the parameters that they are for."""
        certain = True
        parameters = self.signature.parameters if self.signature is not None else ()
        for index, arg in enumerate(self.node.args):
            if arg.keyword is not None:
                yield arg, arg.keyword.value
            elif arg.star:
                certain = certain and arg.star == "**"
                yield arg, None
            else:
                yield arg, parameters[index] if certain and index < len(parameters) else None

    # ---- changing --------------------------------------------------------------------------------------------------

    def pass_value(self, parameter: str, value: Written) -> None:
        """Pass a value that is written out, in the quotes of the call."""
        self.pass_code(parameter, strings.literal(self.program, self.node, value))

    def pass_code(self, parameter: str, code: str) -> None:
        self._set(parameter, code)

    def drop(self, parameter: str) -> None:
        self._set(parameter, None)

    def _set(self, parameter: str, code: str | None) -> None:
        if self.values.setdefault(parameter, code) != code:
            raise Refused(f"two changes want different values for {parameter}")

    def become(self, callee: str, target: Signature, renamed: Mapping[str, str]) -> None:
        """Call something else, with the arguments that it knows too, some under other names."""
        if self.callee not in (None, callee):
            raise Refused("two changes want different things in one place")
        self.callee, self.target, self.renamed = callee, target, renamed

    @property
    def _equal(self) -> str:
        """How the call writes its keywords: name=value, or name = value."""
        for arg in reversed(self.node.args):
            if arg.keyword is not None:
                written = self.program.text[self.program.span(arg.keyword)[1] : self.program.whole(arg.value)[0]]
                return written if not written.strip(" =") else "="
        return "="

    # ---- writing ---------------------------------------------------------------------------------------------------

    def edits(self) -> Iterator[TextEdit]:
        """Raises Refused where the arguments cannot be told from each other."""
        brackets = sequences.arguments_of(self.program, self.node)
        fate = self._fate()
        if self.callee is not None:
            yield from _unless_same(self.program, self.node.func, self.callee)
        removed = {index for index, change in fate.items() if change is None}
        added = [
            f"{parameter}{self._equal}{code}"
            for parameter, code in self.values.items()
            if code is not None and self.given(parameter) is None
        ]
        if added and len(self.node.args) == 1 and isinstance(self.node.args[0].value, cst.GeneratorExp):
            raise Refused("the call is given a generator")
        for index in sorted(removed, reverse=True)[: len(added)]:
            removed.discard(index)
            yield TextEdit(*self.program.whole(self.node.args[index]), added.pop())
        for change in fate.values():
            if change is not None:
                yield from _replaced(self.program, *change)
        yield from sequences.without(self.program, brackets, removed)
        yield from sequences.with_more(self.program, brackets, added)

    def _fate(self) -> Mapping[int, tuple[cst.CSTNode, str] | None]:
        """What is written in the place of which node, by the index of the argument; None for one that goes."""
        fate: dict[int, tuple[cst.CSTNode, str] | None] = {}
        by_keyword = False
        """A positional argument has gone, or lost its place: those behind it need their names."""
        for index, (arg, name) in enumerate(self._named()):
            if name is None:
                self._check_hidden(arg)
                continue
            code, new = self._code_of(index, arg, name), self.renamed.get(name, name)
            by_keyword = by_keyword or (_is_positional(arg) and (code is None or not self._keeps_place(index, new)))
            if code is None:
                fate[index] = None
            elif (_is_positional(arg) and by_keyword) or (arg.keyword is not None and new != name):
                fate[index] = (arg, f"{new}={code}")
            elif code != self.program.code(arg.value):
                fate[index] = (arg.value, code)
        return fate

    def _check_hidden(self, arg: cst.Arg) -> None:
        """Raises Refused where an argument without a name may be one that changes."""
        if self.target is not None or (self.values and arg.star):
            raise Refused("the call takes arguments that are not written out")

    def _code_of(self, index: int, arg: cst.Arg, name: str) -> str | None:
        """The value of an argument afterwards; None where the argument goes."""
        code = self.values.get(name, self.program.code(arg.value))
        if self.target is not None:
            return code if name in self.values or self.renamed.get(name, name) in self.target.parameters else None
        if code is None and _is_positional(arg) and any(_is_positional(one) for one in self.node.args[index + 1 :]):
            return self._default(name)
        return code

    def _keeps_place(self, index: int, name: str) -> bool:
        return self.target is None or self.target.parameters[index : index + 1] == (name,)

    def _default(self, parameter: str) -> str:
        if self.signature is None or parameter not in self.signature.defaults:
            raise Refused(f"{parameter} is given by its position, before others")
        return repr(self.signature.defaults[parameter])


def _is_positional(arg: cst.Arg) -> bool:
    return arg.keyword is None and not arg.star


def _unless_same(program: Program, node: cst.BaseExpression, code: str) -> Iterator[TextEdit]:
    if program.code(node) == code:
        return
    if isinstance(node, cst.Attribute) and code.rpartition(".")[0] == program.code(node.value):
        node, code = node.attr, code.rpartition(".")[2]
    yield TextEdit(*program.whole(node), code)


def _replaced(program: Program, old: cst.CSTNode, code: str) -> Iterator[TextEdit]:
    """Other code in the place of a value; the quotes of a string stay."""
    new = cst.parse_expression(code) if isinstance(old, cst.SimpleString) else None
    if isinstance(new, cst.SimpleString):
        yield strings.replaced(program, old, new.raw_value)
    else:
        yield TextEdit(*program.whole(old), code)
