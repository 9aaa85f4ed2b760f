"""However a program is laid out: the same finding, and a fix that changes a word and nothing else."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mllint.engine import fix_source, lint_source
from mllint.fixes.plan import UNSAFE
from mllint.settings import Settings
from tests.fixes.programs import PREAMBLE


class Case(NamedTuple):
    """A program in which ¤ stands for layout within brackets, ¬ for a comma that may be there, ¶ for the end of a
    statement and ‽ for the word that a fix changes."""

    program: str
    old: str
    new: str


CASES = [
    Case(
        "model = keras.Sequential(¤[¤keras.Input(¤(3,)¤)¤,¤layers.Dense(¤10,¤activation¤=¤‽¤¬)¤¬]¤¬)¶"
        'model.compile(¤"adam"¤,¤loss=¤"categorical_crossentropy"¤¬)¶'
        "model.fit(¤x,¤one_hot¤¬)¶",
        "sigmoid",
        "softmax",
    ),
    Case(
        "model = keras.Sequential()¶model.add(¤keras.Input(¤(3,)¤)¤)¶"
        'model.add(¤layers.Dense(¤10¤)¤)¶model.add(¤layers.Activation(¤"softmax"¤¬)¤)¶'
        'model.compile(¤optimizer="adam"¤,¤metrics=[¤"accuracy"¤]¤,¤loss=¤‽¤¬)¶'
        "model.fit(¤x¤,¤np.random.randint(¤0,¤10,¤100¤)¤)¶",
        "categorical_crossentropy",
        "sparse_categorical_crossentropy",
    ),
]

GAPS = ("", "", " ", "  ", "\t", "\n", "\n    ", "\n\t", " # é\n", "\t# 'sigmoid', 日本 😀\n  ", "\\\n", "\f")
ENDS = ("\n", "\n\n\n", "  # mean\n", "; pass\n", "\n# ümlaut \u2028 \f\n", "\n\t\n", " ;\n")


@st.composite
def layouts(draw, case: Case) -> tuple[str, str]:
    """The program before and after its fix, in one layout."""
    parts = []
    quote = draw(st.sampled_from(["'", '"', '"""', "'''"]))
    for character in case.program:
        match character:
            case "¤":
                parts.append(draw(st.sampled_from(GAPS)))
            case "¬":
                parts.append(draw(st.sampled_from(["", ",", " ,"])))
            case "¶":
                parts.append(draw(st.sampled_from(ENDS)))
            case "‽":
                parts.append(f"{quote}‽{quote}")
            case _:
                parts.append(character)
    newline = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    preamble = draw(st.sampled_from(["", "# é\n", '"""Doc\n\n\tü 😀"""\n']))
    text = (preamble + PREAMBLE + "".join(parts)).replace("\n", newline)
    return text.replace("‽", case.old), text.replace("‽", case.new)


@pytest.mark.parametrize("case", CASES, ids=["activation", "loss"])
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_layout_changes_neither_finding_nor_fix(case, data):
    plain = PREAMBLE + case.program.translate({ord(mark): "" for mark in "¤¬"}).replace("¶", "\n")
    [expected] = lint_source(plain.replace("‽", f'"{case.old}"').encode(), "train.py").findings
    before, after = data.draw(layouts(case))
    compile(before, "train.py", "exec")
    [finding] = lint_source(before.encode(), "train.py").findings
    assert (finding.rule, finding.severity, finding.message) == (expected.rule, expected.severity, expected.message)
    report = fix_source(before.encode(), "train.py", Settings(), UNSAFE)
    assert report.rewrite is not None, report.refused
    assert report.rewrite.after == after.encode()
    assert not report.report.findings
