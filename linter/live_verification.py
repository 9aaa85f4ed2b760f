"""One live model looked at: in a worker process that loads it, or in the user's own, which has it already."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from mllint.judging import judge
from mllint.judging.selection import chosen_rules, shown
from mllint.knowledge_files import in_use
from mllint.results import FileReport
from mllint.settings import Settings

if TYPE_CHECKING:
    from mllint.facts import Encoding, Task
    from mllint.findings import Finding
    from mllint.live.request import Request
    from mllint.live.setups import Stated

SECONDS: Final = 30.0
"""What the measurements of `verify_model` may take together."""
ROWS: Final = 256
"""Rows that `verify_model` looks at, of what it is given."""


def lint_live_model(
    request: Request, settings: Settings, say: Callable[[str], None], task: Task | None = None
) -> FileReport:
    """Has a worker load and try the model; `say` is told each step before it is done.

    Raises WorkerFailed where there is no answer, CannotRun among it where the machine lacks what was asked for.
    """
    from mllint.live.lens import LiveLens
    from mllint.live.process import run

    lens = LiveLens(run(replace(request, knowledge=tuple(map(str, settings.knowledge))), say))
    with in_use(settings):
        reading = lens.read(task or settings.task_for(Path(request.model).absolute()))
        report = judge(request.model, reading, lens, chosen_rules(settings, request.model))
    return replace(
        report, findings=shown(report.findings, settings), fail_level=settings.fail_level, setups=reading.setups
    )


def verify_model(
    model: Any,
    x: Any,
    y: Any = None,
    *,
    loss: Any = None,
    labels: Encoding | Mapping[str, Encoding] | None = None,
    knowledge: Sequence[str | PathLike[str]] = (),
    seconds: float = SECONDS,
) -> list[Finding]:
    """What does not belong together in a model of Keras 3 or tf_keras, judged on one batch of its data.

    `x` and `y` are one batch as fit takes them; without `y` only what needs no labels is judged. `loss` is for a model
    that is not compiled; `labels` says how `y` is encoded where its values do not, for one output or by name. A model
    that is not built yet is built; weights, optimizer, metrics and random states stay as they are. `knowledge` names
    files that say what losses, layers and metrics of your own mean.

    Raises SettingsError for a knowledge file that is wrong, Refused for what is no Keras model or no labels of it, and
    whatever the model raises.
    """
    from mllint.lens import Reading
    from mllint.live.batches import Batch, arrays, sample
    from mllint.live.lens import LiveLens
    from mllint.live.running import run
    from mllint.live.study import study

    batch = Batch(sample(arrays(x), ROWS), sample(arrays(y), ROWS) if y is not None else None, "the batch")
    stated: Stated = dict(labels.items() if isinstance(labels, Mapping) else [(None, labels)] if labels else [])
    path = str(getattr(model, "name", "model"))
    settings = Settings(knowledge=tuple(Path(file).absolute() for file in knowledge))
    with in_use(settings), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Keras has to say of the model, it says when the model is used
        setup = study(run(model, batch.x, loss), batch, path, stated, seconds)
        lens = LiveLens(Reading((setup,)))
        report = judge(path, lens.read(), lens, chosen_rules(settings, path))
    return list(shown(report.findings, settings))
