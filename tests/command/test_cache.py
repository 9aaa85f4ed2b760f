"""What was said is said again only as long as it is true."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from mllint.cache import signatures
from mllint.cache.signatures import Signatures
from mllint.reports import FORMATS
from tests.command.conftest import FLAWED, SOUND

PROBE = """\
import atexit, sys
atexit.register(lambda: print(*sys.modules, sep="\\n", file=open("modules.txt", "w")))
from mllint.cli import main
main()
"""
DEAR = {"libcst", "yaml", "mllint.rules.logits", "mllint.rules.knowledge", "mllint.examination"}


@pytest.fixture
def judged(mllint):
    """Runs the command; what it says, and whether it looked at any file."""

    def run(*arguments: str, **options) -> tuple[int, str, bool]:
        done = mllint(*arguments, program=PROBE, **options)
        modules = set((mllint.directory / "modules.txt").read_text().splitlines())
        return done.exit_code, done.stdout + done.stderr, "libcst" in modules

    return run


def shelves(directory: Path) -> list[Path]:
    return sorted((directory / ".mllint_cache").glob("*.cache"))


def test_the_second_run_says_the_same_and_looks_at_nothing(mllint, write):
    root = write({"a.py": FLAWED, "b/c.py": SOUND, "d.py": "print(1)\n"})
    first = mllint(program=PROBE)
    assert set((root / "modules.txt").read_text().splitlines()) >= DEAR
    assert mllint(program=PROBE) == first
    assert not DEAR & set((root / "modules.txt").read_text().splitlines())
    assert mllint("--no-cache") == first


@pytest.mark.parametrize("output_format", FORMATS)
def test_every_format_is_the_same_from_the_cache(mllint, write, output_format):
    ignored = FLAWED.replace('")\n', '")  # mllint: ignore[sigmoid-with-categorical-crossentropy] on purpose\n')
    unknown = FLAWED.replace('"sigmoid"', "chosen()")
    write({"a.py": FLAWED, "é b.py": ignored, "c.py": unknown, "n.ipynb": notebook(FLAWED)})
    options = ("--show-not-judged", "--pedantic", "--output-format", output_format)
    cold = mllint("--no-cache", *options)
    assert mllint(*options) == cold
    assert mllint(*options) == cold
    assert shelves(mllint.directory)


def notebook(source: str) -> str:
    import json

    cell = {"cell_type": "code", "source": source.splitlines(keepends=True), "metadata": {}, "outputs": []}
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]})


def test_a_changed_file_is_judged_anew(judged, write):
    root = write({"a.py": FLAWED})
    assert judged()[0] == 1
    (root / "a.py").write_text(SOUND)
    assert judged()[0] == 0


def test_a_change_that_keeps_size_and_time_is_seen(judged, write):
    root = write({"a.py": FLAWED})
    times = (1_600_000_000, 1_600_000_000)
    os.utime(root / "a.py", times)
    assert judged()[0] == 1
    (root / "a.py").write_text(SOUND)
    os.utime(root / "a.py", times)
    assert len(SOUND) == len(FLAWED)
    assert judged()[0] == 0


def test_signatures_see_a_change_that_keeps_size_and_time(tmp_path, monkeypatch):
    monkeypatch.setattr(signatures, "COARSEST_CLOCK", -(10**9))  # what was just written counts as settled
    file = tmp_path / "a.py"
    file.write_text("1")
    os.utime(file, (1_600_000_000, 1_600_000_000))
    before = Signatures()
    digest = before.digest(str(file))
    signed = before.signed(str(file), digest)
    assert signed is not None
    time.sleep(0.05)  # a tick of the kernel's clock
    file.write_text("2")
    os.utime(file, (1_600_000_000, 1_600_000_000))
    after = Signatures()
    after.learn({str(file): signed})
    assert after.digest(str(file)) != digest


def test_a_file_is_not_read_while_its_signature_holds(tmp_path, monkeypatch):
    monkeypatch.setattr(signatures, "COARSEST_CLOCK", -(10**9))
    file = tmp_path / "a.py"
    file.write_text("1")
    before = Signatures()
    signed = before.signed(str(file), before.digest(str(file)))
    assert signed is not None
    after = Signatures()
    after.learn({str(file): signed._replace(digest="believed")})
    assert after.digest(str(file)) == "believed"


@pytest.mark.parametrize("ahead", [3600, -1])
def test_what_was_just_changed_or_lies_in_the_future_is_not_believed(tmp_path, ahead):
    """Also where the clock was set back since."""
    file = tmp_path / "a.py"
    file.write_text("1")
    os.utime(file, (time.time() + ahead,) * 2)
    now = Signatures()
    assert now.signed(str(file), now.digest(str(file))) is None


def test_settings_decide_too(judged, write):
    root = write({"a.py": FLAWED, "mllint.toml": ""})
    assert judged()[0] == 1
    (root / "mllint.toml").write_text('ignore = ["sigmoid-with-categorical-crossentropy"]\n')
    assert judged()[0] == 0
    assert judged("--fail-level", "error", "--select", "head-loss")[0] == 1
    (root / "mllint.toml").write_text("")
    code, _, looked = judged()
    assert (code, looked) == (1, False)  # what was kept before still holds


def test_what_only_changes_the_output_shares_reports(judged, write):
    write({"a.py": FLAWED})
    judged()
    assert not judged("--output-format", "concise", "--show-not-judged")[2]


def test_other_files_that_were_asked_for_decide_too(judged, write):
    main = FLAWED.replace("import tensorflow as tf\n", "import tensorflow as tf\nfrom config import LOSS\n")
    main = main.replace('"categorical_crossentropy"', "LOSS")
    root = write({"main.py": main, "config.py": 'LOSS = "categorical_crossentropy"\n'})
    assert judged()[0] == 1
    assert judged()[2] is False
    (root / "config.py").write_text('LOSS = "binary_crossentropy"\n')
    assert judged()[0] == 0
    (root / "config.py").unlink()
    assert judged("--show-not-judged")[0] == 0
    (root / "config.py").write_text('LOSS = "categorical_crossentropy"\n')
    assert judged()[0] == 1


@pytest.mark.parametrize(
    ("name", "load", "content"),
    [
        ("config.json", "import json\nLOSS = json.load(open('config.json'))['loss']\n", '{{"loss": "{}"}}'),
        ("config.yaml", "import yaml\nLOSS = yaml.safe_load(open('config.yaml'))['loss']\n", "loss: {}\n"),
    ],
)
def test_a_configuration_that_is_read_decides_too(name, load, content, judged, write):
    main = load + FLAWED.replace('"categorical_crossentropy"', "LOSS")
    root = write({"main.py": main, name: content.format("categorical_crossentropy")})
    first = judged()
    assert first[0] == 1 and f"{name}:1:" in first[1]
    assert judged() == (*first[:2], False)
    (root / name).write_text(content.format("binary_crossentropy"))
    assert judged()[0] == 0
    assert judged()[2] is False
    (root / name).unlink()
    assert judged()[0] == 0
    (root / name).write_text(content.format("categorical_crossentropy"))
    assert judged() == first
    (root / name).write_bytes(b" " * 600_000)
    assert judged()[0] == 0
    (root / name).write_text(content.format("categorical_crossentropy"))
    assert judged() == first


TRAIN = "from models import build\nm = build()\nm.compile('adam', loss='categorical_crossentropy')\n"
BUILD = """\
from tensorflow import keras
def build():
    return keras.Sequential([keras.Input((4,)), keras.layers.Dense(10, activation="{}")])
"""
FLAWED_MODELS, SOUND_MODELS = BUILD.format("sigmoid"), BUILD.format("softmax")
OF_PACKAGE = TRAIN.replace("models", "models.a")
PRESENT = {
    "the mark of the linted file's package": (
        {"pkg/__init__.py": "", "pkg/train.py": TRAIN, "pkg/models.py": FLAWED_MODELS, "models.py": SOUND_MODELS},
        "pkg/__init__.py",
    ),
    "the mark of a package": (
        {"train.py": OF_PACKAGE, "models/__init__.py": "", "models/a.py": FLAWED_MODELS, "models.py": SOUND_MODELS},
        "models/__init__.py",
    ),
    "one of two configurations": (
        {
            "mllint.toml": "",
            "sub/train.py": f"import json\nLOSS = json.load(open('c.json'))\n{FLAWED}".replace(
                '"categorical_crossentropy"', "LOSS['loss']"
            ),
            "c.json": '{"loss": "categorical_crossentropy"}',
            "sub/c.json": "{}",
        },
        "sub/c.json",
    ),
    "one of two candidates": (
        {"mllint.toml": "", "sub/train.py": TRAIN, "models.py": FLAWED_MODELS, "src/models.py": SOUND_MODELS},
        "src/models.py",
    ),
}


@pytest.mark.parametrize("what", PRESENT)
def test_what_was_there_and_was_not_read_decides_too(what, judged, write):
    files, removed = PRESENT[what]
    root = write(files)
    before = judged()
    assert judged() == (*before[:2], False)
    (root / removed).unlink()
    after = judged()
    assert after[:2] == judged("--no-cache")[:2] and after[0] != before[0]


def test_an_imported_file_that_becomes_small_enough_is_read(judged, write):
    root = write({"train.py": TRAIN, "models.py": FLAWED_MODELS + "#" * 600_000})
    assert judged("train.py")[0] == 0
    assert judged("train.py")[2] is False
    (root / "models.py").write_text(FLAWED_MODELS)
    assert judged("train.py")[0] == 1


def test_patterns_that_exclude_imported_files_decide_too(judged, write):
    compiled = (
        FLAWED_MODELS.replace("return", "m =") + "    m.compile('adam', 'categorical_crossentropy')\n    return m\n"
    )
    fit = "import models\nm = models.build()\nm.fit([1], [2])\n"
    root = write({"train.py": fit, "models.py": compiled, "mllint.toml": ""})
    assert judged("train.py")[0] == 1
    (root / "mllint.toml").write_text('extend-exclude = ["models.py"]\n')
    assert judged("train.py")[0] == judged("train.py", "--no-cache")[0] == 0


def test_where_the_settings_file_lies_decides_too(judged, write):
    train = FLAWED.replace("import tensorflow as tf\n", "import tensorflow as tf\nfrom config import ACT\n")
    write(
        {
            "a/mllint.toml": "", "a/b/mllint.toml": "", "a/config.py": "ACT = 'sigmoid'\n",
            "a/b/c/train.py": train.replace('"sigmoid"', "ACT"),
        }
    )  # fmt: skip
    shared = ("--cache-dir", "kept", "a/b/c/train.py")
    assert judged("--config", "a/b/mllint.toml", *shared)[0] == 0
    assert judged("--config", "a/mllint.toml", *shared)[0] == 1


def test_knowledge_decides_too(judged, write):
    main = FLAWED.replace("import tensorflow as tf\n", "import tensorflow as tf\nfrom team import hinge\n")
    main = main.replace('"categorical_crossentropy"', "hinge()")
    team = "losses:\n  team.hinge:\n    like: {}\n"
    root = write({"a.py": main, "mllint.toml": 'knowledge = ["team.yaml"]\n'})
    (root / "team.yaml").write_text(team.format("keras.losses.CategoricalCrossentropy"))
    assert judged()[0] == 1
    assert judged()[2] is False
    (root / "team.yaml").write_text(team.format("keras.losses.BinaryCrossentropy"))
    assert judged()[0] == 0


PLUGIN = {
    "site/team_rules-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: team-rules\nVersion: 1.0\n",
    "site/team_rules-1.0.dist-info/entry_points.txt": "[mllint.rules]\nteam = team_rules\n",
    "site/team_rules/__init__.py": "",
}


def test_plugins_decide_too(mllint, write):
    root = write({"a.py": SOUND})
    assert mllint().exit_code == 0
    write(PLUGIN)
    installed = {"PYTHONPATH": str(root / "site")}
    told = mllint("a.py", environment=installed)
    assert told.exit_code == 2 and "team_rules" in told.stderr  # it holds no rule
    assert mllint("a.py", environment=installed) == told
    files = len(shelves(root))
    write({"site/team_rules/helper.py": "A = 1\n"})
    mllint("a.py", environment=installed)
    assert len(shelves(root)) == files + 1


@pytest.mark.parametrize(
    "spoil",
    [
        lambda raw: b"",
        lambda raw: raw[: len(raw) // 2],
        lambda raw: raw.replace(b"sigmoid", b"softmax"),
        lambda raw: b"\x00\xff" * 1000,
        lambda raw: b"\n",
        lambda raw: signed(b"[]"),
        lambda raw: signed(b'{"files":{},"reports":{"a.py":[1,2]}}'),
        lambda raw: signed(b'{"files":{},"reports":{"a.py":[0,{},[]]}}'),
        lambda raw: signed(b"[" * 100_000),
        lambda raw: signed(raw.partition(b"\n")[2].replace(b'"sigmoid', b'["sigmoid"],"')),
    ],
)
def test_a_spoilt_cache_is_written_anew(judged, write, spoil):
    root = write({"a.py": FLAWED})
    told = judged()
    (shelf,) = shelves(root)
    shelf.write_bytes(spoil(shelf.read_bytes()))
    assert judged() == told
    assert judged() == (*told[:2], False)


def signed(body: bytes) -> bytes:
    import hashlib

    return hashlib.sha256(body).hexdigest().encode() + b"\n" + body


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")
def test_somebody_elses_cache_is_not_believed(judged, write):
    root = write({"a.py": FLAWED})
    judged()
    (shelf,) = shelves(root)
    os.chown(shelf, 12345, 12345)
    assert judged()[2] is True


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no symbolic links")
def test_a_link_in_place_of_a_cache_is_not_followed(judged, write):
    root = write({"a.py": FLAWED})
    judged()
    (shelf,) = shelves(root)
    kept = root / "elsewhere"
    shelf.rename(kept)
    shelf.symlink_to(kept)
    before = kept.read_bytes()
    assert judged()[2] is True
    assert kept.read_bytes() == before and not shelf.is_symlink()


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no symbolic links")
def test_a_linked_directory_is_used_only_by_those_who_name_it(mllint, write):
    root = write({"project/a.py": FLAWED})
    (root / "elsewhere").mkdir()
    (root / "project" / ".mllint_cache").symlink_to(root / "elsewhere")
    project = root / "project"
    told = mllint(directory=project)
    assert (told.exit_code, list((root / "elsewhere").iterdir())) == (1, [])
    assert mllint("--cache-dir", ".mllint_cache", directory=project) == told
    assert list((root / "elsewhere").glob("*.cache"))
    assert mllint("clean", directory=project).stderr == ""
    assert list((root / "elsewhere").glob("*.cache"))


def test_a_linked_directory_below_the_named_one_is_not_followed(mllint, write):
    root = write({"a.py": FLAWED, "named/notes.txt": "mine\n"})
    (root / "elsewhere").mkdir()
    (root / "named" / ".mllint_cache").symlink_to(root / "elsewhere")
    assert mllint("a.py", "--cache-dir", "named").exit_code == 1
    assert list((root / "elsewhere").iterdir()) == []


def test_a_linked_file_is_judged_by_what_it_leads_to(judged, write):
    root = write({"real/a.txt": FLAWED, "real/b.txt": SOUND})
    (root / "a.py").symlink_to(root / "real" / "a.txt")
    assert judged()[0] == 1
    (root / "a.py").unlink()
    (root / "a.py").symlink_to(root / "real" / "b.txt")
    assert judged()[0] == 0


def test_a_directory_that_cannot_be_written_costs_time_alone(judged, write):
    root = write({"a.py": FLAWED, ".mllint_cache": "a file stands in the way\n"})
    told = judged()
    assert told[0] == 1
    assert judged() == told
    assert (root / ".mllint_cache").read_text() == "a file stands in the way\n"


def test_runs_at_the_same_time_keep_what_each_learned(mllint, write):
    write({f"{half}/{number}.py": FLAWED for half in "ab" for number in range(4)})
    command = [sys.executable, "-m", "mllint", "--quiet"]
    runs = [
        subprocess.Popen([*command, half], cwd=mllint.directory, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        for half in ("a", "b", "a", "b")
    ]
    said = [run.communicate(timeout=120) for run in runs]
    assert said[0] == said[2] and said[1] == said[3]
    assert all(run.returncode == 1 for run in runs)
    assert len(shelves(mllint.directory)) == 1
    assert not list((mllint.directory / ".mllint_cache").glob("*.new"))
    assert mllint("--quiet", "a").stdout == said[0][0].decode()


def test_a_report_with_an_error_is_not_kept(judged, write):
    write({"a.py": "import keras\nmodel.compile(loss='mse'\n"})
    told = judged()
    assert told[0] == 2
    assert judged() == told


def test_where_it_is(mllint, write):
    root = write({"a.py": FLAWED, "project/mllint.toml": "", "project/src/b.py": FLAWED})
    mllint("project/src")
    assert shelves(root / "project") and not shelves(root)
    assert (root / "project/.mllint_cache/.gitignore").read_text().endswith("*\n")
    assert (
        (root / "project/.mllint_cache/CACHEDIR.TAG")
        .read_text()
        .startswith("Signature: 8a477f597d28d172789f06886806bc55")
    )
    mllint("a.py", "--cache-dir", "kept")
    assert list((root / "kept").glob("*.cache")) and not shelves(root)
    mllint("a.py", environment={"MLLINT_CACHE_DIR": str(root / "elsewhere")})
    assert list((root / "elsewhere").glob("*.cache"))
    write({"project/mllint.toml": 'cache-dir = "own"\n'})
    mllint("project/src")
    assert list((root / "project/own").glob("*.cache"))


def test_no_cache_keeps_nothing(mllint, write):
    root = write({"a.py": FLAWED})
    mllint("--no-cache")
    assert not (root / ".mllint_cache").exists()


def test_what_nobody_asks_for_is_dropped(judged, write):
    root = write({"a.py": FLAWED})
    judged()
    (shelf,) = shelves(root)
    month = 31 * 86400
    old = root / ".mllint_cache" / f"{'0' * 64}.cache"
    old.write_bytes(b"")
    os.utime(old, (time.time() - month,) * 2)
    write({"b.py": SOUND})
    judged()
    assert shelves(root) == [shelf]


def test_clean_removes_what_was_kept_and_nothing_else(mllint, write):
    root = write({"a.py": FLAWED})
    mllint()
    (root / ".mllint_cache" / "notes.txt").write_text("mine\n")
    done = mllint("clean")
    assert (done.exit_code, done.stderr) == (0, "removed .mllint_cache\n")
    assert [path.name for path in (root / ".mllint_cache").iterdir()] == ["notes.txt"]
    again = mllint("clean")
    assert (again.exit_code, again.stderr) == (0, "")


def test_a_directory_of_others_is_not_taken_over(mllint, write):
    """Git sees new files in it, backups hold it, and clean leaves it as it was."""
    root = write({"a.py": FLAWED, "notes.txt": "mine\n"})
    git = partial(subprocess.run, cwd=root, check=True, capture_output=True, text=True)
    git(["git", "init", "-q"])
    mllint("a.py", "--cache-dir", ".")
    assert shelves(root) and not list(root.glob("*.cache"))
    assert git(["git", "status", "--short"]).stdout == "?? a.py\n?? notes.txt\n"
    before = mllint("a.py", "--no-cache")
    assert mllint("a.py", "--cache-dir", ".") == before
    done = mllint("clean", "--cache-dir", ".")
    assert done.stderr == f"removed {Path('.mllint_cache')}\n"
    assert sorted(path.name for path in root.iterdir()) == [".git", "a.py", "notes.txt"]


def test_settings_do_not_mark_directories_of_others(mllint, write):
    root = write({"others/notes.txt": "mine\n", "a/b/mllint.toml": 'cache-dir = "../../others"\n', "a/b/c.py": FLAWED})
    mllint("a/b")
    assert sorted(path.name for path in (root / "others").iterdir()) == [".mllint_cache", "notes.txt"]
    assert shelves(root / "others")


def test_clean_leaves_the_caches_of_other_tools(mllint, write):
    tag = "Signature: 8a477f597d28d172789f06886806bc55\n# This file is a cache directory tag created by ruff.\n"
    root = write({"a.py": FLAWED, "rc/CACHEDIR.TAG": tag, "rc/.gitignore": "*\n"})
    assert mllint("clean", "--cache-dir", "rc").stderr == ""
    mllint("a.py", "--cache-dir", "rc")
    assert shelves(root / "rc")
    mllint("clean", "--cache-dir", "rc")
    assert {path.name: path.read_text() for path in (root / "rc").iterdir()} == {
        "CACHEDIR.TAG": tag,
        ".gitignore": "*\n",
    }


def test_an_empty_directory_is_taken(mllint, write):
    root = write({"a.py": FLAWED})
    (root / "empty").mkdir()
    mllint("a.py", "--cache-dir", "empty")
    assert list((root / "empty").glob("*.cache")) and not shelves(root / "empty")
    mllint("clean", "--cache-dir", "empty")
    assert not (root / "empty").exists()


def test_clean_leaves_marks_that_somebody_changed(mllint, write):
    root = write({"a.py": FLAWED})
    mllint()
    write({".mllint_cache/.gitignore": "*.cache\n"})
    mllint("clean")
    assert [path.name for path in (root / ".mllint_cache").iterdir()] == [".gitignore"]
