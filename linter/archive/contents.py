"""What a saved model holds, whatever its format: how it is built, how it was compiled, which Keras wrote it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

LARGEST_JSON: Final = 16 * 2**20
"""Bytes of one configuration; those of the largest models of keras.applications have less than one MiB."""

Config = Mapping[str, Any]


class UnreadableModel(ValueError):
    """The file cannot be read as a saved model; the message is one line and starts in lower case."""


@dataclass(frozen=True, slots=True)
class Contents:
    """A saved model as its file states it."""

    model: Config | None
    """The serialized model: class_name, config, …; None where the file holds none."""
    training: Config | None
    """What compile was given; None for a model that is not compiled."""
    keras_version: str | None
    training_key: str = "compile_config"
    """What the format calls `training`."""
    keeps_spelling: bool = False
    """Whether a string in `training` is one that the program wrote: the older formats also turn functions into
    strings. (Source: keras/src/saving/serialization_lib.py against keras/src/legacy/saving/saving_utils.py.)"""
    missing: str = ""
    """Why there is no model: completes "not judged: …"."""


def parsed(text: bytes, what: str) -> Config:
    """The JSON object in `text`; tuples, which Keras writes as objects, come back as lists.

    Raises UnreadableModel.
    """
    try:
        value = json.loads(text, object_hook=_without_tuples)
    except RecursionError:
        raise UnreadableModel(f"{what} is nested too deeply") from None
    except ValueError:  # no JSON, no UTF-8, or a number with thousands of digits
        raise UnreadableModel(f"{what} is not valid JSON") from None
    if not isinstance(value, dict):
        raise UnreadableModel(f"{what} is not a JSON object")
    return value


def _without_tuples(found: dict[str, Any]) -> Any:
    if found.get("class_name") in ("__tuple__", "TensorShape") and isinstance(found.get("items"), list):
        return found["items"]
    return found


def checked_size(size: int, what: str) -> int:
    """Raises UnreadableModel where a configuration claims to be larger than any model needs."""
    if size > LARGEST_JSON:
        raise UnreadableModel(f"{what} is larger than {LARGEST_JSON >> 20} MiB")
    return size


def text_or_none(value: object) -> str | None:
    return value if isinstance(value, str) else None


def config_or_none(value: object) -> Config | None:
    """A non-empty JSON object."""
    return value if isinstance(value, dict) and value else None
