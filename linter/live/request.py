"""What the worker is asked to do: data that goes to it as one JSON object."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from mllint.facts import Encoding


@dataclass(frozen=True, slots=True)
class Request:
    """A model, the data to try it on, and what the user states about them."""

    model: str
    """A file, a SavedModel folder, or `package.module:factory`."""
    data: str | None = None
    """A .npz file or `package.module:function`; None for random input without labels."""
    rows: int = 64
    """Most rows of the batch."""
    knowledge: tuple[str, ...] = ()
    """Absolute paths of the knowledge files of a team."""
    loss: str | None = None
    """Name or path of the loss of a model that was saved without one."""
    labels: tuple[tuple[str | None, Encoding], ...] = ()
    """How the labels are encoded, by output; under None for the outputs that are not named."""
    imports: tuple[str, ...] = ()
    """Modules to import first: they register custom objects."""
    allow_code: bool = False
    """Whether code that the model file carries may run."""
    backend: str | None = None
    """tensorflow, jax, torch or tf_keras; None for the one that is installed and set up."""
    device: str | None = None
    """cpu, gpu:0, …; None leaves it to the backend."""
    dtype_policy: str | None = None
    """mixed_float16 and the like, set before the model is made."""
    seconds: float = 120.0
    """What the probes may take together is a part of it."""
    memory_bytes: int | None = None
    """Most memory that the worker may allocate; None for no limit."""

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Request:
        fields = json.loads(text)
        labels = tuple((output, encoding) for output, encoding in fields["labels"])
        lists = {name: tuple(fields[name]) for name in ("imports", "knowledge")}
        return cls(**{**fields, **lists, "labels": labels})
