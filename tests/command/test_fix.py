"""Fixing by the command: what is written, what is said, and what the exit code tells."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest

from mllint.engine import lint_source
from mllint.source.text.document import read_document

SAFE = """\
import keras
import numpy as np

x = np.random.rand(100, 8)
y = np.random.randint(0, 5, size=100)

model = keras.Sequential([keras.layers.Dense(16, activation="relu"), keras.layers.Dense(5)])
model.compile(optimizer="adam", loss=keras.losses.SparseCategoricalCrossentropy())  # the usual
model.fit(x, y)
"""
SAFE_FIXED = SAFE.replace("Crossentropy()", "Crossentropy(from_logits=True)")
UNSAFE = """\
import keras
import numpy as np

x = np.random.rand(100, 8)
y = np.random.randint(0, 2, size=(100, 5))

model = keras.Sequential([keras.layers.Dense(16, activation="relu"), keras.layers.Dense(5, activation="softmax")])
model.compile(optimizer="adam", loss="categorical_crossentropy")
model.fit(x, y)
"""
UNSAFE_FIXED = UNSAFE.replace("softmax", "sigmoid").replace("categorical", "binary")
SHARED = """\
import keras

loss = keras.losses.SparseCategoricalCrossentropy()

right = keras.Sequential([keras.layers.Dense(5, activation="softmax")])
right.compile(optimizer="adam", loss=loss)
wrong = keras.Sequential([keras.layers.Dense(5)])
wrong.compile(optimizer="adam", loss=loss)
"""


@pytest.fixture
def project(mllint, write, flawed):
    """One file for each level of what can be done, `choice.py` has two ways out."""
    write({"safe.py": SAFE, "unsafe.py": UNSAFE, "choice.py": flawed, "mllint.toml": 'output-format = "concise"\n'})
    return mllint


def text(mllint, name: str) -> str:
    return (mllint.directory / name).read_bytes().decode()


def shown(run) -> list[str]:
    return [line.partition(":")[0] for line in run.stdout.splitlines()]


def test_fix_carries_out_what_is_safe_and_shows_the_rest(project, flawed):
    run = project("--fix")
    assert (run.exit_code, shown(run)) == (1, ["choice.py", "unsafe.py"])
    assert (text(project, "safe.py"), text(project, "unsafe.py"), text(project, "choice.py")) == (
        SAFE_FIXED,
        UNSAFE,
        flawed,
    )
    assert run.stderr.splitlines() == [
        "safe.py:8:38: fixed MLL201 logits-without-from-logits: set from_logits=True in the loss",
        "Fixed 1 problem in 1 file (1 more with --unsafe-fixes, 1 by choice: --interactive)",
        "Found 2 errors in 2 of 3 files (3 setups judged)",
    ]
    again = project("--fix")
    assert again.stderr.startswith("Fixed nothing (1 more")
    assert text(project, "safe.py") == SAFE_FIXED


def test_unsafe_fixes_are_carried_out_when_asked_for(project, flawed):
    run = project("--fix", "--unsafe-fixes")
    assert (run.exit_code, shown(run)) == (1, ["choice.py"])
    assert text(project, "unsafe.py") == UNSAFE_FIXED
    assert text(project, "choice.py") == flawed
    assert "Fixed 2 problems in 2 files (1 by choice: --interactive)\n" in run.stderr
    assert project("safe.py", "unsafe.py").exit_code == 0


def test_the_exit_code_speaks_of_what_is_left(project):
    assert project("--fix", "safe.py").exit_code == 0
    (project.directory / "safe.py").write_text(SAFE)
    assert project("--fix", "--exit-non-zero-on-fix", "safe.py").exit_code == 1
    assert project("--fix", "--exit-non-zero-on-fix", "safe.py").exit_code == 0
    assert project("--fix", "--exit-zero").exit_code == 0
    assert project("--fix", "safe.py", "missing.py").exit_code == 2


def test_fix_only_reports_nothing(project):
    run = project("--fix-only")
    assert (run.exit_code, run.stdout) == (0, "")
    assert text(project, "safe.py") == SAFE_FIXED
    assert "Found" not in run.stderr
    (project.directory / "safe.py").write_text(SAFE)
    assert project("--fix-only", "--exit-non-zero-on-fix").exit_code == 1
    assert project("--fix-only", "missing.py").exit_code == 2


def test_a_diff_is_what_fix_would_write(project):
    run = project("--diff", "--unsafe-fixes")
    assert run.exit_code == 1
    assert text(project, "safe.py") == SAFE and text(project, "unsafe.py") == UNSAFE
    assert run.stderr == "Would fix 2 problems in 2 files (1 by choice: --interactive)\n"
    if shutil.which("patch"):
        subprocess.run(["patch", "-p0"], input=run.stdout, text=True, cwd=project.directory, check=True)
        assert (text(project, "safe.py"), text(project, "unsafe.py")) == (SAFE_FIXED, UNSAFE_FIXED)
    (project.directory / "safe.py").write_text(SAFE_FIXED)
    clean = project("--diff", "-q")
    assert (clean.exit_code, clean.stdout, clean.stderr) == (0, "", "")
    assert project("--diff", "missing.py").exit_code == 2


def test_standard_input_comes_back_fixed(mllint, flawed):
    run = mllint("--fix", "-", stdin=SAFE.replace("\n", "\r\n").encode(), program=RAW)
    assert (run.exit_code, run.stdout) == (0, SAFE_FIXED.replace("\n", "\r\n"))
    left = mllint("--fix", "-", "--output-format", "concise", stdin=flawed.encode())
    assert (left.exit_code, left.stdout) == (1, flawed)
    assert "-:8:38: error[MLL101]" in left.stderr
    broken = "import keras\nmodel.compile(\n"
    run = mllint("--fix", "-", stdin=broken.encode())
    assert (run.exit_code, run.stdout) == (2, broken), "an editor must not lose its text"
    diff = mllint("--diff", "-", "--stdin-filename", "a.py", stdin=SAFE.encode())
    assert diff.stdout.startswith("--- a.py\n+++ a.py\n@@ ")


RAW = "from mllint.cli import main; main()"


def test_settings(project, write):
    write({"mllint.toml": 'fix = true\nunsafe-fixes = true\nunfixable = ["logits"]\n'})
    project()
    assert (text(project, "safe.py"), text(project, "unsafe.py")) == (SAFE, UNSAFE_FIXED)
    write({"unsafe.py": UNSAFE, "mllint.toml": 'extend-unsafe-fixes = ["logits"]\nextend-safe-fixes = ["MLL401"]\n'})
    project("--fix")
    assert (text(project, "safe.py"), text(project, "unsafe.py")) == (SAFE, UNSAFE_FIXED)
    write({"unsafe.py": UNSAFE, "mllint.toml": 'fix = true\nfixable = ["MLL4"]\n'})
    project("--no-fix")
    assert text(project, "unsafe.py") == UNSAFE
    project("--config", "unsafe-fixes = true")
    assert (text(project, "safe.py"), text(project, "unsafe.py")) == (SAFE, UNSAFE_FIXED)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("unfixabel = []", "unknown key `unfixabel`; did you mean `unfixable`?"),
        ('fixable = ["logit"]', "key `fixable`: unknown rule `logit`; did you mean `logits`?"),
        ("fix = 1", "key `fix`: expected true or false, found an integer"),
    ],
)
def test_mistakes_in_settings(line, message, project, write):
    write({"mllint.toml": f"{line}\n"})
    run = project()
    assert run.exit_code == 2
    assert f"mllint.toml:1: error: {message}" in run.stderr


def test_what_is_refused_is_said_with_its_reason(mllint, write):
    write({"shared.py": SHARED})
    run = mllint("--fix")
    assert run.exit_code == 1
    assert "Fixed nothing (1 by choice: --interactive, 1 refused: --show-refused)\n" in run.stderr
    write({"mllint.toml": "show-refused = true\n"})
    run = mllint("--diff")
    assert (run.exit_code, run.stdout) == (0, "")
    assert (
        "shared.py:3:8: not fixed MLL201 logits-without-from-logits: set from_logits=True in the loss: " in run.stderr
    )
    assert text(mllint, "shared.py") == SHARED


def test_a_comment_that_silences_nothing_is_removed(mllint, write):
    write({"a.py": SAFE_FIXED.replace("# the usual", "# the usual  # mllint: ignore[MLL201] not yet")})
    run = mllint("--fix")
    assert run.exit_code == 0
    assert text(mllint, "a.py") == SAFE_FIXED
    assert "fixed MLL901 unused-suppression: remove the comment\n" in run.stderr


def test_a_fix_that_makes_a_comment_useless_takes_it_out_too(mllint, write):
    silenced = UNSAFE.replace('crossentropy")', 'crossentropy")  # mllint: ignore[MLL101]')
    write({"a.py": silenced})
    assert mllint("--fix", "--unsafe-fixes").exit_code == 0
    assert text(mllint, "a.py") == UNSAFE_FIXED


def test_what_cannot_be_written_was_not_fixed(project):
    (project.directory / "safe.py").chmod(0o444)
    run = project("--fix", "safe.py")
    assert run.exit_code == 2
    assert "safe.py: error: cannot write: the file is read-only\n" in run.stderr
    assert "Fixed nothing\n" in run.stderr
    assert text(project, "safe.py") == SAFE


def test_the_baseline_holds_for_what_is_left(project):
    project("--write-baseline", "--baseline", "b.json")
    run = project("--fix", "--baseline", "b.json")
    assert (run.exit_code, run.stdout) == (0, "")
    assert text(project, "safe.py") == SAFE_FIXED
    assert "b.json lists 1 finding in 1 file that are no longer there" in run.stderr
    assert project("--fix", "--baseline", "b.json", "--prune-baseline").exit_code == 0
    assert sorted(json.loads(text(project, "b.json"))["counts"]) == ["choice.py", "unsafe.py"]


def test_json_holds_every_fix_with_its_edits(project):
    findings = json.loads(project("--output-format", "json").stdout)["findings"]
    by_path = {finding["path"]: finding["fixes"] for finding in findings}
    assert [by_path[name][0]["applicability"] for name in ("safe.py", "unsafe.py")] == ["safe", "unsafe"]
    assert {fix["applicability"] for fix in by_path["choice.py"]} == {"suggestion"} and len(by_path["choice.py"]) > 1
    assert edited(SAFE, by_path["safe.py"][0]["edits"]) == SAFE_FIXED
    assert edited(UNSAFE, by_path["unsafe.py"][0]["edits"]) == UNSAFE_FIXED
    for fix in by_path["choice.py"]:
        after = edited(text(project, "choice.py"), fix["edits"])
        assert not lint_source(after.encode(), "choice.py").findings, fix["title"]


def edited(source: str, edits: list[dict]) -> str:
    """As an editor would: the last edit first."""
    document = read_document("x.py", source.encode())
    for edit in sorted(edits, key=lambda edit: (edit["line"], edit["column"]), reverse=True):
        start, end = (
            document.offset(edit[line], edit[column] - 1)
            for line, column in (("line", "column"), ("end_line", "end_column"))
        )
        source = source[:start] + edit["text"] + source[end:]
    return source


def test_a_plain_run_says_where_fixes_may_be(project):
    assert project("safe.py").stderr == "Found 1 error in 1 file (1 setup judged, 1 may be fixable: --diff)\n"


def test_the_full_report_names_the_fixes_that_were_proven(project):
    run = project("--fix", "unsafe.py", "--output-format", "full")
    assert "= fix (unsafe): train a sigmoid head with binary_crossentropy\n" in run.stdout


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--diff", "--interactive"], "--diff and --interactive exclude each other"),
        (["--diff", "--fix-only"], "--diff and --fix-only exclude each other"),
        (["--fix", "-", "a.py"], "`-` reads standard input and goes with no other path"),
    ],
)
def test_what_does_not_go_together(options, message, mllint):
    run = mllint(*options)
    assert run.exit_code == 2
    assert message in run.stderr


def test_why_nothing_is_proposed_for_what_may_be_fixable_is_said(mllint, write):
    models = """\
from tensorflow import keras

def build(units):
    return keras.Sequential([keras.Input((20,)), keras.layers.Dense(units, activation="softmax")])
"""
    train = 'from models import build\n\nmodel = build(1)\nmodel.compile("adam", "binary_crossentropy")\n'
    write({"models.py": models, "train.py": train})
    assert "1 may be fixable: --diff" in mllint("train.py").stderr
    assert mllint("--diff", "train.py").stderr == "Would fix nothing (1 refused: --show-refused)\n"
    assert "it is written in models.py, which is another file" in mllint("--diff", "--show-refused", "train.py").stderr
