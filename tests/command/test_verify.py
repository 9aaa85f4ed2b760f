"""`mllint verify`, and model files among what `mllint check` is given."""

from __future__ import annotations

import json
import os
import shutil
import sys
from pathlib import Path

import pytest

from mllint.reports import FORMATS
from tests.archive.conftest import COMMITTED
from tests.command.conftest import Command

BOTH = "two_outputs.h5"


@pytest.fixture
def models(tmp_path: Path) -> Path:
    for name in ("sequential.h5", "two_outputs.h5", "nested.h5"):
        shutil.copy(COMMITTED / name, tmp_path)
    return tmp_path


def test_findings_name_the_layer_and_the_setting(mllint: Command, models: Path) -> None:
    run = mllint("verify", "sequential.h5")
    assert run.exit_code == 1
    assert run.stdout.splitlines()[1:5] == [
        " --> sequential.h5: training_config.loss",
        "  |  loss: compares the units with each other",
        " ::: sequential.h5: layer dense_1",
        "  |  head: decides each unit by itself",
    ]
    assert run.stderr == "Found 1 error in 1 file (1 setup judged)\n"


def test_concise(mllint: Command, models: Path) -> None:
    run = mllint("verify", "sequential.h5", "--output-format", "concise", "-q")
    assert run.stdout.startswith(
        "sequential.h5: training_config.loss: error[MLL101] sigmoid-with-categorical-crossentropy: "
    )
    assert (run.stderr, len(run.stdout.splitlines())) == ("", 1)


def test_json(mllint: Command, models: Path) -> None:
    document = json.loads(mllint("verify", "sequential.h5", "--output-format", "json").stdout)
    (finding,) = document["findings"]
    assert [location["part"] for location in finding["locations"]] == ["training_config.loss", "layer dense_1"]
    assert document["summary"]["judged"] == 1


def test_the_same_finding_in_two_outputs_is_two_findings(mllint: Command, models: Path) -> None:
    run = mllint("verify", BOTH, "--labels", "integer", "--select", "MLL202,MLL403", "--output-format", "json")
    parts = [one["locations"][0]["part"] for one in json.loads(run.stdout)["findings"]]
    assert len(parts) == len(set(parts))


def test_what_is_selected_and_what_fails(mllint: Command, models: Path) -> None:
    assert mllint("verify", "sequential.h5", "--ignore", "MLL101").exit_code == 0
    assert mllint("verify", "sequential.h5", "--select", "labels").exit_code == 0
    assert mllint("verify", "sequential.h5", "--exit-zero").exit_code == 0
    assert mllint("verify", BOTH, "--fail-level", "error").exit_code == 0
    assert mllint("verify", BOTH).exit_code == 1


def test_stated_labels_lead_to_findings(mllint: Command, models: Path) -> None:
    assert "softmax-with-multi-hot-labels" not in mllint("verify", BOTH).stdout
    run = mllint("verify", BOTH, "--labels", "tags=multi-hot", "--labels", "spam=binary", "--output-format", "concise")
    assert "layer tags: error[MLL401] softmax-with-multi-hot-labels" in run.stdout
    assert "layer spam" not in run.stdout
    run = mllint("verify", BOTH, "--task", "multi-label")
    assert "softmax-with-multi-hot-labels" in run.stdout


def test_mistakes_in_options(mllint: Command, models: Path) -> None:
    run = mllint("verify", "sequential.h5", "--labels", "onehot")
    assert run.exit_code == 2 and "'onehot' is none of integer, one-hot" in run.stderr
    run = mllint("verify", "sequential.h5", "--loss", "categorical_crossentropie")
    assert run.exit_code == 2 and "did you mean 'categorical_crossentropy'?" in run.stderr
    assert mllint("verify").exit_code == 2


def test_one_broken_file_does_not_hide_the_others(mllint: Command, models: Path) -> None:
    (models / "broken.keras").write_bytes(b"PK\x03\x04")
    run = mllint("verify", "broken.keras", "sequential.h5", "missing.h5")
    assert run.exit_code == 2
    assert "MLL101" in run.stdout
    assert "broken.keras: error: the zip archive is damaged or cut off\n" in run.stderr
    assert "missing.h5: error: no such file\n" in run.stderr


def test_what_is_not_judged_is_said(mllint: Command, models: Path) -> None:
    import h5py

    with h5py.File(models / "only.weights.h5", "w") as file:
        file.attrs["keras_version"] = "2.15.0"
    run = mllint("verify", "only.weights.h5", "--show-not-judged", "--output-format", "concise")
    assert run.exit_code == 0
    assert run.stdout == (
        "only.weights.h5: model: not judged model: "
        "the file holds weights only, or other data: no architecture and no loss\n"
    )
    assert "1 not judged" in run.stderr


def test_settings_hold_by_path(mllint: Command, models: Path) -> None:
    (models / "mllint.toml").write_text('per-file-ignores = { "sequential.*" = ["MLL101"] }\n')
    assert mllint("verify", "sequential.h5").exit_code == 0
    (models / "mllint.toml").write_text('per-file-tasks = { "two_*" = "multi-label" }\n')
    assert "softmax-with-multi-hot-labels" in mllint("verify", BOTH).stdout
    (models / "mllint.toml").write_text("per-file-ignore = 1\n")
    run = mllint("verify", "sequential.h5")
    assert run.exit_code == 2 and "unknown key `per-file-ignore`" in run.stderr


def test_check_judges_a_model_that_is_named(mllint: Command, models: Path) -> None:
    run = mllint("sequential.h5", "--output-format", "concise")
    assert run.exit_code == 1 and "training_config.loss: error[MLL101]" in run.stdout


def test_check_looks_for_models_when_asked(mllint: Command, models: Path, flawed: str) -> None:
    (models / "train.py").write_text(flawed)
    exported = models / "exported"
    exported.mkdir()
    (exported / "saved_model.pb").write_bytes(b"")
    assert mllint(".", "--show-files").stdout.split() == ["train.py"]
    run = mllint(".", "--models", "--show-files")
    assert run.stdout.split() == ["exported", "nested.h5", "sequential.h5", "train.py", "two_outputs.h5"]
    run = mllint(".", "--models", "--output-format", "concise")
    assert [line.partition(":")[0] for line in run.stdout.splitlines()] == [
        "train.py", "nested.h5", "sequential.h5", "two_outputs.h5",
    ]  # fmt: skip
    assert "1 not judged" in run.stderr
    run = mllint(".", "--models", "--extend-exclude", "*.h5", "--show-files")
    assert run.stdout.split() == ["exported", "train.py"]


def test_nothing_heavy_is_imported(mllint: Command, models: Path) -> None:
    program = (
        "import sys, mllint.cli\n"
        "sys.argv = ['mllint', 'verify', 'sequential.h5']\n"
        "try: mllint.cli.main()\n"
        "except SystemExit as end: assert end.code == 1, end.code\n"
        "print([name for name in ('tensorflow', 'keras', 'h5py', 'numpy', 'libcst', 'rich') if name in sys.modules])\n"
    )
    assert mllint(program=program).stdout.splitlines()[-1] == "[]"


def test_facts_of_a_model(mllint: Command, models: Path) -> None:
    lines = mllint("facts", "sequential.h5").stdout.splitlines()
    assert lines[0] == "sequential.h5: training_config: compile (keras2)"
    assert " ".join(lines[1].split()) == (
        "head sigmoid, units 10, float32: Dense[units 10] → sigmoid (sequential.h5: layer dense_1)"
    )
    (models / "broken.keras").write_bytes(b"PK\x03\x04")
    run = mllint("facts", "broken.keras")
    assert run.exit_code == 2
    assert run.stderr == "broken.keras: error: the zip archive is damaged or cut off\n"
    (models / "saved").mkdir()
    (models / "saved" / "saved_model.pb").touch()
    run = mllint("facts", "saved")
    assert run.exit_code == 0
    assert "a SavedModel without Keras metadata" in run.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are text elsewhere")
def test_a_page_on_a_file_whose_name_is_no_text(mllint: Command, models: Path) -> None:
    name = os.fsdecode(b"model\xff.h5")
    shutil.copy(models / "sequential.h5", models / name)
    before = mllint("verify", name)
    run = mllint("verify", name, "--output-file", "page.html")
    assert run == before and "crashed" not in run.stderr
    assert "model\\udcff.h5" in (models / "page.html").read_text(encoding="utf-8")


@pytest.mark.skipif(sys.platform != "linux", reason="needs /dev/stdout")
def test_a_page_on_standard_output(mllint: Command, models: Path) -> None:
    assert "</html>" in mllint("verify", "sequential.h5", "--output-file", "html=/dev/stdout").stdout


def test_every_format_knows_models(mllint: Command, models: Path) -> None:
    run = mllint("verify", "sequential.h5", *(f"--output-file={name}={name}.out" for name in FORMATS))
    assert (run.exit_code, run.stdout) == (1, "")
    (sarif,) = json.loads((models / "sarif.out").read_text(encoding="utf-8"))["runs"]
    place = sarif["results"][0]["locations"][0]
    assert place["physicalLocation"] == {"artifactLocation": {"uri": "sequential.h5", "uriBaseId": "%SRCROOT%"}}
    assert place["logicalLocations"][0]["name"] == "training_config.loss"
    assert (models / "github.out").read_text().startswith("::error file=sequential.h5,title=MLL101 ")
