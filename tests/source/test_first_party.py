"""Which files are looked at for an import, and what is remembered of that."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path

import libcst as cst
import pytest

from mllint.engine import fix_source, lint_source
from mllint.files import first_party
from mllint.files.first_party import FirstParty, open_documents
from mllint.fixes.plan import UNSAFE
from mllint.judging.said_once import said_once
from mllint.settings import Settings

Write = Callable[[Mapping[str, str]], Path]

MODELS = """\
from tensorflow import keras

def build(units, activation="softmax"):
    return keras.Sequential([keras.layers.Dense(units, activation=activation)])
"""
TRAIN = b"""\
from models import build
model = build(10, "sigmoid")
model.compile("adam", "categorical_crossentropy")
"""


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    def put(files: Mapping[str, str]) -> Path:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return tmp_path

    monkeypatch.chdir(tmp_path)
    return put


def located(modules: FirstParty, dotted: str, importer: Path | None = None) -> str | None:
    found = modules.locate(dotted, str(importer) if importer else None)
    return Path(found).relative_to(Path.cwd()).as_posix() if found else None


def test_what_libcst_cannot_parse_in_a_function_of_another_file_is_unknown(write: Write, monkeypatch):
    """A version of Python may know expressions that the installed LibCST does not; the body is parsed when it runs."""
    folder = write({"models.py": MODELS.replace("    return", "    print(f'{units}')\n    return"), "train.py": ""})
    parse_module = cst.parse_module
    monkeypatch.setattr(cst, "parse_module", lambda text: parse_module(text.replace("{", "{{ }")))
    report = lint_source(b"import keras\n" + TRAIN, str(folder / "train.py"))
    assert not report.errors and not report.findings


@pytest.mark.parametrize(
    ("files", "dotted", "expected"),
    [
        (["a.py"], "a", "a.py"),
        (["a/__init__.py", "a.py"], "a", "a/__init__.py"),
        (["a.py", "a/b.py"], "a", "a.py"),
        (["a/b.py"], "a", "a"),
        (["a/b.py"], "a.b", "a/b.py"),
        (["a/__init__.py", "a/b/c.py"], "a.b.c", "a/b/c.py"),
        (["a.py"], "a.b", None),
        (["src/a.py"], "a", "src/a.py"),
        (["a.py", "src/a.py"], "a", "a.py"),
        (["a/b.txt", "src/a.py"], "a", "src/a.py"),
        (["a.py"], ".a", "a.py"),
        (["json.py"], "json", None),
        (["numpy.py"], "numpy", None),
        (["keras/src/losses.py"], "keras.src.losses", None),
        ([], "a", None),
    ],
)
def test_where_a_module_is(write: Write, files: list[str], dotted: str, expected: str | None) -> None:
    write(dict.fromkeys(files, ""))
    assert located(FirstParty("train.py", ""), dotted) == expected


def test_the_framework_itself_is_not_followed_from_within(write: Write) -> None:
    write(
        dict.fromkeys(["keras/__init__.py", "keras/src/__init__.py", "keras/src/losses.py", "keras/src/train.py"], "")
    )
    modules = FirstParty("keras/src/train.py", "")
    assert located(modules, ".losses") is None
    assert located(modules, "keras.src.losses") is None


def test_what_is_installed_is_not_followed(write: Write) -> None:
    write(dict.fromkeys(["site-packages/own/__init__.py", "site-packages/own/models.py"], ""))
    assert located(FirstParty("site-packages/own/train.py", ""), ".models") is None


def test_two_modules_of_a_name_are_not_told_apart(write: Write) -> None:
    write(dict.fromkeys(["config.py", "app/__init__.py", "app/config.py", "app/train.py"], ""))
    assert located(FirstParty("app/train.py", ""), "config") is None
    assert located(FirstParty("app/train.py", ""), "app.config") == "app/config.py"


def test_another_file_imports_as_the_linted_one_does(write: Write) -> None:
    root = write(dict.fromkeys(["utils.py", "lib/models.py", "lib/utils.py", "lib/own.py"], ""))
    modules = FirstParty("train.py", "")
    assert located(modules, "utils", root / "lib/models.py") == "utils.py"
    assert located(modules, "own", root / "lib/models.py") == "lib/own.py"


def test_what_was_asked_is_remembered(write: Write) -> None:
    root = write({"models.py": MODELS})
    modules = FirstParty("train.py", "")
    found = modules.locate("models", None)
    assert found is not None and modules.read(found) is not None
    assert modules.locate("missing", None) is None
    assert modules.asked[str(root / "models.py")] == hashlib.sha256(MODELS.encode()).hexdigest()
    assert modules.asked[str(root / "missing.py")] is None
    assert modules.asked[str(root / "missing" / "__init__.py")] is None


def test_a_file_that_is_too_large_is_not_read(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_party, "LARGEST_FILE", 10)
    root = write({"models.py": MODELS})
    assert FirstParty("train.py", "").read(str(root / "models.py")) is None


def test_no_more_files_than_a_limit_are_read(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(first_party, "MOST_FILES", 1)
    root = write({"a.py": "", "b.py": ""})
    modules = FirstParty("train.py", "")
    assert modules.read(str(root / "a.py")) is not None
    assert modules.read(str(root / "b.py")) is None


def test_an_open_document_stands_for_its_file(write: Write) -> None:
    root = write({"models.py": MODELS})
    assert [one.rule for one in lint_source(TRAIN, "train.py").findings] == ["sigmoid-with-categorical-crossentropy"]
    with open_documents({str(root / "models.py"): MODELS.replace("activation=activation", "").encode()}):
        assert [one.rule for one in lint_source(TRAIN, "train.py").findings] == ["logits-without-from-logits"]


def test_places_name_their_files_and_lines(write: Write) -> None:
    write({"models.py": MODELS})
    source = b'import models\nmodel = models.build(1)\nmodel.compile("adam", "binary_crossentropy")\n'
    report = lint_source(source, "train.py")
    [finding] = report.findings
    places = {(place.path, place.line) for place in finding.locations}
    assert (finding.primary.path, finding.primary.line) == ("models.py", 3)
    assert {("models.py", 3), ("train.py", 3)} <= places
    assert report.lines["models.py", None, 3] == MODELS.splitlines()[2]
    absolute = lint_source(source, str(Path("train.py").absolute()))
    assert absolute.findings[0].primary.path == str(Path("models.py").absolute())


@pytest.mark.parametrize(
    ("linted", "other", "shown"),
    [
        ("train.py", "models.py", "models.py"),
        ("./train.py", "models.py", "./models.py"),
        ("app/./train.py", "app/models.py", "app/./models.py"),
        ("./app/train.py", "models.py", "./models.py"),
        ("app/sub/train.py", "app/models.py", "app/models.py"),
        ("app/train.py", "app/parts/models.py", "app/parts/models.py"),
    ],
)
def test_a_path_is_shown_as_if_it_was_linted_itself(write: Write, linted: str, other: str, shown: str) -> None:
    root = write({linted: "", other: MODELS})
    parsed = FirstParty(linted, "").read(str(root / other))
    assert parsed is not None and parsed.path == shown


def test_a_fix_never_edits_another_file(write: Write) -> None:
    write({"models.py": MODELS})
    source = b"""\
import models
import numpy as np
model = models.build(1)
model.compile("adam", "binary_crossentropy")
model.fit(x, np.array([0, 1, 1, 0]))
"""
    fixed = fix_source(source, "train.py", Settings(), UNSAFE)
    assert fixed.rewrite is None
    assert {one.reason for one in fixed.refused} == {"it is written in models.py, which is another file"}


def test_a_fix_that_another_file_uses_too_is_refused(write: Write) -> None:
    write({"models.py": MODELS.replace("[keras", "[keras.layers.Dense(8, activation=activation), keras")})
    source = b"""\
from tensorflow import keras
from models import build
ACTIVATION = "sigmoid"
other = build(3, ACTIVATION)
model = keras.Sequential([keras.layers.Dense(10, activation=ACTIVATION)])
model.compile("adam", "categorical_crossentropy")
model.fit(x, keras.utils.to_categorical(y, 10))
"""
    fixed = fix_source(source, "train.py", Settings(), UNSAFE)
    assert fixed.rewrite is None
    assert [one.reason for one in fixed.refused] == ["line 4 of models.py uses it too, for something else"]


def test_a_fix_in_the_file_itself_is_proven_with_the_others(write: Write) -> None:
    write({"config.py": "UNITS = 10\n"})
    source = b"""\
from tensorflow import keras
from config import UNITS
model = keras.Sequential([keras.layers.Dense(UNITS, activation="sigmoid")])
model.compile("adam", "categorical_crossentropy")
model.fit(x, keras.utils.to_categorical(y, 10))
"""
    fixed = fix_source(source, "train.py", Settings(), UNSAFE)
    assert fixed.rewrite is not None and b'UNITS, activation="softmax"' in fixed.rewrite.after


def test_an_endless_import_keeps_what_the_file_says_itself(write: Write) -> None:
    loops = "".join("for i in range(20):\n" + " pass\n" for _ in range(10))
    nested = "def f(n):\n" + "".join(f"    f(n - {i})\n" for i in range(50)) + "f(100)\n"
    write({"slow.py": nested + loops + "UNITS = 1\n"})
    source = b"""\
from tensorflow import keras
from slow import UNITS
first = keras.Sequential([keras.layers.Dense(UNITS, activation="softmax")])
first.compile("adam", "binary_crossentropy")
second = keras.Sequential([keras.layers.Dense(1, activation="softmax")])
second.compile("adam", "binary_crossentropy")
"""
    assert ("one-unit-softmax", 5) in {(one.rule, one.primary.line) for one in lint_source(source, "train.py").findings}


def test_what_two_reports_say_is_said_once(write: Write) -> None:
    write({"models.py": MODELS + "bad = build(1)\nbad.compile('adam', 'binary_crossentropy')\n"})
    source = b'import models\nmodel = models.build(1)\nmodel.compile("adam", "binary_crossentropy")\n'
    own = lint_source(Path("models.py").read_bytes(), "models.py")
    reports = [lint_source(source, "a.py"), lint_source(source, "b.py"), own]
    assert [len(report.findings) for report in reports] == [1, 1, 1]
    assert [len(report.findings) for report in said_once(reports)] == [0, 0, 1]
    assert [len(report.findings) for report in said_once(reports[:2])] == [1, 0]
