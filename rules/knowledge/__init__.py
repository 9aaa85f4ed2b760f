"""What Keras means, as tables: losses, activations, metrics, layers, zoo models, and how their names are spelled.

Each row of the YAML files beside this module names its reference and the Keras versions it holds for.
"""

from __future__ import annotations

from functools import lru_cache

from mllint.rules.knowledge import load
from mllint.rules.knowledge.fields import KnowledgeError, packaged
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

__all__ = [
    "KnowledgeError",
    "activations",
    "applications",
    "canonical",
    "data_functions",
    "datasets",
    "framework",
    "layers",
    "losses",
    "metrics",
]


@lru_cache(maxsize=1)
def losses() -> Table[LossRow]:
    return load.losses(packaged("losses.yaml"), "losses.yaml")


@lru_cache(maxsize=1)
def activations() -> Table[ActivationRow]:
    return load.activations(packaged("activations.yaml"), "activations.yaml")


@lru_cache(maxsize=1)
def metrics() -> Table[MetricRow]:
    return load.metrics(packaged("metrics.yaml"), "metrics.yaml")


@lru_cache(maxsize=1)
def layers() -> Table[LayerRow]:
    return load.layers(packaged("layers.yaml"), "layers.yaml")


@lru_cache(maxsize=1)
def applications() -> Table[ApplicationRow]:
    return load.applications(packaged("applications.yaml"), "applications.yaml")


@lru_cache(maxsize=1)
def datasets() -> Table[DatasetRow]:
    return load.datasets(packaged("datasets.yaml"), "datasets.yaml")


@lru_cache(maxsize=1)
def data_functions() -> Table[DataFunctionRow]:
    return load.data_functions(packaged("label_sources.yaml"), "label_sources.yaml")
