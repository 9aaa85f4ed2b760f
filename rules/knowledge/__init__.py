"""What Keras means, as tables: losses, activations, metrics, layers, zoo models, and how their names are spelled.

Each row of the YAML files beside this module names its reference and the Keras versions it holds for. Within
`taught.using` the tables hold what a team's files add, too.
"""

from __future__ import annotations

from mllint.rules.knowledge.fields import KnowledgeError
from mllint.rules.knowledge.names import canonical, framework
from mllint.rules.knowledge.rows import (
    ActivationRow,
    ApplicationRow,
    DataFunctionRow,
    DatasetRow,
    LayerRow,
    LossRow,
    MetricRow,
)
from mllint.rules.knowledge.table import Table
from mllint.rules.knowledge.taught import is_taught, sections_of, table, teaches

__all__ = [
    "KnowledgeError",
    "activations",
    "applications",
    "canonical",
    "data_functions",
    "datasets",
    "framework",
    "is_taught",
    "layers",
    "losses",
    "metrics",
    "sections_of",
    "teaches",
]


def losses() -> Table[LossRow]:
    return table("losses")


def activations() -> Table[ActivationRow]:
    return table("activations")


def metrics() -> Table[MetricRow]:
    return table("metrics")


def layers() -> Table[LayerRow]:
    return table("layers")


def applications() -> Table[ApplicationRow]:
    return table("applications")


def datasets() -> Table[DatasetRow]:
    return table("datasets")


def data_functions() -> Table[DataFunctionRow]:
    return table("label_sources")
