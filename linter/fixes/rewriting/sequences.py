"""Items between brackets, with commas: arguments, elements of lists, imported names. Taken out, or put at the end."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from mllint.fixes.refusal import Refused
from mllint.fixes.rewriting.program import Program
from mllint.fixes.text import TextEdit


@dataclass(frozen=True, slots=True)
class Item:
    start: int
    end: int
    comma: int | None
    """Where its comma stands."""

    @property
    def full_end(self) -> int:
        return self.end if self.comma is None else self.comma + 1


@dataclass(frozen=True, slots=True)
class Bracketed:
    """The items between two offsets: just after the opening bracket, and at the closing one."""

    items: tuple[Item, ...]
    open: int
    close: int


def items_of(program: Program, nodes: Sequence[cst.CSTNode], start: int, end: int) -> Bracketed:
    items = []
    for node in nodes:
        first, last = program.whole(node)
        comma = getattr(node, "comma", None)
        items.append(Item(first, last, program.span(comma)[0] if isinstance(comma, cst.Comma) else None))
    return Bracketed(tuple(items), start, end)


def arguments_of(program: Program, call: cst.Call) -> Bracketed:
    opening = program.text.index("(", program.whole(call.func)[1]) + 1
    return items_of(program, call.args, opening, program.span(call)[1] - 1)


def elements_of(program: Program, node: cst.List | cst.Tuple | cst.Dict) -> Bracketed:
    """Raises Refused for a tuple without parentheses."""
    if not isinstance(node, cst.Tuple):
        start, end = program.span(node)
        return items_of(program, node.elements, start + 1, end - 1)
    if not node.lpar:
        raise Refused("a tuple without parentheses")
    return items_of(program, node.elements, program.span(node.lpar[-1])[0] + 1, program.span(node.rpar[0])[1] - 1)


# ---- taking out ----------------------------------------------------------------------------------------------------


def without(program: Program, brackets: Bracketed, removed: Collection[int]) -> tuple[TextEdit, ...]:
    """Take items out with their commas, and with their lines where nothing else is on them; comments stay."""
    kept = [index for index in range(len(brackets.items)) if index not in removed]
    spans = [_span_of(program, brackets, index, any(one < index for one in kept)) for index in removed]
    last = kept[-1] if kept else None
    if last is not None and last + 1 < len(brackets.items) and brackets.items[-1].comma is None:
        comma = brackets.items[last].comma
        assert comma is not None
        spans.append((comma, comma + 1))
    return tuple(TextEdit(start, end, "") for start, end in _united(spans))


def without_elements(
    program: Program, node: cst.List | cst.Tuple | cst.Dict, removed: Collection[int]
) -> tuple[TextEdit, ...]:
    """Take elements out of a display; a tuple of one keeps its comma. Raises Refused."""
    brackets = elements_of(program, node)
    kept = [item for index, item in enumerate(brackets.items) if index not in removed]
    if not isinstance(node, cst.Tuple) or len(kept) != 1:
        return without(program, brackets, removed)
    if "#" in program.text[brackets.open : brackets.close]:
        raise Refused("a comment stands in the tuple")
    return (TextEdit(brackets.open, kept[0].start, ""), TextEdit(kept[0].end, brackets.close, ","))


def _span_of(program: Program, brackets: Bracketed, index: int, follows: bool) -> tuple[int, int]:
    """What goes with an item; `follows` says whether an item before it stays."""
    text, item = program.text, brackets.items[index]
    start, end = item.start, item.full_end
    rest = text[end : min(program.line_end(end), brackets.close)]
    if program.starts_line(start) and program.line_start(start) >= brackets.open:
        if rest.lstrip().startswith("#"):
            return start, end + len(rest) - len(rest.lstrip())
        if not rest.strip() and brackets.close > program.line_end(end):
            return program.line_start(start), program.next_line(end)
    before = brackets.items[index - 1].full_end if index else brackets.open
    after = brackets.items[index + 1].start if index + 1 < len(brackets.items) else brackets.close
    if follows:
        return (start, end) if "#" in text[before:start] else (before, end)
    return (start, end) if "#" in text[end:after] else (start, after)


def _united(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same stretch of text, without overlaps."""
    united: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if united and start <= united[-1][1]:
            united[-1] = (united[-1][0], max(end, united[-1][1]))
        else:
            united.append((start, end))
    return united


# ---- putting at the end --------------------------------------------------------------------------------------------


def with_more(program: Program, brackets: Bracketed, added: Sequence[str]) -> Iterator[TextEdit]:
    """Put items after the last one, in the layout of those that are there."""
    if not added:
        return
    if not brackets.items:
        yield TextEdit(brackets.open, brackets.open, ", ".join(added))
        return
    last = brackets.items[-1]
    if not _one_to_a_line(program, brackets):
        listed = ", ".join(added)
        if last.comma is None:
            yield TextEdit(last.end, last.end, f", {listed}")
        else:
            yield TextEdit(last.comma + 1, last.comma + 1, f" {listed},")
        return
    margin = program.newline + program.indent(last.start)
    ends_line = brackets.close > program.line_end(last.full_end)
    place = program.line_end(last.full_end) if ends_line else last.full_end
    if last.comma is not None:
        yield TextEdit(place, place, "".join(f"{margin}{one}," for one in added))
    elif place == last.end:
        yield TextEdit(place, place, "".join(f",{margin}{one}" for one in added))
    else:
        yield TextEdit(last.end, last.end, ",")
        yield TextEdit(place, place, margin + f",{margin}".join(added))


def _one_to_a_line(program: Program, brackets: Bracketed) -> bool:
    """Whether every item starts a line of its own; the first may stand behind the bracket."""
    first, *others = brackets.items
    alone = program.starts_line(first.start) and program.line_start(first.start) >= brackets.open
    if not others:
        return alone
    return all(program.starts_line(one.start) for one in others)
