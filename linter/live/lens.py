"""The live lens: a model that a worker loaded and tried, or one that the program itself holds."""

from __future__ import annotations

from dataclasses import dataclass, replace

from mllint.facts import Output, Place, Task, TrainingSetup, Unknown
from mllint.findings import Location, Mark
from mllint.lens import Reading
from mllint.reading.labels import encoding_for, stated_labels


@dataclass(frozen=True, slots=True)
class LiveLens:
    """What was read of one live model: by `mllint.live.process.run` in a worker, by `mllint.live.study` in process."""

    reading: Reading

    def read(self, task: Task | None = None) -> Reading:
        """The setup; `task` tells the labels where no batch does."""
        if task is None:
            return self.reading
        return replace(self.reading, setups=tuple(_for_task(setup, task) for setup in self.reading.setups))

    def locate(self, mark: Mark) -> Location:
        return Location(mark.role, mark.place.path, 1, 1, 1, 1, mark.message, part=str(mark.place.anchor))


def _for_task(setup: TrainingSetup, task: Task) -> TrainingSetup:
    return replace(setup, outputs=tuple(_with_labels(output, task, setup.place) for output in setup.outputs))


def _with_labels(output: Output, task: Task, place: Place) -> Output:
    encoding = encoding_for(task, output.loss)
    if encoding is None or not isinstance(output.labels.encoding, Unknown):
        return output
    return replace(output, labels=stated_labels(output.labels, encoding, place))
