"""The check of a model before it is trained, as a callback: the findings of verify_model on the first batch of fit."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Sequence
from functools import cache
from os import PathLike
from typing import TYPE_CHECKING, Any, Literal

from mllint.live_verification import SECONDS, verify_model

if TYPE_CHECKING:
    from mllint.findings import Finding
    from mllint.live.batches import Batch


class HeadMismatch(Exception):
    """Head, loss, labels or metrics of a model do not belong together."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(findings)
        self.findings = tuple(findings)

    def __str__(self) -> str:
        return "\n".join(map(described, self.findings))


class HeadCheck:
    """A callback for fit of Keras 3 or tf_keras. It looks at the first batch, once for each model that it is given.

    `on` says what to do about findings: "warn" issues one warning each, "raise" raises HeadMismatch before the first
    step. The training goes on as if it had not been there, to the bit. What keeps it from checking is a warning.
    """

    def __new__(cls, *arguments: Any, **keywords: Any) -> HeadCheck:
        """An instance that is a callback of every Keras that the program has imported."""
        imported = tuple(name for name in ("keras", "tf_keras") if name in sys.modules)
        return object.__new__(_with_bases(imported or ("keras",)) if cls is HeadCheck else cls)

    def __init__(
        self,
        on: Literal["warn", "raise"] = "warn",
        *,
        knowledge: Sequence[str | PathLike[str]] = (),
        seconds: float = SECONDS,
    ) -> None:
        if on not in ("warn", "raise"):
            raise ValueError(f"on is 'warn' or 'raise', not {on!r}")
        super().__init__()
        self.on = on
        self.knowledge = knowledge
        self.seconds = seconds
        self._checked: Any = None

    def on_train_begin(self, logs: Any = None) -> None:
        from mllint.live.first_batch import look_at_first_batch

        model = self.model  # type: ignore[attr-defined]  # of the base class
        if self._checked is not model:
            self._checked = model
            look_at_first_batch(model, self._check, self._not_checked)

    def _check(self, batch: Batch) -> None:
        try:
            findings = verify_model(self._checked, batch.x, batch.y, knowledge=self.knowledge, seconds=self.seconds)
        except Exception as error:  # a check never ends the training for reasons of its own
            self._not_checked(" ".join(f"{type(error).__name__}: {error}".split()))
            return
        if findings and self.on == "raise":
            raise HeadMismatch(findings)
        for finding in findings:
            warnings.warn(described(finding), UserWarning, stacklevel=2)

    def _not_checked(self, reason: str) -> None:
        warnings.warn(f"mllint did not check the first batch: {reason}", UserWarning, stacklevel=2)


def described(finding: Finding) -> str:
    """A finding in one line: error[MLL301] softmax-with-multi-hot-labels: … (layer dense_1)."""
    help = f"; {finding.help[0]}" if finding.help else ""
    where = f" ({finding.primary.part})" if finding.primary.part else ""
    return f"{finding.severity.label}[{finding.code}] {finding.rule}: {finding.message}{where}{help}"


@cache
def _with_bases(names: tuple[str, ...]) -> type[HeadCheck]:
    """HeadCheck as a callback of each of these versions of Keras; what tf_keras sets in __init__ is set here."""
    from importlib import import_module

    bases = [import_module(name).callbacks.Callback for name in names]
    own = {"_chief_worker_only": None, "_supports_tf_logs": False, "__doc__": HeadCheck.__doc__}
    return type("HeadCheck", (HeadCheck, *bases), {**own, "__module__": HeadCheck.__module__})
