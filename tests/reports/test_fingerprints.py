"""A finding is known by its fingerprint, whatever happens around it."""

from __future__ import annotations

from mllint import engine
from mllint.reports.fingerprints import fingerprints
from mllint.results import FileReport
from tests.reports.sources import NOTEBOOKS, PROGRAM, by_lines, finding, location, notebook

SECOND = """
other = keras.Sequential([keras.layers.Dense(10, activation="sigmoid")])
other.compile(
    loss="categorical_crossentropy",
)
"""


def known_by(source: str, path: str = "train.py") -> list[str]:
    report = engine.lint_source(source.encode(), path)
    return list(fingerprints([report]).values())


def test_moved_and_indented_lines_are_recognised() -> None:
    (before,) = known_by(PROGRAM)
    assert known_by("# one\n# two\n" + PROGRAM) == [before]
    assert known_by(PROGRAM.replace('loss="cat', 'loss  =  "cat')) == [before]


def test_another_text_path_or_rule_is_another_finding() -> None:
    (before,) = known_by(PROGRAM)
    assert before not in known_by(PROGRAM.replace('loss="cat', 'metrics=[], loss="cat'))
    assert before not in known_by(PROGRAM, "other.py")
    assert before not in known_by(PROGRAM.replace("sigmoid", "softmax"))


def test_the_same_line_twice_makes_two_and_the_first_stays() -> None:
    (before,) = known_by(PROGRAM)
    first, second = known_by(PROGRAM + SECOND)
    assert first == before != second


def test_silencing_the_first_leaves_the_second_as_it_is() -> None:
    _, second = known_by(PROGRAM + SECOND)
    silenced = PROGRAM.replace("model.compile(", "model.compile(  # mllint: ignore[MLL101] so") + SECOND
    report = engine.lint_source(silenced.encode(), "train.py")
    (shown,) = report.findings
    assert fingerprints([report])[shown] == second


def test_cells_may_move() -> None:
    def of(raw: bytes) -> list[str]:
        return list(fingerprints([engine.lint_source(raw, "n.ipynb")]).values())

    assert of(NOTEBOOKS["two cells"]) == of(NOTEBOOKS["one string"]) == of(notebook(["x = 1"], by_lines(PROGRAM)))


def test_findings_of_several_reports_in_one_file_are_told_apart() -> None:
    reports = [
        FileReport(name, (finding(location(line=line, path="heads.py")),), lines={("heads.py", None, line): "Dense(1)"})
        for line, name in enumerate(("a.py", "b.py"), start=1)
    ]
    assert len(set(fingerprints(reports).values())) == 2
