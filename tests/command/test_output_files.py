"""Reports of several formats from one run, to standard output and to files."""

from __future__ import annotations

import json
import os
import stat
import sys
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

from mllint.reports import FORMATS, format_of_file
from tests.command.conftest import FLAWED, SOUND, Command
from tests.reports.sources import NOTEBOOKS

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/schemas/output-v1.schema.json").read_text(encoding="utf-8"))
TREE: Mapping[str, str | bytes] = {
    "src/a b.py": FLAWED,
    "src/broken.py": "import keras\nmodel.compile(\n",
    "src/n.ipynb": NOTEBOOKS["two cells"],
    "src/old.py": FLAWED,
    "src/silenced.py": FLAWED.replace(
        "model.compile(", "model.compile(  # mllint: ignore[MLL101] as in the paper\n    "
    ),
    "src/sound.py": SOUND,
    "src/unseen.py": "import keras\nmodel = load()\nmodel.compile(loss='mse')\n",
    "mllint.toml": 'baseline = "baseline.json"\n',
    "baseline.json": '{"version": 1, "counts": {"src/old.py": {"sigmoid-with-categorical-crossentropy": 1}}}',
}
"""Everything that a run can come to."""


@pytest.fixture
def tree(mllint: Command, write) -> Command:
    write(TREE)
    return mllint


def read(command: Command, name: str) -> str:
    return (command.directory / name).read_text(encoding="utf-8")


def names(command: Command) -> set[str]:
    return {path.name for path in command.directory.iterdir()} - {".mllint_cache"}


# ---------------------------------------------------------------- the same in files as on standard output


def test_all_formats_at_once_are_what_each_is_alone(tree: Command) -> None:
    files = [option for name in FORMATS for option in ("--output-file", f"{name}={name}.out")]
    together = tree("src", *files)
    assert (together.exit_code, together.stdout) == (2, "")
    for name in FORMATS:
        alone = tree("src", "--output-format", name)
        assert alone.exit_code == 2
        assert read(tree, f"{name}.out") == alone.stdout, name
        assert alone.stdout, name


def test_every_format_is_the_same_for_any_number_of_processes(tree: Command) -> None:
    start = "import mllint.engine as e; e.processes.PARALLEL_FROM = {}; from mllint.cli import main; main()"
    files = [f"--output-file={name}={name}.out" for name in FORMATS]
    written = []
    for parallel_from in ("10**6", "1"):
        assert tree("src", "--no-cache", *files, program=start.format(parallel_from)).exit_code == 2
        written.append({name: read(tree, f"{name}.out") for name in FORMATS})
    assert written[0] == written[1]


def test_documents_of_one_run_agree(tree: Command) -> None:
    tree("src", *(f"-o{name}" for name in ("r.json", "r.jsonl", "r.sarif", "gitlab=q.json", "r.xml", "r.rdjson")))
    document = json.loads(read(tree, "r.json"))
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    assert (document["summary"]["error"], document["summary"]["suppressed"]) == (2, 1)
    lines = [json.loads(line) for line in read(tree, "r.jsonl").splitlines()]
    assert [line["kind"] for line in lines] == ["finding", "finding", "not_judged", "error", "summary"]
    (run,) = json.loads(read(tree, "r.sarif"))["runs"]
    assert [len(result["suppressions"]) for result in run["results"]] == [0, 0, 1, 1]
    assert not run["invocations"][0]["executionSuccessful"]
    assert len(json.loads(read(tree, "q.json"))) == len(json.loads(read(tree, "r.rdjson"))["diagnostics"]) == 3
    suites = ElementTree.fromstring(read(tree, "r.xml"))
    assert (suites.attrib["failures"], suites.attrib["errors"]) == ("2", "1")


def test_what_comes_from_the_cache_is_the_same(tree: Command) -> None:
    formats = ("concise", "sarif", "github")
    fresh = {name: tree("src", "--no-cache", "--output-format", name).stdout for name in formats}
    for name in (*formats, *formats):  # what was kept without fixes may not do for a format that holds them
        assert tree("src", "--output-format", name).stdout == fresh[name], name


# ---------------------------------------------------------------- which format goes where


def test_the_suffix_says_the_format_and_findings_are_printed_as_ever(mllint: Command, write) -> None:
    write({"a.py": FLAWED})
    run = mllint("--output-file", "out.sarif")
    assert (run.exit_code, run.stdout) == (1, mllint().stdout)
    assert json.loads(read(mllint, "out.sarif"))["version"] == "2.1.0"


@pytest.mark.parametrize("name", ["report.json", "gl-code-quality-report.json", "report", "report.log"])
def test_the_printed_format_goes_to_the_file_where_the_suffix_leaves_it_open(name: str, mllint: Command, write) -> None:
    write({"a.py": FLAWED})
    printed = mllint("--output-format", "gitlab").stdout
    run = mllint("--output-format", "gitlab", "--output-file", name)
    assert (run.exit_code, run.stdout) == (1, "")
    assert read(mllint, name) == printed


@pytest.mark.parametrize(
    "name, printed, meant",
    [
        ("a.json", "full", "json"),
        ("a.json", "rdjson", "rdjson"),
        ("a.json", "junit", "json"),
        ("a.sarif.json", "gitlab", "sarif"),
        ("A.SARIF", "full", "sarif"),
        ("a.ndjson", "full", "jsonl"),
        ("a.txt", "github", "github"),
        ("dir.json/a", "full", "full"),
    ],
)
def test_a_suffix_means_a_format(name: str, printed: str, meant: str) -> None:
    assert format_of_file(name, printed) == meant


def test_the_format_from_the_environment_counts(mllint: Command, write) -> None:
    write({"a.py": FLAWED})
    environment = {"MLLINT_OUTPUT_FORMAT": "github"}
    assert mllint(environment=environment).stdout.startswith("::error file=a.py,line=8,")
    run = mllint("-o", "out.sarif", environment=environment)
    assert run.stdout.startswith("::error file=a.py,line=8,")
    assert mllint("--output-format", "concise", environment=environment).stdout.startswith("a.py:8:38: error")


def test_a_format_is_named_before_the_file(mllint: Command, write) -> None:
    write({"a.py": FLAWED})
    mllint("--output-file", "junit=out.json", "--output-file", "./a=b.sarif")
    assert read(mllint, "out.json").startswith("<?xml")
    assert json.loads(read(mllint, "a=b.sarif"))["version"] == "2.1.0"


@pytest.mark.parametrize(
    "value, message",
    [
        ("sarf=out", "'sarf' is no format; did you mean 'sarif'? (a file of this name is ./sarf=out)"),
        ("x=out", "'x' is no format; formats are full, concise,"),
        ("sarif=", "'sarif=' names no file"),
        ("-", "'-' names no file; --output-format is what goes to standard output"),
    ],
)
def test_what_names_no_file_is_said(value: str, message: str, mllint: Command) -> None:
    run = mllint("--output-file", value)
    assert run.exit_code == 2 and run.stdout == ""
    assert message in " ".join(run.stderr.split())


def test_a_file_is_named_once(mllint: Command) -> None:
    run = mllint("--output-file", "sarif=out", "--output-file", "json=./out")
    assert run.exit_code == 2 and "is named twice" in run.stderr


@pytest.mark.parametrize("other", ["--diff", "--fix-only"])
def test_without_a_report_there_is_nothing_to_write(other: str, mllint: Command) -> None:
    run = mllint("--output-file", "out.json", other)
    assert run.exit_code == 2 and f"--output-file and {other} exclude each other" in run.stderr


# ---------------------------------------------------------------- files


def test_nothing_found_is_still_a_report(mllint: Command, write) -> None:
    write({"a.py": SOUND})
    run = mllint(*(f"--output-file={name}={name}.out" for name in FORMATS))
    assert (run.exit_code, run.stdout) == (0, "")
    for name in FORMATS:
        empty = read(mllint, f"{name}.out") == ""
        assert empty == (name in ("full", "concise", "github")), name


@pytest.mark.parametrize("path, reason", [("no/such/out.json", "No such file or directory"), (".", "Is a directory")])
def test_what_cannot_be_written_is_said_once_and_the_rest_is_done(
    path: str, reason: str, mllint: Command, write
) -> None:
    write({"a.py": FLAWED})
    run = mllint("-o", f"json={path}", "-o", "out.sarif")
    assert run.exit_code == 2
    assert [line for line in run.stderr.splitlines() if "cannot write" in line] == [
        f"{path}: error: cannot write: {reason}"
    ]
    assert json.loads(read(mllint, "out.sarif")) and "MLL101" in run.stdout


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="nothing is forbidden here")
def test_a_file_that_is_read_only_stays_as_it_is(mllint: Command, write) -> None:
    write({"a.py": FLAWED, "out.json": "old"})
    (mllint.directory / "out.json").chmod(0o444)
    run = mllint("--output-file", "out.json")
    assert run.exit_code == 2 and "out.json: error: cannot write: Permission denied" in run.stderr
    assert read(mllint, "out.json") == "old"


def test_an_old_file_is_replaced_and_nothing_is_left_beside_it(mllint: Command, write) -> None:
    write({"a.py": FLAWED, "out.json": "old" * 10_000})
    mllint("--output-file", "out.json")
    assert json.loads(read(mllint, "out.json"))["version"] == 1
    assert names(mllint) == {"a.py", "out.json"}


@pytest.mark.skipif(sys.platform == "win32", reason="permissions are others there")
def test_a_new_file_has_the_permissions_of_new_files(mllint: Command, write) -> None:
    write({"a.py": FLAWED})
    mllint("--output-file", "out.json")
    (mllint.directory / "own.txt").touch()
    modes = {stat.S_IMODE((mllint.directory / name).stat().st_mode) for name in ("out.json", "own.txt")}
    assert len(modes) == 1


def test_files_have_no_colours(mllint: Command, write) -> None:
    write({"a.py": FLAWED})
    run = mllint("--color", "always", *(f"--output-file={name}={name}.out" for name in FORMATS if name != "concise"))
    assert run.exit_code == 1
    assert all("\x1b" not in read(mllint, f"{name}.out") for name in FORMATS if name != "concise")
    assert "\x1b" in mllint("--color", "always").stdout


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are text elsewhere")
def test_names_that_are_no_text(mllint: Command, write) -> None:
    name = os.fsdecode(b"tr\xffin: 100%,\nx.py")
    write({name: FLAWED})
    run = mllint(*(f"--output-file={form}={form}.out" for form in FORMATS))
    assert run.exit_code == 1 and "crashed" not in run.stderr
    (result,) = json.loads(read(mllint, "sarif.out"))["runs"][0]["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "tr%FFin%3A%20100%25%2C%0Ax.py"
    assert read(mllint, "github.out").startswith("::error file=tr\\udcffin%3A 100%25%2C%0Ax.py,line=8,")
    assert len(read(mllint, "github.out").splitlines()) == 1
    assert ElementTree.fromstring(read(mllint, "junit.out"))[0].attrib["name"] == "tr\\udcffin: 100%,\nx.py"
    assert json.loads(read(mllint, "json.out"))["findings"][0]["path"] == name


def test_below_the_root_of_the_repository_paths_lead_from_there(mllint: Command, write) -> None:
    write({"pkg/a.py": FLAWED, ".git/HEAD": "ref: refs/heads/main\n"})
    run = mllint("--output-format", "github", directory=mllint.directory / "pkg")
    assert run.stdout.startswith("::error file=pkg/a.py,line=8,")
    assert mllint("--output-format", "concise", directory=mllint.directory / "pkg").stdout.startswith("a.py:8:")
    sarif = json.loads(mllint("--output-format", "sarif", directory=mllint.directory / "pkg").stdout)
    (result,) = sarif["runs"][0]["results"]
    (change,) = result["fixes"][0]["artifactChanges"]
    uris = [one["artifactLocation"]["uri"] for one in (result["locations"][0]["physicalLocation"], change)]
    assert uris == ["pkg/a.py", "pkg/a.py"]
    rdjson = json.loads(mllint("--output-format", "rdjson", directory=mllint.directory / "pkg").stdout)
    assert rdjson["diagnostics"][0]["location"]["path"] == "a.py"


# ---------------------------------------------------------------- with other options


def test_standard_input_is_reported_to_files(mllint: Command) -> None:
    run = mllint("-", "--stdin-filename", "a.py", "-o", "out.jsonl", stdin=FLAWED.encode())
    assert run.exit_code == 1
    assert json.loads(read(mllint, "out.jsonl").splitlines()[0])["path"] == "a.py"


SHARED = """\
import keras

loss = keras.losses.SparseCategoricalCrossentropy()

right = keras.Sequential([keras.layers.Dense(5, activation="softmax")])
right.compile(optimizer="adam", loss=loss)
wrong = keras.Sequential([keras.layers.Dense(5)])
wrong.compile(optimizer="adam", loss=loss)
"""
"""Its safe fix would change the loss of another model."""


def test_what_was_fixed_and_what_was_not_is_in_the_json(mllint: Command, write) -> None:
    write({"a.py": FLAWED + "\n# mllint: ignore[MLL201] no longer\n", "b.py": SHARED})
    document = json.loads(mllint("--fix", "--output-format", "json").stdout)
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    assert [one["rule"] for one in document["applied"]] == ["unused-suppression"]
    assert [(one["rule"], one["location"]["path"]) for one in document["refused"]] == [
        ("logits-without-from-logits", "b.py")
    ]
    assert "line 6 uses it too" in document["refused"][0]["reason"]
    assert "ignore[MLL201]" not in read(mllint, "a.py")


def test_statistics_are_printed_beside_files(mllint: Command, write) -> None:
    write({"a.py": FLAWED})
    run = mllint("--statistics", "-o", "out.json")
    assert run.stdout == "1  MLL101  error    sigmoid-with-categorical-crossentropy\n"
    assert json.loads(read(mllint, "out.json"))["summary"]["error"] == 1
