"""Builds the tables from YAML text. Every function raises KnowledgeError where a file is not right."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import Any, Final, TypeVar

from mllint.facts import Encoding
from mllint.rules.knowledge.fields import Fields, KnowledgeError, document, packaged
from mllint.rules.knowledge.names import canonical
from mllint.rules.knowledge.rows import (
    ActivationRow,
    ApplicationRow,
    ArrayTraits,
    DataFunctionRow,
    DatasetForm,
    DatasetRow,
    LayerRole,
    LayerRow,
    LossFamily,
    LossRow,
    LossSpelling,
    MetricRow,
    Needs,
    Reads,
    Signature,
    Spelling,
    SpellingKind,
    SpellingT,
    Versions,
)
from mllint.rules.knowledge.table import Row, Table

RowT = TypeVar("RowT", bound=Row)


def table(section: str, text: str, file: str) -> Table[Any]:
    """The rows of a file that holds one section and nothing else."""
    return _table(text, file, SECTIONS[section].build)


def _table(text: str, file: str, build: Callable[[str, Fields], RowT]) -> Table[RowT]:
    try:
        return Table(_rows(text, file, build))
    except ValueError as error:
        raise KnowledgeError(file, "", str(error)) from error


def _rows(text: str, file: str, build: Callable[[str, Fields], RowT]) -> Iterable[RowT]:
    for name, content in document(text, file).items():
        fields = Fields(file, name, content, (name,))
        row = build(name, fields)
        fields.finish()
        yield row


# ---------------------------------------------------------------- rows

UNKNOWN_INPUTS: Final = ArrayTraits(encoding=None, classes=None, shape=None, dtype=None, low=None, high=None)
COLUMN_PER_CLASS: Final = ("one-hot", "multi-hot", "distribution")
REGISTERED: Final = ">"
"""Between package and name of what keras.saving.register_keras_serializable registers."""


def _loss(name: str, fields: Fields) -> LossRow:
    versions = fields.versions()
    spellings = tuple(spelling for one in fields.nested("spellings") for spelling in _loss_spellings(one, versions))
    return LossRow(
        name=name,
        identifiers=_with_registered(fields.dated("identifiers", versions), spellings),
        spellings=spellings,
        keras=versions,
        reference=_reference(fields),
        family=fields.choice("family", LossFamily),
        needs=fields.choice("needs", Needs),
        labels=fields.choices("labels", Encoding),
        focal=fields.flag("focal"),
    )


def _loss_spellings(fields: Fields, otherwise: Versions) -> Iterator[LossSpelling]:
    plain = _spelling_arguments(fields, otherwise)
    signature: Signature = plain["signature"]
    written = fields.optional_flag("from_logits")
    default = signature.defaults.get("from_logits")
    called = ("y_true", "y_pred") if plain["kind"] == "class" else signature.parameters[:2]
    if len(called) < 2:
        raise fields.error("signature: a loss takes labels and predictions")
    spelling = LossSpelling(
        **plain,
        from_logits=default if isinstance(default, bool) else written,
        labels_parameter=called[0],
        predictions_parameter=called[1],
    )
    yield from _and_registered(spelling, fields)


def _metric(name: str, fields: Fields) -> MetricRow:
    versions = fields.versions()
    spellings = tuple(spelling for one in fields.nested("spellings") for spelling in _spellings(one, versions))
    return MetricRow(
        name=name,
        identifiers=_with_registered(fields.dated("identifiers", versions), spellings),
        spellings=spellings,
        keras=versions,
        reference=_reference(fields),
        reads=fields.choice("reads", Reads),
        threshold=fields.optional_number("threshold"),
        from_logits=any("from_logits" in spelling.signature.parameters for spelling in spellings),
    )


def _spellings(fields: Fields, otherwise: Versions) -> Iterator[Spelling]:
    yield from _and_registered(Spelling(**_spelling_arguments(fields, otherwise)), fields)


def _and_registered(spelling: SpellingT, fields: Fields) -> Iterator[SpellingT]:
    """A spelling, and the same under the name by which saved models know it."""
    registered = fields.optional_text("registered")
    fields.finish()
    yield spelling
    if registered is not None:
        yield replace(spelling, symbol=registered)


def _with_registered(identifiers: Mapping[str, Versions], spellings: Iterable[Spelling]) -> Mapping[str, Versions]:
    """Keras' get() finds what is registered as `package>name` by that string."""
    registered = {one.symbol: one.keras for one in spellings if REGISTERED in one.symbol}
    return MappingProxyType({**identifiers, **registered})


def _spelling_arguments(fields: Fields, otherwise: Versions) -> dict[str, Any]:
    signature, signature_keras2 = fields.signatures()
    return {
        "symbol": canonical(fields.text("symbol")),
        "kind": fields.choice("kind", SpellingKind),
        "signature": signature,
        "signature_keras2": signature_keras2,
        "keras": fields.versions() if fields.has("keras") else otherwise,
    }


def _activation(name: str, fields: Fields) -> ActivationRow:
    versions = fields.versions()
    registered = _registered(fields, versions)
    return ActivationRow(
        name=name,
        identifiers={**fields.dated("identifiers", versions), **registered},
        symbols={**_canonical(fields.dated("symbols", versions)), **registered},
        low=fields.optional_number("low"),
        high=fields.optional_number("high"),
        distribution=fields.flag("distribution"),
        attaches_logits=fields.dated("attaches_logits", versions),
        keras=versions,
        reference=_reference(fields),
    )


def _layer(name: str, fields: Fields) -> LayerRow:
    signature, signature_keras2 = fields.signatures()
    versions = fields.versions()
    units, activation = (_parameter(fields, key, signature, signature_keras2) for key in ("units", "activation"))
    return LayerRow(
        name=name,
        aliases={**_canonical(fields.dated("aliases", versions)), **_registered(fields, versions)},
        role=fields.choice("role", LayerRole),
        signature=signature,
        signature_keras2=signature_keras2,
        units=units,
        activation=activation,
        default_activation=fields.optional_text("default_activation"),
        keras=versions,
        reference=_reference(fields),
    )


def _parameter(fields: Fields, key: str, *signatures: Signature) -> str | None:
    name = fields.optional_text(key)
    if name is not None and not any(name in signature.parameters for signature in signatures):
        raise fields.error(f"{name!r} is not a parameter of the signature", key)
    return name


def _canonical(dated: Mapping[str, Versions]) -> Mapping[str, Versions]:
    """Nobody asks a table for a symbol that has not been folded."""
    return {canonical(symbol): versions for symbol, versions in dated.items()}


def _registered(fields: Fields, versions: Versions) -> Mapping[str, Versions]:
    name = fields.optional_text("registered")
    return {} if name is None else {name: versions}


def _reference(fields: Fields) -> str:
    return fields.optional_text("reference") or fields.file


def _application(name: str, fields: Fields) -> ApplicationRow:
    signature, signature_keras2 = fields.signatures()
    versions = fields.versions()
    return ApplicationRow(
        name=name,
        aliases=fields.dated("aliases", versions),
        signature=signature,
        signature_keras2=signature_keras2,
        keras=versions,
        reference=_reference(fields),
    )


def _dataset(name: str, fields: Fields) -> DatasetRow:
    return DatasetRow(
        name=name,
        form=fields.choice("form", DatasetForm),
        inputs=_array_traits(fields.below("inputs")) if fields.has("inputs") else UNKNOWN_INPUTS,
        labels=_array_traits(fields.below("labels")),
        depends_on=fields.texts("depends_on"),
        reference=_reference(fields),
    )


def _array_traits(fields: Fields) -> ArrayTraits:
    encoding = fields.choice("encoding", Encoding) if fields.has("encoding") else None
    classes = fields.optional_count("classes")
    traits = ArrayTraits(
        encoding=encoding,
        classes=classes,
        shape=fields.sizes("shape") if fields.has("shape") else _usual_shape(encoding, classes),
        dtype=fields.optional_text("dtype"),
        low=fields.optional_number("low"),
        high=fields.optional_number("high"),
    )
    fields.finish()
    return traits


def _usual_shape(encoding: Encoding | None, classes: int | None) -> tuple[int | None, ...] | None:
    """A column for each class, or nothing that is known."""
    return (None, classes) if encoding in COLUMN_PER_CLASS else None


def _data_function(name: str, fields: Fields) -> DataFunctionRow:
    return DataFunctionRow(
        name=name,
        aliases=fields.texts("aliases"),
        effect=fields.text("effect"),
        signature=fields.signatures()[0],
        keywords=fields.renamings("keywords"),
        reference=_reference(fields),
    )


# ---------------------------------------------------------------- sections


@dataclass(frozen=True, slots=True)
class Section:
    """A kind of rows: the file that holds those of Keras, and how one is read."""

    file: str
    build: Callable[[str, Fields], Any]
    what: str
    """What a row is about, for people."""


SECTIONS: Final[Mapping[str, Section]] = {
    "losses": Section("losses.yaml", _loss, "A loss, by a name for it."),
    "activations": Section("activations.yaml", _activation, "An activation, by a name for it."),
    "layers": Section("layers.yaml", _layer, "A layer, by its dotted name."),
    "metrics": Section("metrics.yaml", _metric, "A metric, by a name for it."),
    "label_sources": Section("label_sources.yaml", _data_function, "A function that makes or changes data."),
    "datasets": Section("datasets.yaml", _dataset, "A function that loads data, by its dotted name."),
    "applications": Section("applications.yaml", _application, "A ready-made model, by its dotted name."),
}
"""What a knowledge file of a team may hold, by key."""


@cache
def of_keras(section: str) -> Table[Any]:
    """The rows of a section that are packaged."""
    kind = SECTIONS[section]
    return _table(packaged(kind.file), kind.file, kind.build)


@cache
def symbols_of_keras() -> Mapping[str, frozenset[str]]:
    """The sections that have a row for each dotted symbol that is packaged."""
    return sections_by_symbol({section: of_keras(section) for section in SECTIONS})


def sections_by_symbol(tables: Mapping[str, Table[Any]]) -> Mapping[str, frozenset[str]]:
    """The sections whose tables have a row for a dotted symbol."""
    found: dict[str, frozenset[str]] = {}
    for section, table in tables.items():
        for symbol in table.symbols():
            found[symbol] = found.get(symbol, frozenset()) | {section}
    return found
