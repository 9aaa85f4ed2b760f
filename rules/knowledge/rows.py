"""The rows of the knowledge tables: what one loss, activation, metric, layer or zoo model of Keras means."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, Literal, TypeAlias, TypeVar

from mllint.facts import Encoding

KerasVersion: TypeAlias = Literal[1, 2, 3]
Versions: TypeAlias = frozenset[KerasVersion]
"""Where something exists: 3 is Keras 3 (and `tf.keras` from TensorFlow 2.16), 2 is `tf.keras` before that and tf_keras
now, 1 is Keras before it moved into TensorFlow: Keras 1, and Keras 2 up to 2.3."""

SpellingKind: TypeAlias = Literal["class", "function", "op"]
"""A Keras class; a Keras function; a function of TensorFlow, keras.backend or keras.ops."""

LossFamily: TypeAlias = Literal[
    "binary",
    "categorical",
    "sparse",
    "regression",
    "hinge",
    "divergence",
    "count",
    "similarity",
    "segmentation",
    "ctc",
    "by-shape",
]
"""by-shape: Keras picks the cross-entropy that the shapes call for."""

Needs: TypeAlias = Literal["distribution", "probability", "positive", "signed", "any"]
"""What y_pred must be where from_logits is False: rows that sum to one; values in [0, 1]; values above 0 (or above -1
for a logarithm of 1 + y); values around zero whose sign decides; anything."""

Reads: TypeAlias = Literal["thresholded", "argmax", "ranking", "regression", "exact", "overlap", "loss", "by-shape"]
"""How a metric reads y_pred: against a threshold; by the largest entries of a row; against many thresholds spread over
[0, 1]; as numbers; as values that must be equal; as class ids whose regions are compared; as the loss of the same name
does; as the metric that Keras picks by the shapes."""

LayerRole: TypeAlias = Literal[
    "scores",
    "activation",
    "dropout",
    "shape",
    "pool",
    "normalisation",
    "merge",
    "identity",
    "input",
    "preprocessing",
    "wrapper",
    "recurrent",
    "lambda",
    "embedding",
    "attention",
    "cast",
]


@dataclass(frozen=True, slots=True)
class Signature:
    """Parameters in positional order, and the defaults of those that have one. `*args` and `**kwargs` are left out."""

    parameters: tuple[str, ...]
    defaults: Mapping[str, object]


@dataclass(frozen=True, slots=True, eq=False)
class Spelling:
    """One dotted name for something Keras has, with the signature behind that name."""

    symbol: str
    kind: SpellingKind
    signature: Signature
    """In Keras 3 where it exists there, else in Keras 2."""
    signature_keras2: Signature
    """The same object as `signature` where nothing differs."""
    keras: Versions


@dataclass(frozen=True, slots=True, eq=False)
class LossSpelling(Spelling):
    """A spelling of a loss. Called parameters of a class are those of its instances."""

    from_logits: bool | None
    """The default, or what the op always does; None for a loss that knows no logits."""
    labels_parameter: str
    predictions_parameter: str


SpellingT = TypeVar("SpellingT", bound=Spelling)


@dataclass(frozen=True, slots=True, eq=False)
class Spelled(Generic[SpellingT]):
    """What the rows of losses and metrics share: a name, the strings Keras takes for it, and its spellings."""

    name: str
    identifiers: Mapping[str, Versions]
    """Every string that Keras' get() or compile() accepts for it, with the versions that do."""
    spellings: tuple[SpellingT, ...]
    keras: Versions
    reference: str

    def spelling(self, symbol: str) -> SpellingT | None:
        return next((spelling for spelling in self.spellings if spelling.symbol == symbol), None)

    @property
    def symbols(self) -> Iterable[str]:
        return (spelling.symbol for spelling in self.spellings)


@dataclass(frozen=True, slots=True, eq=False)
class LossRow(Spelled[LossSpelling]):
    family: LossFamily
    needs: Needs
    labels: tuple[Encoding, ...]
    """The label encodings it is meant for."""
    focal: bool


@dataclass(frozen=True, slots=True, eq=False)
class MetricRow(Spelled[Spelling]):
    reads: Reads
    threshold: float | None
    """The default threshold; None where there is none."""
    from_logits: bool
    """Whether it takes a `from_logits` argument."""


@dataclass(frozen=True, slots=True, eq=False)
class ActivationRow:
    name: str
    identifiers: Mapping[str, Versions]
    symbols: Mapping[str, Versions]
    """Functions and layer classes that compute it."""
    low: float | None
    """Greatest lower bound of its values, None where there is none."""
    high: float | None
    distribution: bool
    """Rows sum to one."""
    attaches_logits: Mapping[str, Versions]
    """The symbols whose result carries `_keras_logits`, from which a TensorFlow-backed cross-entropy recovers the
    logits, and the Keras versions in which they do."""
    keras: Versions
    reference: str


@dataclass(frozen=True, slots=True, eq=False)
class LayerRow:
    name: str
    """Canonical symbol: keras.layers.Dense."""
    aliases: Mapping[str, Versions]
    """Other symbols for the same thing: keras.layers.Convolution2D."""
    role: LayerRole
    signature: Signature
    """In Keras 3 where it exists there, else in Keras 2."""
    signature_keras2: Signature
    """The same object as `signature` where nothing differs."""
    units: str | None
    """The parameter that holds the size of the last axis; None where no parameter does."""
    activation: str | None
    """The parameter that names the activation."""
    default_activation: str | None
    """Canonical name of the activation where nobody writes one; None for a layer that has none."""
    keras: Versions
    reference: str

    @property
    def identifiers(self) -> Mapping[str, Versions]:
        return {}

    @property
    def symbols(self) -> Iterable[str]:
        return (self.name, *self.aliases)


@dataclass(frozen=True, slots=True, eq=False)
class ApplicationRow:
    name: str
    """Canonical symbol: keras.applications.VGG16."""
    aliases: Mapping[str, Versions]
    """The same below the submodule: keras.applications.vgg16.VGG16."""
    signature: Signature
    signature_keras2: Signature
    keras: Versions
    reference: str

    @property
    def identifiers(self) -> Mapping[str, Versions]:
        return {}

    @property
    def symbols(self) -> Iterable[str]:
        return (self.name, *self.aliases)


DatasetForm: TypeAlias = Literal["splits", "bunch", "named", "pair", "labels", "batches"]
"""((x, y), (x, y)); an object with .data and .target; rows of a data set of tensorflow_datasets; (x, y); y; batches of
(x, y), as fit takes them."""


@dataclass(frozen=True, slots=True, eq=False)
class ArrayTraits:
    """What a data set's loader returns: None for what is not stated."""

    encoding: Encoding | None
    classes: int | None
    shape: tuple[int | None, ...] | None
    """Sizes of the axes, None for any size."""
    dtype: str | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, eq=False)
class DatasetRow:
    name: str
    """Canonical symbol of the loader, or the name under which tensorflow_datasets has it."""
    form: DatasetForm
    inputs: ArrayTraits
    labels: ArrayTraits
    depends_on: tuple[str, ...]
    """Parameters of the loader that change the classes."""
    reference: str

    @property
    def identifiers(self) -> Iterable[str]:
        return (self.name,) if self.form == "named" else ()

    @property
    def symbols(self) -> Iterable[str]:
        return () if self.form == "named" else (self.name,)


@dataclass(frozen=True, slots=True, eq=False)
class DataFunctionRow:
    """A function of a library that makes data, or makes other data of them."""

    name: str
    """Canonical symbol; array.…, table.… and dataset.… are methods, whose first parameter is the receiver."""
    aliases: tuple[str, ...]
    effect: str
    """Name of the handler in the source lens."""
    signature: Signature
    keywords: Mapping[str, str]
    """Other names of parameters, as aliases or older versions have them."""
    reference: str

    @property
    def identifiers(self) -> Iterable[str]:
        return ()

    @property
    def symbols(self) -> Iterable[str]:
        return (self.name, *self.aliases)
