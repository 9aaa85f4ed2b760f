"""A tree that is made from Python's own is the one that LibCST parses, but for spaces, commas, parentheses and
comments."""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from dataclasses import fields
from functools import lru_cache
from textwrap import indent

import libcst as cst
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from libcst.metadata import MetadataWrapper, PositionProvider

from mllint.processes.deep_stack import with_deep_stack
from mllint.reports import facts
from mllint.source.lens import SourceLens
from mllint.source.parsing.exact import ExactFile
from mllint.source.parsing.parsed import parsed_exactly, parsed_quickly
from mllint.source.parsing.quick import QuickFile
from mllint.source.text.document import Document, UnreadableSource
from mllint.source.text.syntax import parse
from tests.fuzz.mutation import mutated
from tests.fuzz.seeds import programs

EXPRESSIONS = (
    "a", "a.b.c", "f()", "f(a, *b, c=1, **d)", "f(a=1, *b, **c)", "f(*a, b, *c)", "f(x for x in y)",
    "f((x for x in y))", "f((a))", "f((a), (b))", "f( (a, b) )", "f((yield))", "(f)(a)", "f(a)(b)", "(lambda: 0)()",
    "f(a)[b](c).d", "1", "1_000", "0x1F", "1e5", "1.", ".5", "2j", "True", "False", "None", "...", "-1", "+a", "~a",
    "not a", "not not a", "'a'", '"a"', "b'a'", "r'\\d'", "'\\n\\''", "'''a'b'''", '"""a\\"\n"b"""', "'a' 'b'",
    "'a' r'\\b' \"c\"", "b'a' b'b'", "'' ''", "''''''", "('a'\n  # between\n  'b')", "f'a{b}c'", "f'{a!r:>{w}} {{}}'",
    "f'{a:%Y}' 'b' f'{c=}'", "(f'a{b}'\n 'é' f'{c}')", "f'''{\na}'''", "u'a'", "Rb'a'", "a + b * c", "(a + b) * c",
    "a ** -b", "a // b % c @ d", "a << b >> c & d | e ^ f", "a - b - c", "a - (b - c)", "a and b",
    "a and b and c and d", "a or b and c", "(a or b) and c", "a and (b and c)", "(a) and (b) and (c)", "a < b",
    "a < b <= c != d", "a is not b", "a not in b", "a is b", "a in b", "(a) == (b)", "not a in b", "a if b else c",
    "a if b else c if d else e", "(x := 1)", "[y := 1, y]", "lambda: 0", "lambda a, *b, c=1, **d: a",
    "lambda a, /, b=(1), *, c: (a, b)", "()", "( )", "(a,)", "a,", "(a, b)", "((a), b)", "(a), b", "((a, b), c)",
    "( # one\n a, # two\n b\n)", "[]", "[a, *b, (c),]", "{a}", "{*a, b}", "{}", "{a: b, **c, 'd': (e)}",
    "[a for b in c]", "[a for b in c if d if e for f in g]", "{a for b in c}", "{a: b for c, d in e}", "(a for b in c)",
    "(*a, b)", "[(a, b) for a, b in c]", "a[b]", "a[b, c]", "a[(b, c)]", "a[(b), (c)]", "a[((b, c))]", "a[(b, c), d]",
    "a[()]", "a[b,]", "a[:]", "a[b:]", "a[:b]", "a[b:c:d]", "a[::b]", "a[ b : ]", "a[b:, c]", "a[..., None]", 
     "a[-1]", "(a).b", "( a ) [ b ]", "é.ü(ñ='ß')[1]", "f('é', ü)", "'é' + b",
    "f(\n    a,  # one (\n    # two )\n    (b),\n    c = d,\n)",
)  # fmt: skip
STATEMENTS = (
    "a", "a; b", "a ; b ;", "a = b", "a = b = c", "a, b = c", "(a, b), *c = d", "[a, b] = c", "a.b, c[d] = e", "a: int",
    "a: int = 1", "a += 1", "a -= b; c *= d", "a @= b", "a **= b", "a //= b", "a >>= b", "a |= b", "pass", "assert a",
    "assert a, 'b'", "del a", "del a, b", "del (a, b)", "del (a), b[c]", "del (a)", "raise", "raise a",
    "raise a from b", "import a", "import a.b.c as d, e", "from a import b", "from a.b import (c as d, e,)",
    "from . import a", "from ...a import b", "from a import *", "if a: b", "if a: b; c;",
    "if a:\n    b;\nelse:\n    c;", "if a:\n    b\nelif c:\n    d\nelif e:\n    f\nelse:\n    g",
    "if a:\n    b\nelse:\n    if c:\n        d", "if (a\n    and b): c", "for a in b: c", "*a", "a = *b", "yield *a",
    "for a, b in c:\n    d\n    continue\nelse:\n    e", "for (a) in (b, c): d", "while a:\n    b\n    break\nelse: c",
    "with a: b", "with a as b, c as (d, e):\n    f", "with (a): b", "with (a as b, c): d", "with (a, b) as c: d",
    "with (a, b): c", "try:\n    a\nexcept: b",
    "try:\n    a\nexcept (A, B) as e:\n    b\nexcept C: c\nelse: d\nfinally:\n    f", "try:\n    a\nfinally: b",
    "def f(): return", "def f(): return a; b", "def f():\n    'doc'\n    return a, b",
    "def f(a, b: int = 1, *c: d, e, f=2, **g) -> h:\n    global i, j\n    yield", "def f(a, /, b, *, c): pass",
    "def f():\n    def g():\n        nonlocal a\n        yield from a\n    return g",
    "@a\n@b.c(d)\n\n# e\ndef f(): pass", "@ (a)\nclass A: pass",
    "async def f():\n    async with a as b:\n        await c\n    async for d in e: f\n",
    "async def f():\n    return [a async for a in b if await c]", "class A: a = 1; b = 2",
    "class A():\n    a: int = 1\n",
    "class A(B, *c, metaclass=D, **e):\n    'doc'\n\n    @property\n    def f(self): return self._f\n",
    "class A(B):\n    def f(self):\n        class C: pass\n        return C", "class A(*B, C, d=E): pass",
    "match (a):\n    case (b): c", "match (a, b):\n    case (c, d): f'{e((g))}'",
    "match a:\n    case [b, *c] if d:\n        e\n    case {'f': 1 | 2, **g}:\n        h\n    case _: i",
    "match = type = case = 1", "if a:\n    match b:\n        case C(d=1):  # e\n            f'{g}'\n    h",
)  # fmt: skip
NEWER = (
    *(("a[*b]", "a[b, *c]", "try:\n    a\nexcept* B as c:\n    d\nelse: e") if sys.version_info >= (3, 11) else ()),
    *(("b; type A = int", "type A[B] = C[B]", "f'{a['b']}{f'{c}'}'") if sys.version_info >= (3, 12) else ()),
    *(("@a\ndef f[T: int](a: T): return T", "class A[*T](B): c") if sys.version_info >= (3, 12) else ()),
)
LAID_OUT = (
    "", "\n\n", "# only\n", "a", "a\n\n\n# end\n", "'doc'\r\nimport a\r\nf(\r\n  b)\r\n", "a = (b\r  + c)\rd\r",
    "if a:\n\tb\n\tif c:\n\t\td\n",
    "a = \\\n    b\nif a \\\n   and b:\n  c", "(a).b\n(c), d = e\n'f'\n(g)\n[h]\n", "f = g\n(a, b) = c\n",
    "x = '''\n(''' # )\n(a, b)\n", "a = 'é'; b = ü.c; ñ = d\n",
    "def f():\n    # comment\n    return (\n        a  # b\n    )\n\n\n    # left\n# out\nb\n",
    "if a:\n    b\n  # odd\nelse :\n  c", "f \\\n (a)\n", "x = (f\n  (a))\n",
    "x = (f\n  .g()  # (\n  ((a))\n  ('b'))\n", "x = a\n(b).c\n", "x = 'a\\\r\n # (b'; y = (f)((1))\r\n",
    "x = ['é', '🙂', 'a']; y = [f(b), 'ü'\n , c]; d\n", "x = 'é'  # ﬁ…模型\n",
)  # fmt: skip
PROGRAMS = (
    *(f"x = [{one}]\n" if ":=" in one else f"{one}\n" for one in EXPRESSIONS),
    *(f"{one}\n" for one in (*STATEMENTS, *NEWER)),
    *(f"class K:\n{indent(one, '    ')}\n\n    z = 1\n" for one in (*STATEMENTS, *NEWER)),
    *LAID_OUT,
)
NO_MATTER = (
    "whitespace", "leading_lines", "footer", "header", "lines_after", "indent", "encoding", "newline", "lpar", "rpar",
    "comma", "semicolon", "equal", "colon", "dot", "lbracket", "rbracket", "lbrace", "rbrace", "posonly_ind",
)  # fmt: skip
"""Words in the names of fields that hold what may differ."""
PLACED = (
    cst.BaseStatement, cst.BaseSmallStatement, cst.BaseSuite, cst.Arg, cst.Param, cst.Element, cst.StarredElement,
    cst.DictElement, cst.SubscriptElement, cst.Index, cst.Slice, cst.Decorator, cst.Call, cst.Subscript, cst.Tuple,
    cst.BaseString, cst.BaseNumber, cst.BinaryOperation, cst.BooleanOperation, cst.Lambda, cst.BaseComp,
)  # fmt: skip
"""What a place is always known of; names and attributes may be those of imports and definitions."""


def document(text: str) -> Document:
    return Document("program.py", text)


def quick(text: str) -> QuickFile:
    file = parsed_quickly(document(text))
    assert isinstance(file, QuickFile)
    return file


@lru_cache
def parts(kind: type[cst.CSTNode]) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind) if not any(word in one.name for word in NO_MATTER))


def kind(node: cst.CSTNode) -> type[cst.CSTNode]:
    return cst.IndentedBlock if isinstance(node, cst.IndentedBlock) else type(node)


def pairs(made: cst.CSTNode, parsed: cst.CSTNode) -> Iterator[tuple[cst.CSTNode, cst.CSTNode]]:
    """The nodes of both trees side by side; fails where they differ."""
    waiting: list[tuple[cst.CSTNode, cst.CSTNode]] = [(made, parsed)]
    for left, right in waiting:
        assert kind(left) is kind(right)
        yield left, right
        for name in parts(kind(left)):
            one, other = getattr(left, name), getattr(right, name)
            if isinstance(one, list | tuple):
                assert isinstance(other, list | tuple)
                waiting += zip(one, other, strict=True)
            elif isinstance(one, cst.CSTNode) and isinstance(other, cst.CSTNode):
                waiting.append((one, other))
            else:
                assert (one or None) == (other or None), f"{name} of {left}"


def check(text: str) -> None:
    made, parsed = quick(text), ExactFile(document(text))
    places = MetadataWrapper(parsed.tree, unsafe_skip_copy=True).resolve(PositionProvider)
    for left, right in pairs(made.tree, parsed.tree):
        found = made.positions.get(left)
        assert found is not None or not isinstance(left, PLACED), left
        assert found is None or found == places[right], left
        assert found is None or made.holds(left)
        if found is not None and isinstance(left, cst.BaseExpression) and not isinstance(left, cst.StarredElement):
            assert made.code(left) == parsed.code(right)
    assert not any(made.holds(node) for node in places)


@pytest.mark.parametrize("text", PROGRAMS)
def test_what_is_made_is_what_libcst_parses(text):
    check(text)


@pytest.mark.parametrize("text", programs())
def test_so_it_is_of_programs(text):
    check(text)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(program=st.sampled_from(programs()), seed=st.integers(0, 2**32))
def test_so_it_is_of_any_program(program, seed):
    chance = random.Random(seed)
    text = mutated(program, chance.choice(programs()), chance)
    try:
        parse(text)
        parsed_exactly(document(text))
    except (SyntaxError, UnreadableSource):
        assume(False)
    check(text)


@pytest.mark.parametrize("text", programs()[::4])
def test_the_lens_understands_both_trees_alike(text):
    lenses = [SourceLens(document(text), None, parser) for parser in (parsed_quickly, parsed_exactly)]
    one, other = (list(facts.render(lens.read(), lens.locate)) for lens in lenses)
    assert one == other


# ---------------------------------------------------------------- what is made later, and what is not made


def test_a_body_is_made_when_it_is_looked_at():
    file = quick("def f():\n    return 1\n\n\nclass A:\n    def g(self):\n        return 2\n")
    function, of_class = file.tree.body
    assert isinstance(function, cst.FunctionDef) and isinstance(of_class, cst.ClassDef)
    assert isinstance(function.body, cst.IndentedBlock)
    before = len(file.positions)
    (line,) = function.body.body
    assert isinstance(line, cst.SimpleStatementLine) and isinstance(line.body[0], cst.Return)
    assert len(file.positions) > before
    assert function.body.body[0] is line
    assert any(isinstance(child, cst.IndentedBlock) for child in function.children)
    assert cst.Module([]).code_for_node(function).split() == ["def", "f():", "return", "1"]


@pytest.mark.parametrize(
    "text",
    [
        "# mllint: task=multi-label\na = 1\n",
        "ﬁt(a)\n",
        "e\u0301 = 1\n",
        "\x0cf(a)\n",
        "a = 1; \\\nb = 2\n",
        "if a: \\\n  b\n",
        "a \\\n; b\n",
        "if a: b \\\n\\\n ; c\n",
        "print 'a'\n",
    ],
)
def test_what_python_does_not_tell_enough_of_is_parsed_exactly(text):
    try:
        expected = parsed_exactly(document(text))
    except UnreadableSource:
        with pytest.raises(UnreadableSource, match="cannot parse"):
            parsed_quickly(document(text))
    else:
        assert isinstance(parsed_quickly(document(text)), ExactFile)
        assert expected.code(expected.tree.body[0])


def test_a_definition_is_found_in_pythons_tree():
    file = quick("@a\ndef f(): pass\n")
    definition = file.tree.body[0]
    assert isinstance(definition, cst.FunctionDef)
    assert file.origin(definition) is file.document.syntax.body[0]
    exact = ExactFile(document("def f(): pass\n"))
    assert isinstance(exact.tree.body[0], cst.FunctionDef) and exact.origin(exact.tree.body[0]) is None


def test_what_nobody_wrote_has_no_place_and_is_written_out():
    made = cst.parse_expression("a( 1 )")
    for file in (quick("a(1)\n"), ExactFile(document("a(1)\n"))):
        assert file.code(made) == "a( 1 )"
        assert not file.holds(made) and made not in file.positions


@pytest.mark.parametrize("text", ["+".join(["a"] * 2900), "a" + ".b" * 2900, "a" + "(b)" * 1400, "-" * 2900 + "b"])
def test_deep_trees_are_made(text):
    file = with_deep_stack(lambda: quick(text + "\n"))
    assert len(file.positions) > 1400
    assert len(with_deep_stack(lambda: ExactFile(document(text + "\n"))).tree.body) == len(file.tree.body)


def test_what_is_above_a_definition_is_not_its_code():
    text = "# one\n@a\ndef f():\n    b = (1,\n         2)\n"
    made, parsed = quick(text), ExactFile(document(text))
    assert made.code(made.tree.body[0]) == parsed.code(parsed.tree.body[0]) == "def f(): b = (1, 2)"


@pytest.mark.parametrize("text", ["(a): int = 1\n", "class A(b=c, *d): pass\n"])
def test_what_libcst_alone_cannot_parse_is_read(text):
    """Fixes, which need an exact tree, are not made of such a file."""
    assert len(quick(text).tree.body) == 1
    with pytest.raises(UnreadableSource):
        parsed_exactly(document(text))


@pytest.mark.parametrize(
    "text",
    [
        f"x = [{', '.join(chr(39) + 'é' + chr(39) for _ in range(30_000))}]\n",
        f"x = 'é'\ny = '{'a' * 300_000}'\n",
        "\n".join(f"f(f'{{a}}', b={number})" for number in range(1000)),
    ],
    ids=["a line of other letters", "a long word", "many strings that are computed"],
)
def test_time_grows_with_the_text_and_no_faster(text):
    """Each took minutes, or several times as long as LibCST's parser takes."""
    started = time.process_time()
    file = quick(text)
    assert all(node in file.positions for node in list(file.positions)[-1000:])
    arguments = [one for one, _ in pairs(file.tree, file.tree) if isinstance(one, cst.Arg)]
    assert all(node in file.positions for node in arguments)
    assert time.process_time() - started < 5


def test_what_is_left_to_libcst_and_cannot_be_parsed_is_said(monkeypatch):
    """A version of Python may know expressions that the installed LibCST does not."""
    parse_module = cst.parse_module
    monkeypatch.setattr(cst, "parse_module", lambda text: parse_module(text.replace("{", "{{ }")))
    with pytest.raises(UnreadableSource, match="cannot parse") as refused:
        quick("a = 1\nb = f'{a}'\n")
    assert (refused.value.line, refused.value.column) == (2, 5)
