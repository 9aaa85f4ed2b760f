"""Which JSON and YAML files are looked at for a program, and what is in them."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from textwrap import dedent

import pytest

from mllint.engine import lint_source
from mllint.files import data_files
from mllint.files.first_party import FirstParty, open_documents
from mllint.settings import Settings
from mllint.source.data.json_parts import read_json
from mllint.source.data.parts import MOST, Part, Undetermined, Unreadable
from mllint.source.data.yaml_parts import read_yaml

Write = Callable[[Mapping[str, str]], Path]
UNKNOWN = Undetermined()


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Files of a project, below a directory that is none of its own."""
    root = tmp_path / "outside" / "project"

    def put(files: Mapping[str, str]) -> Path:
        for name, text in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        monkeypatch.chdir(root)
        return root

    return put


def opened(linted: str, path: str, opener: Path | None = None, directories: tuple[Path, ...] = ()) -> str | None:
    found = FirstParty(linted, "", directories).data(path, str(opener) if opener else None)
    return found.path if found is not None else None


# ---------------------------------------------------------------- which file


@pytest.mark.parametrize(
    ("files", "linted", "path", "expected"),
    [
        (["c.json"], "train.py", "c.json", "c.json"),
        (["c.json"], "./train.py", "./c.json", "./c.json"),
        (["app/c.json"], "app/train.py", "c.json", "app/c.json"),
        (["c.json", "app/x"], "app/train.py", "c.json", "c.json"),
        (["c.json", "app/c.json"], "app/train.py", "c.json", None),
        (["c.json", "app/c.json"], "app/train.py", "app/c.json", "app/c.json"),
        (["conf/c.json", "app/x"], "app/train.py", "../conf/c.json", "conf/c.json"),
        (["../c.json", "x"], "train.py", "../c.json", None),
        (["app/sub/c.json"], "app/train.py", "c.json", None),
        (["x"], "train.py", "c.json", None),
        (["c.json/x"], "train.py", "c.json", None),
    ],
)
def test_which_file_a_path_means(write: Write, files: list[str], linted: str, path: str, expected: str | None) -> None:
    write(dict.fromkeys(files, "{}"))
    assert opened(linted, path) == expected


def test_an_absolute_path_means_a_file_of_the_project(write: Write) -> None:
    root = write({"c.json": "{}", "../c.json": "{}"})
    assert opened("train.py", str(root / "c.json")) == "c.json"
    assert opened("train.py", str(root.parent / "c.json")) is None
    assert opened("train.py", str(root / ".." / "c.json")) is None
    assert opened("train.py", "/etc/passwd") is None


def test_the_directory_of_the_settings_file_is_one_of_the_project(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write({"c.json": "{}", "app/x": ""})
    monkeypatch.chdir(root / "app")
    assert opened("train.py", "c.json") is None
    assert opened("train.py", "c.json", directories=(root,)) == str(root / "c.json")


def test_a_file_beside_the_module_that_opens_it_makes_doubt(write: Write) -> None:
    root = write({"c.json": "{}", "lib/c.json": "{}", "lib/d.json": "{}"})
    assert opened("train.py", "c.json", root / "lib/models.py") is None
    assert opened("train.py", "c.json", root / "models.py") == "c.json"
    assert opened("train.py", "d.json", root / "lib/models.py") == "lib/d.json"


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes")
def test_nothing_but_ordinary_files_of_the_project_is_read(write: Write) -> None:
    root = write({"c.json": "{}", "../secret.json": "{}"})
    (root / "inside.json").symlink_to("c.json")
    (root / "outside.json").symlink_to("../secret.json")
    (root / "up").symlink_to("..")
    (root / "loop.json").symlink_to("loop.json")
    (root / "zero.json").symlink_to("/dev/zero")
    os.mkfifo(root / "pipe.json")
    assert opened("train.py", "inside.json") == "inside.json"
    for name in ("outside.json", "up/secret.json", "loop.json", "zero.json", "pipe.json"):
        assert opened("train.py", name) is None


@pytest.mark.parametrize("raw", [b"\xff", b"\xef\xbb\xbf{}", b" " * (data_files.LARGEST + 1)], ids=len)
def test_what_is_no_text_or_too_large_is_not_read(write: Write, raw: bytes) -> None:
    root = write({"x": ""})
    (root / "c.json").write_bytes(raw)
    assert opened("train.py", "c.json") is None


def test_what_was_asked_is_remembered(write: Write) -> None:
    root = write({"app/c.json": "{}", "app/d.json": "", "d.json": ""})
    modules = FirstParty("app/train.py", "")
    for name in ("c.json", "d.json", "missing.json"):
        modules.data(name, None)
    assert modules.asked[str(root / "app/c.json")] == hashlib.sha256(b"{}").hexdigest()
    assert modules.asked[str(root / "c.json")] is None
    assert modules.asked[str(root / "d.json")] == modules.asked[str(root / "app/d.json")] == "a file"
    assert modules.asked[str(root / "missing.json")] is None


# ---------------------------------------------------------------- what is in it


def plain(part: Part) -> object:
    if isinstance(part.content, Mapping):
        return {key: plain(value) for key, value in part.content.items()}
    return [plain(item) for item in part.content] if isinstance(part.content, tuple) else part.content


def leaves(text: str, part: Part) -> Iterator[str]:
    for one in part.all():
        if not isinstance(one.content, Mapping | tuple):
            yield text[one.start : one.end]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("mse", "mse"),
        ("'1'", "1"),
        ("10", 10),
        ("0x10", 16),
        ("1_000", 1000),
        ("1e-3", "1e-3"),
        ("1.0e-3", 0.001),
        ("1:30", 90),
        ("yes", True),
        ("off", False),
        ("True", True),
        ("null", None),
        ("~", None),
        ("", None),
        ("none", "none"),
        ("None", "None"),
        ("2020-01-01", UNKNOWN),
        ("[1, two, 3.5]", [1, "two", 3.5]),
        ("{a: {b: c}}", {"a": {"b": "c"}}),
    ],
)
def test_yaml_says_what_pyyaml_makes_of_it(written: str, value: object) -> None:
    assert plain(read_yaml(f"key: {written}\n")) == {"key": value}


def test_of_a_key_that_comes_twice_the_last_one_counts() -> None:
    assert plain(read_yaml("a: 1\na: 2\n")) == plain(read_json('{"a": 1, "a": 2}')) == {"a": 2}


def test_json_says_what_python_makes_of_it() -> None:
    text = '{"a": [1, 2.5e-3, "\\u00e9\\"", null, true],\t"b": {"c": "1e-3"}}'
    assert plain(read_json(text)) == {"a": [1, 0.0025, 'é"', None, True], "b": {"c": "1e-3"}}
    assert list(leaves(text, read_json(text))) == ["1", "2.5e-3", '"\\u00e9\\""', "null", "true", '"1e-3"']


def test_yaml_tells_its_places_in_code_points() -> None:
    text = 'é: "ü𝄞"\r\nlist:\r\n- mse   # loss\r\nmore: |\r\n  two\r\n'
    assert list(leaves(text, read_yaml(text))) == ['"ü𝄞"', "|\r\n  two\r\n", "mse"]


@pytest.mark.parametrize(
    "text",
    [
        "{",
        '{"a": 1,}',
        "{'a': 1}",
        "",
        "[" * 200_000,
        '{"a":' * 1_000 + "1" + "}" * 1_000,
        "[" * 60 + "]" * 60,
        f"[{'1,' * MOST}1]",
        "9" * 5_000,
        '{"a' + '\\"' * 100_000,
    ],
    ids=lambda text: text[:10],
)
def test_json_that_goes_too_far_is_not_read(text: str) -> None:
    with pytest.raises(Unreadable):
        read_json(text)


@pytest.mark.parametrize(
    "text",
    [
        "a: [",
        "a: 1\n---\nb: 2\n",
        "a: &b [1]\nc: *b\n",
        "a: &a [lol]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c]\n",
        "<<: {a: 1}\n",
        "a: !!python/object/apply:os.system [x]\n",
        "a: !custom x\n",
        "[a, b]: 1\n",
        "2020-01-01: 1\n",
        "a: 2020-13-45\n2020-13-45: 1\n",
        "- " * 100,
        "[" * 100_000,
        "a: " + "9" * 5_000,
        "a: " + "1" * 20_000,
        "a: 1" + ":59" * 900 + ".5",
        f"[{'1, ' * MOST}1]",
        "a: \0",
    ],
    ids=lambda text: text[:10],
)
def test_yaml_that_goes_too_far_is_not_read(text: str) -> None:
    with pytest.raises(Unreadable):
        read_yaml(text)


# ---------------------------------------------------------------- what a program makes of it

HEAD = """\
import argparse, json, os, shutil, subprocess, sys
from pathlib import Path
import yaml
from tensorflow import keras
"""
TAIL = """\
model = keras.Sequential([keras.Input((20,)), keras.layers.Dense(10, activation=config["activation"])])
model.compile("adam", loss=config["loss"])
"""
CONFIG = {
    "config.json": '{"activation": "sigmoid", "loss": "categorical_crossentropy"}',
    "config.yaml": "activation: sigmoid\nloss: categorical_crossentropy\n",
    "configs/a.yaml": "activation: sigmoid\nloss: categorical_crossentropy\n",
}


def is_known(lines: str, name: str = "train.py") -> bool:
    """Whether the values of the file are what the model is made of."""
    report = lint_source((HEAD + dedent(lines).strip() + "\n" + TAIL).encode(), name, Settings())
    assert not report.errors
    return [one.rule for one in report.findings] == ["sigmoid-with-categorical-crossentropy"]


@pytest.mark.parametrize(
    "lines",
    [
        'config = json.load(open("config.json"))',
        'config = json.load(open("./config.json", "r", encoding="utf-8"))',
        'config = json.loads(open("config.json").read())',
        'config = json.loads(Path("config.json").read_bytes())',
        'config = yaml.safe_load(Path("config.yaml").read_text(encoding="UTF-8"))',
        'config = yaml.load(open("config.yaml"), Loader=yaml.FullLoader)',
        'config = yaml.load(open("config.yaml"), yaml.SafeLoader)',
        """
        try:
            from yaml import CLoader as Loader
        except ImportError:
            from yaml import Loader
        config = yaml.load(open("config.yaml"), Loader=Loader)
        """,
        """
        with Path("config.yaml").open("rb") as stream:
            config = yaml.full_load(stream) or {}
        """,
        """
        def load(path="config.yaml"):
            with open(path) as stream:
                return yaml.safe_load(stream)
        config = load()
        """,
        """
        class Configuration:
            def __init__(self, path):
                with open(path) as stream:
                    self.content = yaml.safe_load(stream)
            def __getitem__(self, name):
                return self.content[name]
        config = Configuration("configs/a.yaml").content
        """,
        'config = json.load(open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "config.json")))',
        'config = yaml.safe_load((Path(__file__).resolve().parent / "configs" / "a.yaml").read_text())',
        'config = yaml.safe_load(open(Path(__file__).parents[0].joinpath("config.yaml")))',
        'config = yaml.safe_load(open(f"{Path(__file__).parent}/config.yaml"))',
        'config = yaml.safe_load(open(str(Path("configs") / "a.yaml")))',
        'config = yaml.safe_load(open(os.path.join(os.getcwd(), "config.yaml")))',
        'config = dict(json.load(open("config.json")), epochs=3)',
        'config = json.load(open("config.json"))\nshutil.copy("config.json", "runs")\nprint(config, "config.json")',
        'config = json.load(open("config.json"))\nopen("log.txt", "w").write("x")',
        'config = json.load(open("config.json"))\nopen(sys.argv[1], "w").write("x")',
        """
        if not os.path.exists("config.json"):
            raise FileNotFoundError("config.json is missing")
        config = json.load(open("config.json"))
        """,
    ],
)
def test_a_literal_path_is_followed(write: Write, lines: str) -> None:
    write(CONFIG)
    assert is_known(lines)


@pytest.mark.parametrize(
    "lines",
    [
        "config = json.load(open(sys.argv[1]))",
        'config = json.load(open(os.environ.get("CONFIG", "config.json")))',
        'config = json.load(open(os.getenv("CONFIG", "config.json")))',
        'config = json.load(open(f"{sys.argv[1]}.json"))',
        'config = json.load(open("missing.json"))',
        'config = json.load(open(os.path.join(os.path.dirname(os.path.dirname(__file__)), "config.json")))',
        'config = json.load(open(Path("config.json").parent.parent / "config.json"))',
        'config = json.load(open("config.json", encoding="utf-16"))',
        'config = json.load(open("config.json"), object_hook=changed)',
        'config = json.load(open("config.yaml"))',
        'config = yaml.load(open("config.yaml"), Loader=yaml.BaseLoader)',
        'config = yaml.load(open("config.yaml"), Loader=Own)',
        'yaml.SafeLoader.add_constructor("!x", made)\nconfig = yaml.safe_load(open("config.yaml"))',
        'config = yaml.safe_load(os.path.expandvars(open("config.yaml").read()))',
        'config = json.loads(open("config.json").read().replace("sigmoid", "softmax"))',
        'stream = open("config.json")\nstream.readline()\nconfig = json.load(stream)',
        'stream = open("config.json")\nfirst = json.load(stream)\nconfig = json.load(stream)',
        'yaml.SafeLoader.yaml_implicit_resolvers.pop("o")\nconfig = yaml.safe_load(open("config.yaml"))',
        'config = dict(json.load(open("config.json")), **vars(arguments))',
        'from hydra import main\nconfig = json.load(open("config.json"))',
        'os.chdir("elsewhere")\nconfig = json.load(open("config.json"))',
    ],
)
def test_what_is_not_known_to_be_read_as_it_is_stays_unknown(write: Write, lines: str) -> None:
    write(CONFIG)
    assert not is_known(lines)


@pytest.mark.parametrize(
    "lines",
    [
        'json.dump({}, open("config.json", "w"))',
        'json.dump({}, open(PATH, "w"))',
        'with open(PATH, mode="r+") as stream:\n    stream.write("{}")',
        'def save(content):\n    with open(PATH, "w") as stream:\n        json.dump(content, stream)',
        'def save(path=PATH):\n    with open(path, "w") as stream:\n        stream.write("{}")\nsave()',
        'Path(PATH).write_text("{}")',
        'def save():\n    Path("config.json").write_text("{}")',
        'with (Path(__file__).parent / "config.json").open("w") as stream:\n    stream.write("{}")',
        'shutil.copy("other.json", PATH)',
        'os.replace("other.json", "config.json")',
        'os.system("cp other.json config.json")',
        'subprocess.run(["wget", "-O", PATH, "https://example.org"])',
        'download("https://example.org", output="config.json")',
        'open(sys.argv[1], "w").write("config.json")',
    ],
)
@pytest.mark.parametrize("place", ["before", "after"])
def test_a_file_that_the_program_may_write_stays_unknown(write: Write, lines: str, place: str) -> None:
    write(CONFIG)
    load = "config = json.load(open(PATH))"
    assert is_known(f'PATH = "config.json"\n{load}')
    ordered = (lines, load) if place == "before" else (load, lines)
    assert not is_known("\n".join(('PATH = "config.json"', *ordered)))


@pytest.mark.parametrize("text", ["${ACTIVATION}", "{{ activation }}", "$(activation)"])
def test_a_placeholder_is_not_what_the_program_has_in_the_end(write: Write, text: str) -> None:
    write({"config.yaml": f"activation: '{text}'\nloss: categorical_crossentropy\n"})
    report = lint_source((HEAD + 'config = yaml.safe_load(open("config.yaml"))\n' + TAIL).encode(), "train.py")
    assert not report.findings and report.not_judged


def test_data_are_no_settings(write: Write) -> None:
    labels = ", ".join(["0", "1"] * 40)
    write({"data.json": f'{{"labels": [{labels}], "rows": [[0, 1], [1, 0]], "few": [0, 1]}}', "list.json": "[0, 1]"})
    program = """
    data = json.load(open("data.json"))
    config = {{"activation": "sigmoid", "loss": ["mse", "categorical_crossentropy"][{}]}}
    """
    assert is_known(program.format('data["few"][1]'))
    for unknown in ('data["labels"][1]', 'data["rows"][0][1]', 'json.load(open("list.json"))[1]'):
        assert not is_known(program.format(unknown))


# ---------------------------------------------------------------- what is said of it

TRAIN = HEAD + 'config = yaml.safe_load(open("config.yaml"))\n' + TAIL


def test_places_name_the_file_and_its_lines(write: Write) -> None:
    write(CONFIG)
    report = lint_source(TRAIN.encode(), "train.py")
    [finding] = report.findings
    places = {(place.path, place.line, place.column, place.end_column) for place in finding.locations}
    assert {("config.yaml", 1, 13, 20), ("config.yaml", 2, 7, 31)} <= places
    assert ("train.py", TRAIN.count("\n")) in {(place.path, place.line) for place in finding.locations}
    assert report.lines["config.yaml", None, 2] == "loss: categorical_crossentropy"


def test_an_open_document_stands_for_its_file(write: Write) -> None:
    root = write(CONFIG)
    with open_documents({str(root / "config.yaml"): b"activation: softmax\nloss: categorical_crossentropy\n"}):
        assert not lint_source(TRAIN.encode(), "train.py").findings
    (root / "config.yaml").unlink()
    assert not lint_source(TRAIN.encode(), "train.py").findings
    with open_documents({str(root / "config.yaml"): CONFIG["config.yaml"].encode()}):
        assert lint_source(TRAIN.encode(), "train.py").findings


def test_following_can_be_turned_off(write: Write) -> None:
    write(CONFIG)
    assert not lint_source(TRAIN.encode(), "train.py", Settings(follow_imports=False)).findings
