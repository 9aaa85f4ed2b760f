"""Builds the tables from YAML text. Every function raises KnowledgeError where a file is not right."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from mllint.facts import Encoding
from mllint.rules.knowledge.fields import Fields, KnowledgeError, document
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
    Versions,
)
from mllint.rules.knowledge.table import Row, Table

RowT = TypeVar("RowT", bound=Row)


def losses(text: str, file: str) -> Table[LossRow]:
    return _table(text, file, _loss)


def activations(text: str, file: str) -> Table[ActivationRow]:
    return _table(text, file, _activation)


def metrics(text: str, file: str) -> Table[MetricRow]:
    return _table(text, file, _metric)


def layers(text: str, file: str) -> Table[LayerRow]:
    return _table(text, file, _layer)


def applications(text: str, file: str) -> Table[ApplicationRow]:
    return _table(text, file, _application)


def datasets(text: str, file: str) -> Table[DatasetRow]:
    return _table(text, file, _dataset)


def data_functions(text: str, file: str) -> Table[DataFunctionRow]:
    return _table(text, file, _data_function)


def _table(text: str, file: str, build: Callable[[str, Fields], RowT]) -> Table[RowT]:
    try:
        return Table(_rows(text, file, build))
    except ValueError as error:
        raise KnowledgeError(file, "", str(error)) from error


def _rows(text: str, file: str, build: Callable[[str, Fields], RowT]) -> Iterable[RowT]:
    for name, content in document(text, file).items():
        fields = Fields(file, name, content)
        row = build(name, fields)
        fields.finish()
        yield row


def _loss(name: str, fields: Fields) -> LossRow:
    versions = fields.versions()
    return LossRow(
        name=name,
        identifiers=fields.dated("identifiers", versions),
        spellings=tuple(_loss_spelling(nested, versions) for nested in fields.nested("spellings")),
        keras=versions,
        reference=fields.text("reference"),
        family=fields.choice("family", LossFamily),
        needs=fields.choice("needs", Needs),
        labels=fields.choices("labels", Encoding),
        focal=fields.flag("focal"),
    )


def _loss_spelling(fields: Fields, otherwise: Versions) -> LossSpelling:
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
    fields.finish()
    return spelling


def _metric(name: str, fields: Fields) -> MetricRow:
    versions = fields.versions()
    spellings = tuple(_spelling(nested, versions) for nested in fields.nested("spellings"))
    return MetricRow(
        name=name,
        identifiers=fields.dated("identifiers", versions),
        spellings=spellings,
        keras=versions,
        reference=fields.text("reference"),
        reads=fields.choice("reads", Reads),
        threshold=fields.optional_number("threshold"),
        from_logits=any("from_logits" in spelling.signature.parameters for spelling in spellings),
    )


def _spelling(fields: Fields, otherwise: Versions) -> Spelling:
    spelling = Spelling(**_spelling_arguments(fields, otherwise))
    fields.finish()
    return spelling


def _spelling_arguments(fields: Fields, otherwise: Versions) -> dict[str, Any]:
    signature, signature_keras2 = fields.signatures()
    return {
        "symbol": fields.text("symbol"),
        "kind": fields.choice("kind", SpellingKind),
        "signature": signature,
        "signature_keras2": signature_keras2,
        "keras": fields.versions() if fields.has("keras") else otherwise,
    }


def _activation(name: str, fields: Fields) -> ActivationRow:
    versions = fields.versions()
    return ActivationRow(
        name=name,
        identifiers=fields.dated("identifiers", versions),
        symbols=fields.dated("symbols", versions),
        low=fields.optional_number("low"),
        high=fields.optional_number("high"),
        distribution=fields.flag("distribution"),
        attaches_logits=fields.dated("attaches_logits", versions),
        keras=versions,
        reference=fields.text("reference"),
    )


def _layer(name: str, fields: Fields) -> LayerRow:
    signature, signature_keras2 = fields.signatures()
    versions = fields.versions()
    return LayerRow(
        name=name,
        aliases=fields.dated("aliases", versions),
        role=fields.choice("role", LayerRole),
        signature=signature,
        signature_keras2=signature_keras2,
        units=fields.optional_text("units"),
        activation=fields.optional_text("activation"),
        default_activation=fields.optional_text("default_activation"),
        keras=versions,
        reference=fields.text("reference"),
    )


def _application(name: str, fields: Fields) -> ApplicationRow:
    signature, signature_keras2 = fields.signatures()
    versions = fields.versions()
    return ApplicationRow(
        name=name,
        aliases=fields.dated("aliases", versions),
        signature=signature,
        signature_keras2=signature_keras2,
        keras=versions,
        reference=fields.text("reference"),
    )


def _dataset(name: str, fields: Fields) -> DatasetRow:
    return DatasetRow(
        name=name,
        form=fields.choice("form", DatasetForm),
        inputs=_array_traits(fields.below("inputs")),
        labels=_array_traits(fields.below("labels")),
        depends_on=fields.texts("depends_on"),
        reference=fields.text("reference"),
    )


def _array_traits(fields: Fields) -> ArrayTraits:
    classes = fields.optional_number("classes")
    traits = ArrayTraits(
        encoding=fields.choice("encoding", Encoding) if fields.has("encoding") else None,
        classes=int(classes) if classes is not None else None,
        shape=fields.sizes("shape"),
        dtype=fields.text("dtype"),
        low=fields.optional_number("low"),
        high=fields.optional_number("high"),
    )
    fields.finish()
    return traits


def _data_function(name: str, fields: Fields) -> DataFunctionRow:
    return DataFunctionRow(
        name=name,
        aliases=fields.texts("aliases"),
        effect=fields.text("effect"),
        signature=fields.signatures()[0],
        keywords=fields.renamings("keywords"),
        reference=fields.text("reference"),
    )
