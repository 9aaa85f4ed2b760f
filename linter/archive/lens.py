"""The archive lens: a saved model in, training setups out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from mllint.archive.contents import Config, Contents
from mllint.archive.graph import HeadReader, is_model, is_of_keras
from mllint.archive.parts import Part, shown
from mllint.archive.training import Training
from mllint.facts import Encoding, Fact, Identifier, Known, Labels, Loss, Output, Place, Task, TrainingSetup, Unknown
from mllint.findings import Location, Mark
from mllint.lens import Note, Reading
from mllint.reading.labels import encoding_for, stated_labels, unknown_labels

NO_LABELS = "a saved model does not hold its labels"


@dataclass(frozen=True, slots=True)
class Stated:
    """What the user says that the file does not."""

    labels: Mapping[str | None, Encoding] = field(default_factory=dict)
    """How the labels are encoded, by the name of the output; under None for the outputs that are not named."""
    loss: str | None = None
    """A string that Keras takes for a loss; believed where the model is not compiled."""
    task: Task | None = None
    """Goes before what the settings state."""


@dataclass(frozen=True, slots=True)
class ArchiveLens:
    """Looks at one saved model; `path` is how the user names it."""

    path: str
    contents: Contents
    stated: Stated = field(default_factory=Stated)

    def read(self, task: Task | None = None) -> Reading:
        """The setup of the model, or a note that says why there is none.

        Raises UnreadableModel where the file holds more outputs, losses or metrics than any model needs, and
        RecursionError where its layers are nested too deeply.
        """
        model = self.contents.model
        reason = self.contents.missing if model is None else _why_not_followed(model)
        if model is None or reason is not None:
            return Reading((), (Note(Place(self.path, Part("file", "model")), reason or ""),))
        return Reading((self._setup(model, self.stated.task or task),))

    def locate(self, mark: Mark) -> Location:
        return Location(mark.role, mark.place.path, 1, 1, 1, 1, mark.message, part=str(mark.place.anchor))

    def _setup(self, model: Config, task: Task | None) -> TrainingSetup:
        training = Training(self.path, self.contents, self._version(), self.stated.loss)
        heads = HeadReader(self.path).heads(model)
        structure = training.structure([name for name, _ in heads])
        outputs: list[Output] = []
        identifiers: list[Identifier] = []
        for index, (name, head) in enumerate(heads):
            found = training.loss(index, name, len(heads))
            if found is None:
                continue  # an output without a loss is not trained
            loss, asked = found
            metrics, named = training.metrics(index, name, len(heads))
            shown_name = name if len(heads) > 1 else None
            outputs.append(Output(shown_name, head, loss, self._labels(name, loss, task), metrics))
            identifiers.extend((*asked, *named))
        return TrainingSetup(
            path=self.path,
            place=training.place(),
            via="compile",
            outputs=tuple(outputs),
            framework=self._framework(),
            run_eagerly=training.run_eagerly,
            identifiers=tuple(dict.fromkeys(identifiers)),
            structure=structure,
        )

    def _labels(self, output: str | None, loss: Loss, task: Task | None) -> Labels:
        labels = unknown_labels(NO_LABELS)
        encoding = self.stated.labels.get(output) or self.stated.labels.get(None)
        if encoding is None and task is not None:
            encoding = encoding_for(task, loss)
        if encoding is None:
            return labels
        return stated_labels(labels, encoding, Place(self.path, Part("option", "the labels that are stated")))

    def _version(self) -> Literal["keras2", "keras3"] | None:
        major = (self.contents.keras_version or "").partition(".")[0]
        return "keras3" if major == "3" else "keras2" if major in ("1", "2") else None

    def _framework(self) -> Fact[Literal["keras2", "keras3"]]:
        version = self._version()
        return Known(version) if version is not None else Unknown("the file does not say which Keras wrote it")


def _why_not_followed(model: Config) -> str | None:
    """Why the model of a file is not judged; None where it is."""
    name = shown(model.get("class_name"))
    if not is_model(model):
        return f"the model is a class of the program's own ({name}): the file does not hold its layers"
    if not is_of_keras(model):
        return f"the model is a class of the program's own ({name}), which may train in a way of its own"
    return None
