"""What a program gets from `mllint`: text or bytes, files and paths in; reports out."""

from __future__ import annotations

import copy
import json
import pickle
import subprocess
import sys
import threading
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import mllint

FLAWED = """\
import keras

model = keras.Sequential([keras.layers.Dense(10, activation="sigmoid")])
model.compile(loss="categorical_crossentropy")
"""
LOGITS = FLAWED.replace(', activation="sigmoid"', "")
SIGMOID = "sigmoid-with-categorical-crossentropy"
NESTED = "x = " + "(" * 150 + "1" + ")" * 150 + "\n" + FLAWED
"""LibCST needs more than the usual recursion limit for it."""


def rules(report: mllint.FileReport) -> list[str]:
    assert not report.errors
    return [finding.rule for finding in report.findings]


# ---------------------------------------------------------------- text


@pytest.mark.parametrize("source", [FLAWED, FLAWED.encode(), "\ufeff" + FLAWED, FLAWED.replace("\n", "\r\n")])
def test_text_and_bytes_are_judged_alike(source):
    report = mllint.lint_source(source)
    assert rules(report) == [SIGMOID]
    assert (report.path, report.findings[0].primary.line) == ("<source>", 4)


def test_text_means_what_it_says_whatever_encoding_it_declares():
    """Columns count code points of the text, not of what its bytes would be in another encoding."""
    line = FLAWED.replace("model.compile(", 's = "é"; model.compile(')
    plain = mllint.lint_source(line).findings[0].primary
    for declared in ("latin-1", "utf-8", "cp1252"):
        place = mllint.lint_source(f"# coding: {declared}\n{line}").findings[0].primary
        assert (place.line, place.column) == (plain.line + 1, plain.column)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import keras\nmodel.compile(\n", "cannot parse: '(' was never closed"),
        ('import keras\nmodel.compile("\ud800")\n', "cannot decode as utf-8: byte 0xed (invalid continuation byte)"),
        ("import keras\nmodel.compile('adam')\0\n", "null byte: this is not Python source"),
        ("# coding: klingon\nimport keras\nmodel.compile('adam')\n", "unknown encoding: klingon"),
    ],
)
def test_what_cannot_be_read_is_said_and_not_raised(source, said):
    assert [error.message for error in mllint.lint_source(source).errors] == [said]
    assert mllint.fix_source(source).source == source
    assert [error.message for error in mllint.fix_source(source).report.errors] == [said]


def test_a_notebook_is_known_by_its_path():
    cell = {"cell_type": "code", "source": FLAWED, "metadata": {}, "outputs": [], "execution_count": None}
    notebook = json.dumps({"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    report = mllint.lint_source(notebook, Path("train.ipynb"))
    assert rules(report) == [SIGMOID]
    assert (report.findings[0].primary.cell, report.findings[0].primary.line) == (1, 4)


def test_fixes_are_there_where_they_are_asked_for():
    assert mllint.lint_source(LOGITS).findings[0].fixes == ()
    fixes = mllint.lint_source_with_fixes(LOGITS).findings[0].fixes
    assert fixes and all(fix.title and fix.edits for fix in fixes)


def test_settings_hold_for_text():
    settings = mllint.settings_from({"ignore": ["head-loss"]})
    assert rules(mllint.lint_source(FLAWED, settings=settings)) == []
    by_path = mllint.settings_from({"per-file-ignores": {"old/": ["all"]}})
    assert rules(mllint.lint_source(FLAWED, "old/train.py", by_path)) == []
    assert rules(mllint.lint_source(FLAWED, "new/train.py", by_path)) == [SIGMOID]


# ---------------------------------------------------------------- fixing and converting


@pytest.mark.parametrize("declared", ["utf-8", "latin-1"])
def test_what_was_text_is_text_after_fixing(declared):
    source = f"# coding: {declared}\n# é\n{LOGITS}"
    fixed = mllint.fix_source(source)
    assert "from_logits=True" in fixed.source and "# é\n" in fixed.source
    as_bytes = mllint.fix_source(source.encode(declared))
    assert as_bytes.source == fixed.source.encode(declared)
    assert rules(mllint.lint_source(fixed.source)) == []


def test_text_that_its_declared_encoding_cannot_write_comes_back_whole():
    source = f"# coding: latin-1\n# →\n{LOGITS}"
    assert "# →\n" in mllint.fix_source(source).source


def test_the_plan_says_how_far_fixing_goes():
    source = FLAWED + "import numpy as np\nmodel.fit(x, np.random.randint(0, 2, size=(100, 10)))\n"
    safe, unsafe = mllint.fix_source(source), mllint.fix_source(source, plan=mllint.UNSAFE)
    assert safe.source == source and rules(safe.report) == [SIGMOID]
    assert "binary_crossentropy" in unsafe.source and rules(unsafe.report) == []
    assert [fix.rule for fix in unsafe.applied] == [SIGMOID]


def test_converting_text():
    two = LOGITS + LOGITS.replace("model", "other")
    done = mllint.convert_source(two, "probabilities", line=4)
    assert done.source.count('activation="softmax"') == 1
    assert [one.location.line for one in done.converted] == [4]
    again = mllint.convert_source(done.source, "probabilities", line=4)
    assert (again.source, again.converted) == (done.source, ())


@pytest.mark.parametrize(
    ("source", "said"),
    [("import keras\nmodel.compile(", "cannot parse: '(' was never closed"), ("", "no training setup found")],
)
def test_what_cannot_be_converted_raises_with_the_reason(source, said):
    with pytest.raises(mllint.CannotConvert) as raised:
        mllint.convert_source(source, "binary")
    assert said in str(raised.value)
    assert raised.value.diagnostic.path == "<source>"


def test_a_goal_that_is_none_is_an_error_of_the_caller():
    with pytest.raises(ValueError, match=r"to is one of multi-label, .*; not 'softmax'"):
        mllint.convert_source(FLAWED, "softmax")


# ---------------------------------------------------------------- files


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name, text in {
        "a/flawed.py": FLAWED,
        "a/ignored.py": FLAWED,
        "b/sound.py": FLAWED.replace("sigmoid", "softmax"),
        "b/mllint.toml": 'fail-level = "error"\n',
        "pyproject.toml": '[tool.mllint]\nexclude = ["ignored.py"]\n',
    }.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize("paths", [".", Path(), ["a", Path("b")], ["a", "a/flawed.py", "b"], iter(["a", "b"])])
def test_paths_are_one_or_several_and_each_file_comes_once(paths, project):
    reports = mllint.lint_paths(paths)
    assert [(report.path, rules(report)) for report in reports] == [("a/flawed.py", [SIGMOID]), ("b/sound.py", [])]
    assert [report.fails for report in reports] == [True, False]


def test_what_several_files_have_in_common_is_said_once(project):
    (project / "a" / "models.py").write_text(FLAWED)
    for name in ("one", "two"):
        (project / "a" / f"{name}.py").write_text("import keras\nfrom models import model\n\nmodel.fit(x, y)\n")
    reports = mllint.lint_paths(["a/one.py", "a/two.py", "a/models.py"])
    assert [(report.path, rules(report)) for report in reports if report.findings] == [("a/models.py", [SIGMOID])]


def test_settings_that_are_given_go_before_files(project):
    reports = mllint.lint_paths("a", mllint.settings_from({"ignore": ["all"]}))
    assert [(report.path, rules(report)) for report in reports] == [("a/flawed.py", []), ("a/ignored.py", [])]


def test_a_mistake_in_a_configuration_file_is_in_the_report(project):
    (project / "b" / "mllint.toml").write_text("\nignroe = []\n")
    reports = {report.path: report for report in mllint.lint_paths(".")}
    (error,) = reports["b/mllint.toml"].errors
    assert (error.line, error.message) == (2, "unknown key `ignroe`; did you mean `ignore`?")
    assert rules(reports["a/flawed.py"]) == [SIGMOID]
    with pytest.raises(mllint.SettingsError, match="ignroe"):
        mllint.settings_for("b/sound.py")


def test_one_file(project):
    assert rules(mllint.lint_file("a/flawed.py")) == [SIGMOID]
    assert rules(mllint.lint_file(Path("a/ignored.py"))) == [SIGMOID]  # it is asked for by name
    assert mllint.lint_file("c.py").errors == (mllint.Diagnostic("c.py", "no such file or directory"),)
    assert "lint_paths" in mllint.lint_file("a").errors[0].message


def test_a_saved_model():
    model = Path(__file__).parents[1] / "archive" / "models" / "sequential.h5"
    report = mllint.lint_file(model)
    assert not report.errors and report.setups
    assert mllint.lint_paths([model]) == [report]


# ---------------------------------------------------------------- results


def test_results_can_be_pickled_and_copied(project):
    results = [
        mllint.lint_source_with_fixes(LOGITS),
        mllint.fix_source(LOGITS),
        mllint.convert_source(LOGITS, "probabilities"),
        mllint.settings_for("a"),
        mllint.find_rule("MLL104"),
        *mllint.lint_paths([".", "missing"]),
        mllint.lint_file(Path(__file__).parents[1] / "archive" / "models" / "sequential.h5"),
    ]
    for result in results:
        assert pickle.loads(pickle.dumps(result)) == result
        assert copy.deepcopy(result) == result


@pytest.mark.parametrize(
    "provoke",
    [
        lambda: mllint.settings_from({"select": 1}),
        lambda: mllint.convert_source("", "binary"),
        lambda: mllint.find_rule("one-unit-sofmax"),
    ],
)
def test_what_is_raised_can_be_pickled(provoke):
    with pytest.raises((mllint.SettingsError, mllint.CannotConvert, mllint.UnknownSelector)) as raised:
        provoke()
    copied = pickle.loads(pickle.dumps(raised.value))
    assert (type(copied), str(copied), vars(copied)) == (type(raised.value), str(raised.value), vars(raised.value))


def test_a_head_mismatch_can_be_pickled():
    mismatch = mllint.HeadMismatch(mllint.lint_source(FLAWED).findings)
    copied = pickle.loads(pickle.dumps(mismatch))
    assert (str(copied), copied.findings) == (str(mismatch), mismatch.findings)
    assert str(copied).startswith(f"error[MLL101] {SIGMOID}: ")


# ---------------------------------------------------------------- threads and depth


def test_threads_get_what_one_thread_gets():
    """From a cold start, where everything is imported and loaded for the first time; and nothing is left changed."""
    program = f"""
import sys, threading, warnings
from concurrent.futures import ThreadPoolExecutor
import mllint
before = sys.getrecursionlimit(), threading.stack_size(), list(warnings.filters)
sources = [{FLAWED!r}, {LOGITS!r}, {NESTED!r}, "import keras; model.compile("] * 8
with ThreadPoolExecutor(8) as pool:
    several = list(pool.map(mllint.lint_source_with_fixes, sources))
assert several == [mllint.lint_source_with_fixes(source) for source in sources]
assert [len(report.findings) for report in several[:4]] == [1, 1, 1, 0]
assert (sys.getrecursionlimit(), threading.stack_size(), list(warnings.filters)) == before
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr


def test_a_deep_text_is_judged_while_others_come_and_go():
    """The limit stays raised until the last one is done, and is as it was after that."""
    limit = sys.getrecursionlimit()
    stop = threading.Event()

    def come_and_go() -> None:
        while not stop.is_set():
            mllint.lint_source(LOGITS)

    with ThreadPoolExecutor(3) as pool:
        for _ in range(2):
            pool.submit(come_and_go)
        reports = [mllint.lint_source(NESTED) for _ in range(5)]
        stop.set()
    assert [rules(report) for report in reports] == [[SIGMOID]] * 5
    assert sys.getrecursionlimit() == limit


def test_what_is_nested_beyond_all_measure_is_said():
    hopeless = "x = " + "(" * 5000 + ")" * 5000 + "\n" + FLAWED
    (error,) = mllint.lint_source(hopeless).errors
    assert "nested" in error.message


def test_a_caller_deep_in_its_own_recursion_is_served():
    def descend(levels: int) -> mllint.FileReport:
        return descend(levels - 1) if levels else mllint.lint_source(FLAWED)

    assert rules(descend(sys.getrecursionlimit() - 250)) == [SIGMOID]


def test_warnings_of_the_program_stay_what_they_were():
    before = list(warnings.filters)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        mllint.lint_source(FLAWED + 's = "\\d"\n')
    assert not caught
    assert warnings.filters == before


# ---------------------------------------------------------------- imports and types


def test_importing_mllint_imports_nothing_dear():
    program = (
        "import sys, mllint; mllint.lint_source, mllint.HeadCheck, mllint.Finding, mllint.settings_for;"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not {"libcst", "yaml", "rich", "click", "numpy", "keras", "tensorflow"} & set(done.stdout.split())


CLIENT = """\
from pathlib import Path

import mllint


def worst(paths: list[Path]) -> mllint.Severity | None:
    settings = mllint.settings_from({"select": ["logits"]})
    reports = mllint.lint_paths(paths, settings)
    return max((finding.severity for report in reports for finding in report.findings), default=None)


def titles(source: str) -> list[str]:
    report: mllint.FileReport = mllint.lint_source_with_fixes(source, Path("x.py"))
    return [fix.title for finding in report.findings for fix in finding.fixes]


def fixed(text: str, raw: bytes) -> tuple[str, bytes]:
    return mllint.fix_source(text).source, mllint.fix_source(raw, plan=mllint.UNSAFE).source


def converted(text: str, goal: mllint.Goal) -> str:
    return mllint.convert_source(text, goal, line=3).source


def summaries() -> dict[str, str]:
    return {rule.code: rule.summary for rule in mllint.list_rules()}


def checked(model: object) -> list[mllint.Finding]:
    return mllint.verify_model(model, [[0.0]], labels="binary")


callback = mllint.HeadCheck("raise", seconds=1)
"""
MISUSE = {
    'mllint.fix_source("x").source + b""': "Unsupported operand types",
    'mllint.lint_source(1)': 'incompatible type "int"',
    'mllint.convert_source("x", "softmax")': "incompatible type",
    "mllint.HeadCheck('shout')": "incompatible type",
    'mllint.lint_source("x").findigs': 'has no attribute "findigs"',
}  # fmt: skip


def test_a_program_that_uses_mllint_is_checked_strictly(tmp_path):
    """As one would be that has mllint installed: py.typed is there, and every name is exported with its type."""
    root = Path(__file__).parents[2]
    tree = tmp_path / "installed"
    (tree / "mllint").mkdir(parents=True)
    for entry in (root / "linter").iterdir():
        (tree / "mllint" / entry.name).symlink_to(entry)
    (tree / "mllint" / "rules").symlink_to(root / "rules")
    (tmp_path / "client.py").write_text(CLIENT)
    (tmp_path / "misuse.py").write_text("import mllint\n\n" + "\n".join(MISUSE) + "\n")
    options = ["--strict", "--follow-imports=silent", "--config-file=", "--no-error-summary"]
    cache = str(root / ".mypy_cache" / "client")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *options, "--cache-dir", cache, "client.py", "misuse.py"],
        cwd=tmp_path,
        env={"PATH": "", "MYPYPATH": str(tree)},
        capture_output=True,
        text=True,
        check=False,
    )
    lines = done.stdout.splitlines()
    assert not [line for line in lines if line.startswith("client.py")], done.stdout + done.stderr
    for number, said in enumerate(MISUSE.values(), start=3):
        assert any(line.startswith(f"misuse.py:{number}: error:") and said in line for line in lines), done.stdout
