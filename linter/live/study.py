"""The facts of a running model with what the probes measured of each output."""

from __future__ import annotations

from dataclasses import replace

from mllint.facts import Output, TrainingSetup
from mllint.live.batches import Batch
from mllint.live.running import RunningModel
from mllint.live.setups import Stated, read_setup
from mllint.live.subject import Subject, SubjectOutput


def study(running: RunningModel, batch: Batch, path: str, stated: Stated, seconds: float) -> TrainingSetup:
    """The setup, measured. Weights, optimizer, metrics and random states are afterwards what they were."""
    from mllint.live import probes

    with running.untouched():
        setup = read_setup(running, batch, path, stated)
        measured = probes.measure_all(make_subject(running, batch, setup, seconds))
    outputs = (replace(output, measured=one) for output, one in zip(setup.outputs, measured, strict=True))
    return replace(setup, outputs=tuple(output for output in outputs if len(measured) == 1 or _is_trained(output)))


def _is_trained(output: Output) -> bool:
    return output.loss.spelling != "missing"


def make_subject(running: RunningModel, batch: Batch, setup: TrainingSetup, seconds: float) -> Subject:
    """What the probes look at. Raises Refused where the labels do not fit the outputs."""
    count = len(setup.outputs)
    labels = running.labels_per_output(batch.y) if batch.y is not None else (None,) * count
    parts = zip(setup.outputs, running.losses(), running.head_layers(), labels, strict=True)
    return Subject(
        model=running.model,
        backend=running.backend,
        keras=running.keras,
        x=batch.x,
        outputs=tuple(SubjectOutput(number, *part) for number, part in enumerate(parts)),
        run_eagerly=running.run_eagerly,
        jit_compile=running.jit_compile,
        seconds=seconds,
        refusal=running.refusal,
        forward=running.forward,
        compute_loss=running.compute_loss,
        training_loss=running.training_loss,
        untouched=running.untouched,
    )
