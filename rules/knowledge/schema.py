"""The JSON Schema of knowledge files, for editors: what the functions that read rows ask of fields that take notes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final, get_args

from mllint.rules.knowledge import like, load, taught
from mllint.rules.knowledge.fields import ALL_VERSIONS, Fields, parse_signature
from mllint.rules.knowledge.names import canonical
from mllint.rules.knowledge.rows import KerasVersion, Signature, Versions

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
SAID: Final = "loss"
"""Stands for a text that nobody looks at."""
MODELS: Final = {
    "losses": "keras.losses.BinaryCrossentropy",
    "activations": "keras.activations.sigmoid",
    "layers": "keras.layers.Dense",
    "metrics": "keras.metrics.BinaryAccuracy",
    "label_sources": "keras.utils.to_categorical",
    "datasets": "keras.datasets.mnist.load_data",
    "applications": "keras.applications.VGG16",
}
"""Something of each section that a row may be like."""

_VERSIONS: Final = {"type": "array", "minItems": 1, "items": {"enum": list(get_args(KerasVersion))}}
_DATED: Final = {
    "anyOf": [{"type": "string"}, {"type": "object", "additionalProperties": {"$ref": "#/$defs/versions"}}]
}


def schema() -> dict[str, object]:
    """The schema, in draft 2020-12 of JSON Schema."""
    sections = {
        name: {
            "description": section.what,
            "type": "object",
            "additionalProperties": {"if": {"required": [like.KEY]}, "then": _like(name), "else": _own(name)},
        }
        for name, section in load.SECTIONS.items()
    }
    cases = {
        "description": "Programs by their titles; a line with a finding ends in `# error: rule-name`.",
        "type": "object",
        "additionalProperties": {"type": "string"},
    }
    return {
        "$schema": DIALECT,
        "title": "mllint knowledge",
        "description": "What your own losses, layers, metrics and data mean.",
        "type": ["object", "null"],
        "properties": {**sections, taught.CASES: cases},
        "additionalProperties": False,
        "$defs": {"versions": _VERSIONS, "dated": _DATED},
    }


def _own(section: str) -> dict[str, object]:
    noted = Noted()
    load.SECTIONS[section].build("row", noted)
    return noted.schema()


def _like(section: str) -> dict[str, object]:
    noted = Noted(MODELS[section])
    like.row_like(section, canonical("acme.row"), noted, load.of_keras(section))
    return noted.schema()


class Noted(Fields):
    """Fields that hold whatever they are asked for, and note what that was."""

    def __init__(self, said: str = SAID) -> None:
        super().__init__("", "", {})
        self._said = said
        self._properties: dict[str, Mapping[str, object]] = {}
        self._optional: set[str] = set()
        self._below: list[tuple[str, Noted, bool]] = []

    def schema(self) -> dict[str, object]:
        """What a mapping is that holds everything that was asked for."""
        properties = dict(self._properties)
        for key, noted, is_list in self._below:
            inner = noted.schema()
            properties[key] = {"type": "array", "items": inner} if is_list else inner
        return {
            "type": "object",
            "properties": properties,
            "required": [key for key in properties if key not in self._optional],
            "additionalProperties": False,
        }

    def has(self, key: str) -> bool:
        self._optional.add(key)
        return True

    def finish(self) -> None:
        pass

    def text(self, key: str) -> str:
        effects = sorted({row.effect for row in load.of_keras("label_sources")})
        activations = [row.name for row in load.of_keras("activations")]
        choices = {"effect": effects, "default_activation": activations}.get(key)
        self._properties[key] = {"type": "string"} if choices is None else {"enum": choices}
        return self._said

    def flag(self, key: str) -> bool:
        self._note(key, {"type": "boolean"})
        return False

    def optional_number(self, key: str) -> float | None:
        self._note(key, {"type": "number"})
        return None

    def optional_count(self, key: str) -> int | None:
        self._note(key, {"type": "integer", "minimum": 1})
        return None

    def choice(self, key: str, choices: Any) -> Any:
        self._properties[key] = {"enum": list(get_args(choices))}
        return get_args(choices)[0]

    def choices(self, key: str, choices: Any) -> tuple[Any, ...]:
        self._note(key, {"type": "array", "items": {"enum": list(get_args(choices))}})
        return ()

    def texts(self, key: str) -> tuple[str, ...]:
        self._note(key, {"type": "array", "items": {"type": "string"}})
        return ()

    def versions(self) -> Versions:
        self._note("keras", {"$ref": "#/$defs/versions"})
        return ALL_VERSIONS

    def dated(self, key: str, otherwise: Versions) -> Mapping[str, Versions]:
        self._note(key, {"type": "array", "items": {"$ref": "#/$defs/dated"}})
        return {}

    def signatures(self) -> tuple[Signature, Signature]:
        for key in ("signature", "signature_keras2"):
            self._properties[key] = {"type": "string"}
        self._optional.add("signature_keras2")
        signature = parse_signature(f"y_true, y_pred, {self._said.rpartition('.')[2]}=None")
        return signature, signature

    def nested(self, key: str) -> Iterator[Fields]:
        self.has(key)
        yield self._inner(key, True)

    def below(self, key: str) -> Fields:
        return self._inner(key, False)

    def sizes(self, key: str) -> tuple[int | None, ...]:
        self._properties[key] = {"type": "array", "items": {"type": ["integer", "null"]}}
        return ()

    def renamings(self, key: str) -> Mapping[str, str]:
        self._note(key, {"type": "object", "additionalProperties": {"type": "string"}})
        return {}

    def _inner(self, key: str, is_list: bool) -> Fields:
        noted = Noted()
        self._below.append((key, noted, is_list))
        return noted

    def _note(self, key: str, schema: Mapping[str, object]) -> None:
        """A key that need not be there."""
        self._properties[key] = schema
        self._optional.add(key)
