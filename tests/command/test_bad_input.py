"""Whatever a tree holds: a located message, the right exit code, and everything else is still judged."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

TRAINING = 'import keras\nmodel.compile(loss="mse")\n'

UNREADABLE = {
    "syntax error": ("bad.py", "import keras\nmodel.compile(loss=\n", "bad.py:2:14: error: cannot parse: '(' was"),
    "python 2": ("bad.py", 'import keras\nmodel.compile("adam")\nprint "done"\n', "bad.py:3:1: error: cannot parse: "),
    "undecodable bytes": (
        "bad.py",
        b'import keras  # \xff\nmodel.compile(loss="mse")\n',
        "bad.py:1:17: error: cannot decode as utf-8: byte 0xff",
    ),
    "unknown encoding": ("bad.py", "# coding: klingon\n" + TRAINING, "bad.py:1:1: error: unknown encoding"),
    "null byte": ("bad.py", TRAINING + "\0", "bad.py:3:1: error: null byte"),
    "cut-off notebook": ("bad.ipynb", '{"cells": [\n"keras losses"', "bad.ipynb:2:15: error: not a notebook"),
    "notebook without cells": ("bad.ipynb", '{"keras": "losses"}', "bad.ipynb:1:1: error: not a notebook"),
    "300 parentheses": ("bad.py", TRAINING + "x = " + "(" * 300 + ")" * 300, "bad.py:3:"),
    "20,000 terms": ("bad.py", TRAINING + "x = " + "+".join(["1"] * 20_000), "bad.py"),
    "30,000 operands": ("bad.py", TRAINING + "x = " + " and ".join(["a"] * 30_000), "bad.py"),
    "text and bytes": ("bad.py", TRAINING + "x = 'a' b'b'", "error: cannot parse: cannot mix bytes"),
    "30,000 strings": ("bad.py", TRAINING + "x = " + "'a' " * 30_000, "bad.py"),
}  # fmt: skip


@pytest.mark.parametrize("case", UNREADABLE)
def test_unreadable_files_are_located_and_fail_the_run_alone(case, mllint, write, flawed):
    name, content, message = UNREADABLE[case]
    write({name: content, "flawed.py": flawed})
    run = mllint("--output-format", "concise")
    assert run.exit_code == 2
    assert message in run.stderr
    assert run.stdout.startswith("flawed.py:8:38: error[MLL101]")
    assert "1 not read" in run.stderr


LEGAL = {
    "150 brackets": "x = " + "[" * 150 + "]" * 150,
    "900 chained calls": "x = a" + ".b()" * 900,
    "2,000 branches": "if a:\n  pass\n" + "elif b:\n  pass\n" * 2_000,
    "50,000 lines": "x = 1\n" * 50_000,
    "functions that call each other": "def f(n): return g(n)\ndef g(n): return f(n)\nf(3).compile(loss='mse')\n",
    "a function that calls itself": "def build(n): return build(n - 1)\nbuild(3).compile(loss='mse')\n",
    "a class that inherits from itself": "class A(A): pass\nA().compile(loss='mse')\n",
    "a list that holds itself": "x = []\nx.append(x)\nmodel.compile(loss=x)\n",
}  # fmt: skip


@pytest.mark.parametrize("case", LEGAL)
def test_large_and_deep_programs_are_judged(case, mllint, write, flawed):
    write({"large.py": flawed + LEGAL[case]})
    run = mllint("--output-format", "concise")
    assert run.exit_code == 1, run.stderr
    assert run.stdout.startswith("large.py:8:38: error[MLL101]")


def test_a_file_that_would_take_gigabytes_is_not_judged(mllint, write, flawed):
    """LibCST makes some 8 KB of every element of a list."""
    write({"data.py": flawed + f"x = [{'1.5, ' * 200_000}]\n", "train.py": flawed})
    run = mllint("--output-format", "concise", "--show-not-judged")
    assert run.exit_code == 1, run.stderr
    assert run.stdout.splitlines()[0].startswith("data.py:1:1: not judged file: 1,000,2")
    assert run.stdout.splitlines()[1].startswith("train.py:8:38: error[MLL101]")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_findings_that_find_no_room_are_a_failure(write, flawed):
    root = write({"bad.py": flawed})
    with open("/dev/full", "wb") as full:
        command = [sys.executable, "-m", "mllint", "--no-cache"]
        done = subprocess.run(command, cwd=root, stdout=full, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr.splitlines()[0]) == (2, b"mllint: No space left on device")


def test_a_directory_named_like_a_file_is_walked_into(mllint, write, flawed):
    write({"x.py/inner.py": flawed, "y.ipynb/inner.py": flawed})
    run = mllint("--output-format", "concise")
    assert run.exit_code == 1
    assert [line.split(":")[0] for line in run.stdout.splitlines()] == ["x.py/inner.py", "y.ipynb/inner.py"]
    assert mllint("x.py").exit_code == 1


def test_a_missing_path_is_named_and_the_others_are_judged(mllint, write, flawed):
    write({"flawed.py": flawed})
    run = mllint("missing.py", "flawed.py")
    assert run.exit_code == 2
    assert "missing.py: error: no such file or directory" in run.stderr
    assert "MLL101" in run.stdout


@pytest.mark.parametrize("option", ["--select", "--ignore", "--extend-select"])
def test_an_unknown_rule_is_met_with_the_nearest_one(option, mllint):
    run = mllint(option, "signoid-with-categorical-crossentropy")
    assert run.exit_code == 2
    assert option in run.stderr
    assert "did you mean `sigmoid-with-categorical-crossentropy`?" in run.stderr
    assert mllint("rule", "MLL100").exit_code == 2


def test_a_broken_configuration_spares_the_files_it_does_not_govern(mllint, write, flawed):
    write({"a/mllint.toml": "select = [\n", "a/flawed.py": flawed, "b/flawed.py": flawed})
    run = mllint("--output-format", "concise")
    assert run.exit_code == 2
    assert "a/mllint.toml:1:11: error: not valid TOML" in run.stderr
    assert [line.split(":")[0] for line in run.stdout.splitlines()] == ["b/flawed.py"]


def test_one_unparsable_cell_is_said_and_the_others_are_judged(mllint, write, flawed):
    cells = [{"cell_type": "code", "source": source} for source in ("!pip install keras", "for for for", flawed)]
    write({"n.ipynb": json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})})
    run = mllint("--output-format", "concise", "--show-not-judged", "n.ipynb")
    assert run.exit_code == 1
    assert "n.ipynb:cell 3:8:38: error[MLL101]" in run.stdout
    assert "n.ipynb:cell 2:1:1: not judged cell" in run.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="needs symbolic links")
def test_links_that_lead_nowhere_or_in_circles(mllint, write, flawed, tmp_path):
    write({"a/flawed.py": flawed})
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    (tmp_path / "dangling.py").symlink_to("nowhere.py")
    (tmp_path / "itself").symlink_to("itself")
    (tmp_path / "itself.py").symlink_to("itself.py")
    (tmp_path / ".#flawed.py").symlink_to("user@host.1234")  # an Emacs lock
    run = mllint("--output-format", "concise")
    assert run.exit_code == 2
    assert run.stderr.count("error:") == 2
    assert "dangling.py: error: broken symbolic link" in run.stderr
    assert "itself.py: error: broken symbolic link" in run.stderr
    assert len(run.stdout.splitlines()) == 1


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_not_waited_for(mllint, write, flawed, tmp_path):
    write({"flawed.py": flawed})
    os.mkfifo(tmp_path / "pipe.py")
    run = mllint("--output-format", "concise", "pipe.py", "flawed.py")
    assert run.exit_code == 2
    assert "pipe.py: error: neither a file nor a directory" in run.stderr
    assert len(run.stdout.splitlines()) == 1


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_files_and_directories_that_may_not_be_read(mllint, write, flawed, tmp_path):
    write({"closed.py": flawed, "dir/inner.py": flawed, "open.py": flawed})
    (tmp_path / "closed.py").chmod(0)
    (tmp_path / "dir").chmod(0)
    try:
        run = mllint("--output-format", "concise")
    finally:
        (tmp_path / "dir").chmod(0o755)
    assert run.exit_code == 2
    assert "closed.py: error: cannot read: Permission denied" in run.stderr
    assert "dir: error: cannot list the directory: Permission denied" in run.stderr
    assert run.stdout.startswith("open.py")


# ---------------------------------------------------------------- rules that misbehave

RULE = """\
import os
from mllint.rules import Rule

def judge(setup):
    {body}
    yield

RULE = Rule(code="MLL999", summary="misbehaves", since="0", judge=judge)
"""
WITH_MORE_RULES = "import mllint.rules; mllint.rules.__path__.append('more'); from mllint.cli import main; main()"


def _add_rule(write, body: str) -> None:
    write({"more/extra/__init__.py": "", "more/extra/misbehaving_rule.py": RULE.format(body=body)})


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("raise ValueError('first line\\nsecond line')", "ValueError: first line second line"),
        ("judge_again = lambda: judge_again(); judge_again()", "RecursionError"),
        ("raise KeyError", "KeyError"),
    ],
)
def test_a_rule_that_raises_is_named_and_the_others_judge(body, said, mllint, write, flawed):
    _add_rule(write, body)
    write({"src/flawed.py": flawed, "src/other.py": flawed})
    run = mllint("--output-format", "concise", "src", program=WITH_MORE_RULES)
    assert run.exit_code == 2
    for name in ("src/flawed.py", "src/other.py"):
        assert f"{name}:8:1: error: rule `misbehaving-rule` crashed: {said}" in run.stderr
        assert f"{name}:8:38: error[MLL101]" in run.stdout
    assert "please report it" in run.stderr
    assert mllint("--ignore", "misbehaving-rule", "src", program=WITH_MORE_RULES).exit_code == 1


@pytest.mark.skipif(sys.platform != "linux" or sys.version_info >= (3, 14), reason="workers must inherit the rule")
def test_a_file_that_kills_its_process_costs_itself_alone(mllint, write, flawed):
    if len(os.sched_getaffinity(0)) < 2:
        pytest.skip("one processor: no worker processes")
    _add_rule(write, "os._exit(1) if 'deadly' in setup.path else None; return")
    write({f"src/f{number:02}.py": flawed for number in range(45)} | {"src/deadly.py": flawed})
    run = mllint("--output-format", "concise", "src", program=WITH_MORE_RULES)
    assert run.exit_code == 2
    assert "src/deadly.py: error: the process that read it died" in run.stderr
    assert len(run.stdout.splitlines()) == 45


def test_a_lens_that_crashes_is_a_message(monkeypatch, flawed):
    from mllint.engine import lint_source
    from mllint.source.lens import SourceLens

    def crash(lens: SourceLens, task: object) -> None:
        raise TypeError("unexpected node")

    monkeypatch.setattr(SourceLens, "read", crash)
    report = lint_source(flawed.encode(), "flawed.py")
    assert [error.message for error in report.errors] == [
        "reading crashed: TypeError: unexpected node; this is a bug in mllint, please report it"
    ]


def test_work_that_crashes_is_named(monkeypatch, flawed):
    """The fixing of a file that was read well, its conversion, its comments."""
    import mllint
    from mllint import engine
    from mllint.conversion import converting
    from mllint.fixes import ignores, session

    def crash(*arguments: object) -> None:
        raise TypeError("unexpected node")

    said = "crashed: TypeError: unexpected node; this is a bug in mllint, please report it"
    for module, name in ((session, "fix"), (converting, "convert"), (ignores, "ignore")):
        monkeypatch.setattr(module, name, crash)
    assert [error.message for error in mllint.fix_source(flawed).report.errors] == [f"fixing {said}"]
    with pytest.raises(mllint.CannotConvert, match=f"^converting {said}$"):
        mllint.convert_source(flawed, "binary")
    silenced = engine.ignore_source(flawed.encode(), "x.py", mllint.Settings(), (), "")
    assert [error.message for error in silenced.report.errors] == [f"adding comments {said}"]


def test_a_named_pipe_in_a_tree_is_not_waited_for(mllint, write, flawed, tmp_path: Path):
    if not hasattr(os, "mkfifo"):
        pytest.skip("no named pipes here")
    write({"flawed.py": flawed})
    os.mkfifo(tmp_path / "pipe.py")
    assert mllint().exit_code == 1
