"""The probes: each measures one thing about one output of a live model, in a second or so, and changes nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from mllint.live.head import FreeHead, NotFree, free_head
from mllint.live.probes import devices, gradients, label_fit, losses, metrics, outputs
from mllint.live.probes.answers import decoding
from mllint.live.probes.bounds import measure_bounds
from mllint.live.probes.elicitation import elicit
from mllint.live.probes.questions import NotAsked
from mllint.live.subject import Subject, SubjectOutput
from mllint.measured import Measured, Skipped

Result = TypeVar("Result")


def measure_all(subject: Subject) -> tuple[Measured, ...]:
    """What the probes found, one per output. A probe that cannot measure says so; none of them raises."""
    deadline = time.monotonic() + subject.seconds
    raised = losses.training_error(subject)
    return tuple(Probing(subject, output, deadline).measure(raised) for output in subject.outputs)


class Probing:
    """The probes of one output, one after the other until the time is spent."""

    def __init__(self, subject: Subject, output: SubjectOutput, deadline: float) -> None:
        self.subject = subject
        self.output = output
        self.deadline = deadline
        self.skipped: list[Skipped] = []

    def measure(self, raised: str | None) -> Measured:
        """What is certain comes first, what takes longest last."""
        subject, output = self.subject, self.output
        batch = self._try("outputs", lambda: outputs.of_batch(subject, output))
        random = self._try("outputs for random input", lambda: outputs.of_random_input(subject, output))
        labels = self._with_labels("labels", lambda: label_fit.measure_labels(subject, output))
        loss = None if raised else self._with_loss("losses", lambda: losses.measure_losses(subject, output))
        head = self._try("scores", lambda: free_head(subject, output))
        bounds = self._of_head("bounds", head, measure_bounds)
        trained = head if loss is not None else None
        recovers = self._of_head("logits behind the activation", trained, losses.recovers_logits)
        gradient = self._of_head("gradients", trained, gradients.measure_gradients)
        mistake = self._of_head("mistake in 16 bits", trained, gradients.measure_mistake)
        reading = decoding(output.facts, bounds, 1, False) if bounds else None
        figures = reading and loss and self._try("metrics", lambda: metrics.measure_metrics(subject, output, reading))
        compared = self._try("devices", lambda: devices.compare_devices(subject, output))
        elicited = None
        if bounds is not None:
            elicited = self._of_head("elicitation", trained, lambda free: elicit(free, bounds))
        return Measured(
            batch=batch,
            random=random,
            bounds=bounds,
            losses=loss,
            raised=raised,
            recovers=recovers,
            gradients=gradient,
            elicitation=elicited,
            labels=labels,
            mistake=mistake,
            metrics=figures or (),
            devices=compared,
            skipped=tuple(self.skipped),
        )

    def _of_head(self, name: str, head: FreeHead | None, probe: Callable[[FreeHead], Result]) -> Result | None:
        return None if head is None else self._try(name, lambda: probe(head))

    def _with_labels(self, name: str, probe: Callable[[], Result]) -> Result | None:
        if self.output.labels is None:
            self.skipped.append(Skipped(name, "no labels are given"))
            return None
        return self._try(name, probe)

    def _with_loss(self, name: str, probe: Callable[[], Result]) -> Result | None:
        if self.output.loss is None:
            self.skipped.append(Skipped(name, "the model has no loss"))
            return None
        return self._with_labels(name, probe)

    def _try(self, name: str, probe: Callable[[], Result]) -> Result | None:
        """The probe's result; the model's own code may raise anything in it."""
        if time.monotonic() > self.deadline:
            self.skipped.append(Skipped(name, "the time is spent"))
            return None
        try:
            return probe()
        except (NotAsked, NotFree) as reason:
            self.skipped.append(Skipped(name, str(reason)))
        except Exception as error:
            text = " ".join(str(error).split())[:200]
            self.skipped.append(Skipped(name, f"{type(error).__name__}: {text}"))
        return None
