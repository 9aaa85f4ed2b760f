"""A table of sources through the real command, on real clusters of this machine."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import dask.dataframe as dd
import pandas as pd
import pytest
from dask.distributed import LocalCluster

from mllint.corpus import TABLE, Columns, lint, lint_piece, read
from mllint.engine import lint_source
from mllint.settings import Settings

EXAMPLES = sorted(Path(__file__).parents[2].joinpath("examples").glob("*.[pi][yp]*"))
SOURCES = pd.DataFrame({"path": [path.name for path in EXAMPLES], "content": [path.read_text() for path in EXAMPLES]})
SURROGATE = """
import keras
model = keras.Sequential([keras.layers.Dense(2, activation="softmax")])
model.compile("adam", "categorical_crossentropy")
model.fit(x, y, callbacks=[keras.callbacks.EarlyStopping(monitor="val_\\ud800")])
"""
ODD = pd.DataFrame(
    {
        "path": ["none.py", "broken.py", "latin.py", "surrogate.py"],
        "content": [None, "import keras; model.compile(loss=", b"import keras; model.compile('\xe9')", SURROGATE],
    }
)


@pytest.fixture(scope="module")
def cluster():
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        yield cluster


def corpus(*arguments: str, directory: Path) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "mllint", "corpus", *arguments],
        cwd=directory,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return done


def expected() -> pd.DataFrame:
    """What linting each source by itself gives."""
    rows = []
    for name, text in zip(SOURCES.path, SOURCES.content, strict=True):
        for finding in lint_source(text.encode(), name).findings:
            primary = finding.primary
            rows.append((name, finding.code, primary.cell, primary.line, primary.column, finding.message))
    assert len(rows) > 5
    return pd.DataFrame(rows, columns=["name", "code", "cell", "line", "column", "message"])


def findings(folder: Path) -> list[tuple[object, ...]]:
    table = pd.read_parquet(folder)
    return comparable(table[table.kind == "finding"])


def comparable(table: pd.DataFrame) -> list[tuple[object, ...]]:
    columns = ["name", "code", "cell", "line", "column", "message"]
    plain = table[columns].astype("object").where(table[columns].notna(), None)
    return sorted((tuple(row) for row in plain.itertuples(index=False)), key=str)


def test_a_cluster_finds_in_every_row_what_linting_it_alone_finds(cluster, tmp_path):
    SOURCES.to_parquet(tmp_path / "sources.parquet", row_group_size=2)
    options = ("--name", "path", "--output", "found", "--scheduler", cluster.scheduler_address)
    done = corpus("sources.parquet", *options, directory=tmp_path)
    assert done.returncode == 0, done.stderr
    assert findings(tmp_path / "found") == comparable(expected())
    assert f"{len(expected())} finding" in done.stderr


def test_json_lines_on_a_cluster_of_its_own_give_the_same(tmp_path):
    SOURCES.to_json(tmp_path / "sources.jsonl", orient="records", lines=True)
    options = ("--name", "path", "--output", "found", "--workers", "1")
    done = corpus("sources.jsonl", *options, directory=tmp_path)
    assert done.returncode == 0, done.stderr
    assert findings(tmp_path / "found") == comparable(expected())


def test_a_row_without_a_source_and_one_that_cannot_be_parsed_are_errors_of_their_own():
    table = lint_piece(pd.concat([ODD, SOURCES], ignore_index=True), Columns("content", "path"), Settings())
    errors = table[table.kind == "error"]
    assert list(errors.name) == ["none.py", "broken.py", "latin.py"]
    assert list(errors.line.fillna(0)) == [0, 1, 1]
    found = table[table.kind == "finding"]
    assert comparable(found[found.name != "surrogate.py"]) == comparable(expected())
    assert "val_\\ud800" in found[found.name == "surrogate.py"].message.item()
    assert table.dtypes.to_dict() == TABLE.dtypes.to_dict()


def test_no_import_is_followed_to_a_file_that_happens_to_be_there(tmp_path, monkeypatch):
    (tmp_path / "heads.py").write_text("import keras\nhead = keras.layers.Dense(1, activation='softmax')\n")
    program = "import keras, heads\nkeras.Sequential([heads.head]).compile('adam', 'binary_crossentropy')\n"
    monkeypatch.chdir(tmp_path)
    assert [finding.rule for finding in lint_source(program.encode(), "train.py").findings] == ["one-unit-softmax"]
    rows = pd.DataFrame({"path": ["train.py"], "content": [program]})
    assert list(lint_piece(rows, Columns("content", "path"), Settings()).kind) == ["not-judged"]


def test_a_source_without_a_name_is_called_by_its_piece_and_row(tmp_path):
    programs = SOURCES[SOURCES.path.str.endswith(".py")].reset_index(drop=True)
    programs.to_parquet(tmp_path / "sources.parquet", row_group_size=1)
    rows = read(str(tmp_path / "sources.parquet"), Columns("content"))
    pieces = dd.concat([rows, rows], interleave_partitions=False)
    table = lint(pieces, Columns("content"), Settings()).compute(scheduler="synchronous")
    assert pieces.npartitions > 1
    where = dict.fromkeys(tuple(map(int, name.removesuffix(".py").split("/"))) for name in table.name)
    found = [pieces.partitions[piece].compute(scheduler="synchronous").iloc[row].content for piece, row in where]
    said = [text for text in programs.content if _is_spoken_of(text)]
    assert found == [*said, *said] != []


def _is_spoken_of(text: str) -> bool:
    report = lint_source(text.encode(), "x.py")
    return bool(report.findings or report.not_judged or report.errors)


def test_a_name_that_is_null_is_no_name():
    texts = ["import keras; model.compile(loss="] * 3
    rows = pd.DataFrame({"path": ["a.py", None, float("nan")], "content": texts})
    assert list(lint_piece(rows, Columns("content", "path"), Settings()).name) == ["a.py", "0/1.py", "0/2.py"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("missing.parquet",), "missing.parquet: no such file or directory"),
        (("sources.txt",), "sources.txt: expected .parquet"),
        (("sources.parquet", "--text", "code"), "has no column `code`; it has path, content"),
        (("broken.parquet",), "broken.parquet: cannot be read"),
        (("sources.parquet", "--select", "nothing-such"), "unknown rule"),
        (("sources.parquet", "--config", "missing.toml"), "missing.toml: error: no such file\n"),
        (("sources.parquet", "--scheduler", "nonsense"), "sources.parquet: no cluster at nonsense: missing port"),
        (("sources.parquet", "--scheduler", "bogus://x:1"), "no cluster at bogus://x:1: unknown address scheme"),
        (("sources.parquet", "--scheduler", "ucx://x:1"), "no cluster at ucx://x:1: "),
    ],
)
def test_what_cannot_be_done_is_said(arguments, said, tmp_path):
    SOURCES.to_parquet(tmp_path / "sources.parquet")
    (tmp_path / "sources.txt").write_text("model.compile()")
    (tmp_path / "broken.parquet").write_text("no parquet")
    done = corpus(*arguments, "--output", "found", directory=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert not (tmp_path / "found").exists()


def test_nothing_is_written_over(tmp_path):
    SOURCES.to_parquet(tmp_path / "sources.parquet")
    (tmp_path / "found").mkdir()
    (tmp_path / "found" / "thesis.txt").write_text("mine")
    done = corpus("sources.parquet", "--output", "found", directory=tmp_path)
    assert (done.returncode, done.stderr) == (2, "sources.parquet: found exists, and nothing is written over\n")
    assert [path.name for path in (tmp_path / "found").iterdir()] == ["thesis.txt"]
