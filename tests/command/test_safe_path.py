"""What lies in the linted folder is never executed, whichever way mllint and its processes are started."""

from __future__ import annotations

import os
import sys

import pytest

from mllint.processes import PARALLEL_FROM

NAMES = (
    "multiprocessing", "concurrent", "distributed", "dask", "tornado", "pandas", "pickle", "signal", "selectors",
    "socket", "click", "yaml", "libcst", "pathspec", "rich", "jinja2", "json", "logging", "difflib", "tomllib", "tomli",
    "hashlib", "subprocess", "tempfile", "importlib_metadata", "numpy",
)  # fmt: skip
"""Of modules that mllint, or Python's libraries in its processes, import at some time."""
HOSTILE = "import os\nopen(os.path.join(os.path.dirname(__file__), 'executed'), 'a').write(__name__ + ' ')\n"
POOL = """\
import sys
sys.path.remove("")
import multiprocessing
multiprocessing.set_start_method({method!r})
from mllint.cli import main
main()
"""
PROGRAM = "import keras\nkeras.Sequential([keras.layers.Dense(1, activation='softmax')]).compile('adam', 'mse')\n"


@pytest.fixture
def hostile(write):
    """A folder with modules of these names, which say when they are executed."""
    return write({f"{name}.py": HOSTILE for name in NAMES})


def executed(folder) -> str:
    said = folder / "executed"
    return said.read_text() if said.exists() else ""


def test_the_modules_say_when_they_are_executed(mllint, hostile):
    mllint(program="import yaml")
    assert executed(hostile) == "yaml "


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
@pytest.mark.skipif(len(os.sched_getaffinity(0)) < 2, reason="one processor has no pool")
@pytest.mark.skipif(sys.version_info < (3, 11), reason="starts no such processes")
def test_a_pool_imports_nothing_of_the_project(method, mllint, hostile, write):
    write({f"train_{number}.py": PROGRAM for number in range(PARALLEL_FROM)})
    run = mllint("--no-cache", "--output-format", "concise", program=POOL.format(method=method))
    assert executed(hostile) == ""
    assert (run.exit_code, len(run.stdout.splitlines())) == (1, PARALLEL_FROM), run.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["--output-format", "full", "train.py"],
        ["-o", "report.html", "train.py"],
        ["--fix", "--diff", "train.py"],
        ["rule", "--all"],
        ["server", "--help"],
    ],
)
def test_the_command_as_a_module_imports_nothing_of_the_project(arguments, mllint, hostile, write):
    write({"train.py": PROGRAM})
    run = mllint(*arguments)
    assert executed(hostile) == ""
    assert run.exit_code in (0, 1), run.stderr


def test_the_command_as_a_module_takes_no_plugins_of_the_project(mllint, write):
    folder = write(
        {
            "evil-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: evil\nVersion: 1.0\n",
            "evil-1.0.dist-info/entry_points.txt": "[mllint.rules]\nevil = evil\n",
            "evil/__init__.py": HOSTILE.replace("__file__", "os.path.dirname(__file__)"),
            "train.py": PROGRAM,
        }
    )
    assert mllint("rule", "--all").stderr == ""
    assert "evil" not in mllint("train.py").stderr
    assert executed(folder) == ""
    assert "evil" in mllint("rule", "--all", environment={"PYTHONPATH": str(folder)}).stderr  # it is a plugin
    assert executed(folder)


@pytest.mark.skipif(sys.version_info < (3, 11), reason="starts no cluster")
def test_a_cluster_imports_nothing_of_the_project(mllint, hostile, write):
    pytest.importorskip("distributed")
    import pandas as pd

    pd.DataFrame({"content": [PROGRAM]}).to_parquet(hostile / "sources.parquet")
    run = mllint("corpus", "sources.parquet", "--output", "found", "--workers", "1")
    assert executed(hostile) == ""
    assert run.exit_code == 0, run.stderr
