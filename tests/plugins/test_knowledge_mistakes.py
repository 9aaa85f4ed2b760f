"""A mistake in a knowledge file is said once, where it is; what the file does not govern is judged all the same."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from mllint.settings import SettingsError, read_file
from mllint.settings.schema import schema as schema_of_settings

LAYER = "layers:\n  acme.Head:\n    role: scores\n    signature: units, activation=None\n    units: units\n"
LOSS = (
    "losses:\n  own:\n    family: binary\n    needs: probability\n    spellings:\n"
    "      - symbol: acme.own\n        kind: function\n        signature: y_true, y_pred\n"
)
DATA = "datasets:\n  acme.load:\n    form: pair\n    labels:\n      encoding: multi-hot\n"
MISTAKES = {
    "a section": ("\nlayrs: {}\n", 2, "unknown section 'layrs'; did you mean 'layers'?"),
    "no section at all": ("rows: {}\n", 1, "unknown section 'rows'; valid sections: losses, activations, "),
    "a key": (
        LAYER + "    activaton: activation\n",
        6,
        "layers: acme.Head: unknown key 'activaton'; did you mean 'activation'?",
    ),
    "a key far from all": (
        LAYER + "    colour: red\n",
        6,
        "layers: acme.Head: unknown key 'colour'; valid keys: activation, ",
    ),
    "a key in a spelling": (
        LOSS + "        from_logit: true\n",
        9,
        "losses: own: acme.own: unknown key 'from_logit'; did you mean 'from_logits'?",
    ),
    "a key that is missing": (
        "layers:\n  acme.Head:\n    signature: units\n",
        2,
        "layers: acme.Head: missing key 'role'",
    ),
    "a key that is misspelt": (
        "layers:\n  acme.Head:\n    rol: scores\n    signature: units\n",
        2,
        "layers: acme.Head: missing key 'role'; 'rol' may be meant",
    ),
    "a choice": (LAYER.replace("scores", "score"), 3, "layers: acme.Head: role: 'score' is not one of scores, "),
    "a choice in a mapping": (
        DATA.replace("multi-hot", "multihot"),
        5,
        "datasets: acme.load: labels: encoding: 'multihot' is not one of",
    ),
    "a number": (DATA + "      low: .nan\n", 6, "datasets: acme.load: labels: low: expected a number, found nan"),
    "a count": (
        DATA + "      classes: 0\n",
        6,
        "datasets: acme.load: labels: classes: expected a whole number, one or more",
    ),
    "a parameter": (
        LAYER.replace("units: units", "units: size"),
        5,
        "layers: acme.Head: units: 'size' is not a parameter of the signature",
    ),
    "a signature": (
        LAYER.replace("units, act", "units act"),
        4,
        "layers: acme.Head: signature: 'units activation=None' is not a list of parameters",
    ),
    "an activation": (
        LAYER + "    default_activation: sigmod\n",
        6,
        "layers: acme.Head: default_activation: 'sigmod' is not known; did you mean 'sigmoid'?",
    ),
    "an effect": (
        "label_sources:\n  acme.f:\n    effect: onehot\n    signature: x\n",
        3,
        "label_sources: acme.f: effect: 'onehot' is not known; did you mean 'one_hot'?",
    ),
    "what it is like": (
        "layers:\n  acme.Head:\n    like: keras.layers.Dens\n",
        3,
        "layers: acme.Head: like: 'keras.layers.Dens' is not known; did you mean 'keras.layers.Dense'?",
    ),
    "a key beside like": (
        "layers:\n  acme.Head:\n    like: keras.layers.Dense\n    role: scores\n",
        4,
        "layers: acme.Head: unknown key 'role'",
    ),
    "a loss of one parameter": (
        LOSS.replace("y_true, y_pred", "y_pred"),
        6,
        "losses: own: acme.own: signature: a loss takes labels and predictions",
    ),
    "a row that is none": ("layers:\n  acme.Head: 3\n", 2, "layers: acme.Head: expected a mapping of fields, found 3"),
    "a section that is none": ("layers: [1]\n", 1, "layers: expected a mapping from names to rows"),
    "a version": (LAYER + "    keras: [[3]]\n", 6, "layers: acme.Head: keras: expected a list of Keras versions"),
    "a row twice": (LAYER + LAYER.removeprefix("layers:\n"), 6, "is not YAML: 'acme.Head' is written twice"),
    "a symbol twice": (
        LOSS + LOSS.removeprefix("losses:\n").replace("  own:", "  mine:"),
        9,
        "losses: mine: 'acme.own' belongs to 'own' too",
    ),
    "YAML": ("layers: [\n", 2, "is not YAML: "),
    "a list": ("- 1\n", None, "expected a mapping from names to rows"),
    "cases": ("cases: {one: 1}\n", 1, "cases: expected a mapping from titles to programs"),
}


def mistake(tmp_path: Path, text: str | bytes) -> SettingsError:
    raw = text if isinstance(text, bytes) else text.encode()
    (tmp_path / "team.yaml").write_bytes(raw)
    (tmp_path / "mllint.toml").write_text("\nknowledge = ['team.yaml']\n")
    with pytest.raises(SettingsError) as caught:
        read_file(tmp_path / "mllint.toml")
    return caught.value


@pytest.mark.parametrize("what", MISTAKES)
def test_a_mistake_names_file_line_row_key_and_the_nearest_valid_one(what: str, tmp_path: Path) -> None:
    text, line, message = MISTAKES[what]
    error = mistake(tmp_path, text)
    assert error.source == str(tmp_path / "team.yaml")
    assert error.message.startswith(message), error.message
    assert error.line == line


HOSTILE = {
    "depth": ("\nlosses: " + "[" * 100_000, 2, "nested more than 50 deep"),
    "depth of keys": ("losses: " + "{a: " * 100_000, 1, "nested more than 50 deep"),
    "references": (
        "a: &a [x, x]\n" + "".join(f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in pairwise("abcdefghijk")),
        1,
        "anchors and aliases (& and *) are not read",
    ),
    "a tag": ("losses:\n  own: !!int ''\n", 2, "tags (!) are not read"),
    "a number": (f"losses: {':'.join('1' * 100_000)}\n", 1, "more than 10,000 characters without quotation marks"),
    "a number beyond floats": (f"losses: {':'.join('1' * 600)}.5\n", None, "is not YAML: "),
    "size": ("#" * (1024 * 1024 + 1), None, "larger than 1 MiB"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_a_file_that_would_end_or_stall_the_process_is_refused(what: str, mllint, write) -> None:
    text, line, message = HOSTILE[what]
    write({"mllint.toml": "knowledge = ['team.yaml']", "team.yaml": text, "a.py": ""})
    run = mllint()
    assert run.exit_code == 2
    place = f"team.yaml:{line}: " if line is not None else "team.yaml: "
    assert f"{place}error: {message}" in run.stderr, run.stderr


def test_what_a_message_quotes_is_short(tmp_path: Path) -> None:
    error = mistake(tmp_path, "layers:\n  acme.Head: [" + "long, " * 100_000 + "]\n")
    assert error.message.startswith("layers: acme.Head: expected a mapping of fields, found ['long', ")
    assert len(error.message) < 200


def test_what_is_no_text(tmp_path: Path) -> None:
    error = mistake(tmp_path, b"layers:\n  \xff: {}\n")
    assert (error.message, error.line) == ("is not UTF-8", 2)


def test_a_file_that_is_not_there(mllint, write) -> None:
    write({"mllint.toml": "knowledge = ['missing.yaml']", "a.py": ""})
    run = mllint()
    assert run.exit_code == 2
    assert "missing.yaml: error: cannot be read: No such file or directory\n" in run.stderr


@pytest.mark.parametrize("value", ["'team.yaml'", "[1]", "true"])
def test_the_key_takes_a_list_of_paths(value: str, tmp_path: Path) -> None:
    (tmp_path / "mllint.toml").write_text(f"knowledge = {value}\n")
    with pytest.raises(SettingsError, match="key `knowledge`: expected a list of strings, found "):
        read_file(tmp_path / "mllint.toml")


def test_an_empty_file_teaches_nothing(tmp_path: Path) -> None:
    for text in ("", "# nothing yet\n", "layers: {}\n"):
        (tmp_path / "team.yaml").write_text(text)
        (tmp_path / "mllint.toml").write_text("knowledge = ['team.yaml']\n")
        settings = read_file(tmp_path / "mllint.toml")
        assert settings is not None
        assert settings.knowledge == (tmp_path / "team.yaml",)


def test_others_are_judged_all_the_same(mllint, write) -> None:
    flawed = (
        "import keras\nmodel = keras.Sequential([keras.layers.Dense(3, activation='sigmoid')])\n"
        "model.compile('adam', 'categorical_crossentropy')\n"
    )
    files = {"a/mllint.toml": "knowledge = ['team.yaml']", "a/team.yaml": "layers: {x: 3}", "a/b.py": flawed}
    write({**files, "a/c.py": flawed, "d/e.py": flawed})
    run = mllint("--output-format", "concise", "a", "d")
    assert run.exit_code == 2
    assert [line.split(":")[0] for line in run.stdout.splitlines()] == ["d/e.py"]
    assert run.stderr.count("a/team.yaml:1: error: layers: x: expected a mapping of fields, found 3\n") == 1


def test_editors_know_the_key() -> None:
    assert schema_of_settings()["properties"]["knowledge"]["type"] == "array"
