"""Rows in two words: `like: keras.losses.BinaryCrossentropy` says that something of a team's own behaves as that does.

A loss, metric or activation becomes one more spelling of the one it is like; of everything else the row is copied under
the new name.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from mllint.rules.knowledge.fields import Fields
from mllint.rules.knowledge.names import canonical
from mllint.rules.knowledge.rows import (
    ActivationRow,
    ApplicationRow,
    DataFunctionRow,
    DatasetRow,
    LayerRow,
    LossRow,
    MetricRow,
    Signature,
    Versions,
)
from mllint.rules.knowledge.table import Table

KEY: Final = "like"


def row_like(section: str, symbol: str, fields: Fields, known: Table[Any]) -> Any:
    """The row for what is like another. Raises KnowledgeError where that is not known."""
    model = canonical(fields.text(KEY))
    row = known.symbol(model)
    if row is None:
        nearest = difflib.get_close_matches(model, known.symbols(), n=1)
        advice = f"; did you mean {nearest[0]!r}?" if nearest else ""
        raise fields.error(f"{model!r} is not known{advice}", KEY)
    return MAKERS[section](symbol, model, fields, row)


def _spelled(symbol: str, model: str, fields: Fields, row: Any) -> LossRow | MetricRow:
    found: LossRow | MetricRow = row
    like = next(one for one in found.spellings if one.symbol == model)
    signature, signature_keras2 = _signatures(fields, like.signature, like.signature_keras2)
    own = replace(like, symbol=symbol, signature=signature, signature_keras2=signature_keras2)
    names = _names(fields, found.keras)
    registered = [replace(own, symbol=name) for name in names if name not in found.identifiers and ">" in name]
    spellings: Any = (*found.spellings, own, *registered)
    return replace(found, identifiers={**found.identifiers, **names}, spellings=spellings)


def _activation(symbol: str, model: str, fields: Fields, row: ActivationRow) -> ActivationRow:
    """What a team's own activation leaves on its output is not known: no logits, as far as rules are concerned."""
    names = _names(fields, row.keras)
    symbols = {**row.symbols, symbol: row.keras, **{name: row.keras for name in names if ">" in name}}
    return replace(row, identifiers={**row.identifiers, **names}, symbols=symbols)


def _names(fields: Fields, otherwise: Versions) -> Mapping[str, Versions]:
    """The strings that stand for it."""
    registered = fields.optional_text("registered")
    return {**fields.dated("identifiers", otherwise), **({registered: otherwise} if registered is not None else {})}


def _layer(symbol: str, model: str, fields: Fields, row: LayerRow) -> LayerRow:
    signature, signature_keras2 = _signatures(fields, row.signature, row.signature_keras2)
    registered = fields.optional_text("registered")
    aliases = {registered: row.keras} if registered is not None else {}
    return replace(row, name=symbol, aliases=aliases, signature=signature, signature_keras2=signature_keras2)


def _application(symbol: str, model: str, fields: Fields, row: ApplicationRow) -> ApplicationRow:
    signature, signature_keras2 = _signatures(fields, row.signature, row.signature_keras2)
    return replace(row, name=symbol, aliases={}, signature=signature, signature_keras2=signature_keras2)


def _dataset(symbol: str, model: str, fields: Fields, row: DatasetRow) -> DatasetRow:
    return replace(row, name=symbol)


def _data_function(symbol: str, model: str, fields: Fields, row: DataFunctionRow) -> DataFunctionRow:
    signature, _ = _signatures(fields, row.signature, row.signature)
    return replace(row, name=symbol, aliases=(), signature=signature)


def _signatures(fields: Fields, signature: Signature, signature_keras2: Signature) -> tuple[Signature, Signature]:
    """Those that are written, or those of what it is like."""
    return fields.signatures() if fields.has("signature") else (signature, signature_keras2)


MAKERS: Final[Mapping[str, Callable[[str, str, Fields, Any], Any]]] = {
    "losses": _spelled,
    "metrics": _spelled,
    "activations": _activation,
    "layers": _layer,
    "applications": _application,
    "datasets": _dataset,
    "label_sources": _data_function,
}
