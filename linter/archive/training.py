"""From what a saved model was compiled with to losses and metrics.

Keras 3 and the .keras format keep what compile was given. The older formats write a function as its name, as if the
program had passed a string, and metrics as Keras 2 resolved them: 'accuracy' becomes a MeanMetricWrapper around the
function that it picked. Source: Keras 2.15 keras/src/saving/legacy/saving_utils.py, keras/src/engine/compile_utils.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from mllint.archive.contents import Contents, UnreadableModel
from mllint.archive.layers import settings_of, symbol_of
from mllint.archive.parts import Part, shown
from mllint.facts import Fact, Identifier, Known, Loss, LossStructure, Metric, Place, Unknown
from mllint.reading.losses import known_loss, loss_by_name, unknown_loss
from mllint.reading.metrics import NO_ARGUMENTS, OWN, known_metric, metric_by_name, unknown_metric
from mllint.reading.outputs import DoesNotFit, loss_for, metrics_for
from mllint.rules import knowledge

Framework: TypeAlias = Literal["keras2", "keras3"]

MOST: Final = 200
"""Losses or metrics of one model."""
NOT_COMPILED: Final = "the model is not compiled"
_ACCURACY: Final = ("accuracy", "acc")
_RESOLVED: Final = ("binary_accuracy", "categorical_accuracy", "sparse_categorical_accuracy")
"""What Keras 2 makes of them."""
_OBJECT_SETTINGS: Final = ("name", "dtype", "fn")
"""What every metric writes down, and no rule asks for."""
_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "from_logits": (bool,),
    "label_smoothing": (int, float),
    "axis": (int,),
}


@dataclass(frozen=True, slots=True)
class Training:
    """What a saved model was compiled with. `path` is that of the file."""

    path: str
    contents: Contents
    framework: Framework | None
    stated_loss: str | None = None
    """What the user says an uncompiled model is trained with."""

    def place(self, setting: str = "") -> Place:
        key = self.contents.training_key
        return Place(self.path, Part("setting", f"{key}.{setting}" if setting else key))

    @property
    def run_eagerly(self) -> Fact[bool]:
        given = self._given("run_eagerly")
        if given is None and not self.contents.keeps_spelling:
            return Unknown("the file does not say whether the model runs eagerly")
        return Known(bool(given), self.place("run_eagerly"))

    def _given(self, setting: str) -> Any:
        return self.contents.training.get(setting) if self.contents.training is not None else None

    # ---- losses ----------------------------------------------------------------------------------------------------

    def loss(self, index: int, name: str | None, count: int) -> tuple[Loss, tuple[Identifier, ...]] | None:
        """The loss of one output, and the string that asks for it; None for one of several that has no loss."""
        given = self._given("loss")
        if given is None:
            return self._no_loss(), ()
        place = self.place("loss")
        if isinstance(given, list) or _is_plain_dict(given):
            try:
                given = loss_for(given, index, name, count)
            except DoesNotFit as problem:
                return unknown_loss(str(problem), "missing", place), ()
            if given is None and count > 1:
                return None
            place = self.place(f"loss[{shown(name)!r}]") if name is not None and count > 1 else place
        return self._loss(given, place)

    def _no_loss(self) -> Loss:
        if self.stated_loss is not None:
            return loss_by_name(self.stated_loss, "string", Place(self.path, Part("option", "the loss that is stated")))
        compiled = self.contents.training is not None
        return unknown_loss("no loss is given" if compiled else NOT_COMPILED, "missing", self.place("loss"))

    def _loss(self, given: Any, place: Place) -> tuple[Loss, tuple[Identifier, ...]]:
        if isinstance(given, str):
            if self.contents.keeps_spelling:
                text = shown(given)
                return loss_by_name(text, "string", place), (Identifier("loss", text, place),)
            return _loss_of_function(given, "string", place), ()
        function = function_name(given)
        if function is not None:
            return _loss_of_function(function, "function", place), ()
        if not isinstance(given, dict) or not isinstance(given.get("class_name"), str):
            return unknown_loss("no loss is given", "missing", place), ()
        symbol = symbol_of(given, "keras.losses")
        row = knowledge.losses().symbol(symbol)
        spelling = row.spelling(symbol) if row is not None else None
        if row is None or spelling is None:
            return unknown_loss(f"{symbol.rpartition('.')[2]} is not a loss that is known", "instance", place), ()
        config = settings_of(given)
        return known_loss(row, spelling, lambda parameter: _setting(config, parameter, place), "instance", place), ()

    def structure(self, names: list[str | None]) -> LossStructure | None:
        """How the losses were given, against the outputs."""
        given = self._given("loss")
        if given is None:
            return None
        keys = tuple(map(shown, given)) if _is_plain_dict(given) else ()
        form: Literal["single", "list", "dict"] = "list" if isinstance(given, list) else "dict" if keys else "single"
        size = len(given) if form != "single" else 1
        if size > MOST:
            raise UnreadableModel(f"it has more than {MOST} losses")
        known = tuple(name for name in names if name is not None)
        output_names: Fact[tuple[str, ...]] = (
            Known(known) if len(known) == len(names) else Unknown("the output has no name")
        )
        return LossStructure(form, size, keys, Known(len(names)), output_names, self.place("loss"))

    # ---- metrics ---------------------------------------------------------------------------------------------------

    def metrics(self, index: int, name: str | None, count: int) -> tuple[tuple[Metric, ...], tuple[Identifier, ...]]:
        """The metrics of one output, the weighted ones among them, and the strings that ask for them."""
        metrics: list[Metric] = []
        identifiers: list[Identifier] = []
        for setting in ("metrics", "weighted_metrics"):
            given = _of_output(self._given(setting), index, name, count)
            if len(given) > MOST:
                raise UnreadableModel(f"it has more than {MOST} metrics")
            for number, one in enumerate(given):
                place = self.place(f"{setting}[{number}]" if count == 1 else f"{setting}[{shown(name)!r}][{number}]")
                metrics.append(self._metric(one, name, place))
                if isinstance(one, str) and self.contents.keeps_spelling:
                    identifiers.append(Identifier("metric", shown(one), place))
        return tuple(metrics), tuple(identifiers)

    def _metric(self, given: Any, output: str | None, place: Place) -> Metric:
        function = function_name(given)
        if isinstance(given, str):
            return metric_by_name(shown(given), place)
        if function is not None:
            return _metric_of_function(function, place)
        if not isinstance(given, dict) or not isinstance(given.get("class_name"), str):
            return unknown_metric(OWN, "wrapped", place)
        config = settings_of(given)
        if given["class_name"] == "MeanMetricWrapper":
            return _wrapped_metric(config, output, place)
        symbol = symbol_of(given, "keras.metrics")
        row = knowledge.metrics().symbol(symbol)
        spelling = row.spelling(symbol) if row is not None else None
        if row is None or spelling is None:
            return unknown_metric(OWN, "wrapped", place)
        signature = spelling.signature_keras2 if self.framework == "keras2" else spelling.signature
        passed: dict[str, Fact[Any]] = {
            parameter: Known(config[parameter], place)
            for parameter in signature.parameters
            if parameter in config
            and parameter not in _OBJECT_SETTINGS
            and config[parameter] != signature.defaults.get(parameter)
        }
        return known_metric(row, passed, "instance", place)


def function_name(given: Any) -> str | None:
    """The name of a serialized function, which is all that a file holds of it; None for anything else."""
    if not isinstance(given, dict):
        return None
    if given.get("class_name") == "__lambda__":
        return "<lambda>"
    if given.get("class_name") != "function":
        return None
    registered = given.get("registered_name")
    name = registered if isinstance(registered, str) and ">" in registered else given.get("config")
    return name if isinstance(name, str) else "<function>"


def _loss_of_function(name: str, written: Literal["string", "function"], place: Place) -> Loss:
    if knowledge.losses().identify(name) is None:
        reason = f"{shown(name)!r} is a loss of the program: the file holds its name alone"
        return unknown_loss(reason, "function", place)
    return loss_by_name(name, written, place)


def _metric_of_function(name: str, place: Place) -> Metric:
    """A function of the program may share its name with an identifier: Keras has no function called accuracy."""
    row = knowledge.metrics().identify(name)
    functions = [one.symbol.rpartition(".")[2] for one in row.spellings if one.kind == "function"] if row else []
    if row is None or name not in functions:
        return unknown_metric(OWN, "wrapped", place)
    return known_metric(row, NO_ARGUMENTS, "function", place)


def _wrapped_metric(config: Mapping[str, Any], output: str | None, place: Place) -> Metric:
    """Keras 2 writes a metric that was asked for by a string or function as the function that it resolved to."""
    name, function = config.get("name"), function_name(config.get("fn")) or str(config.get("fn"))
    asked = name.removeprefix(f"{output}_") if isinstance(name, str) else None
    if asked in _ACCURACY and function in _RESOLVED:
        return metric_by_name("accuracy", place)
    return _metric_of_function(function, place)


def _setting(config: Mapping[str, Any], parameter: str, place: Place) -> Fact[Any] | None:
    if parameter not in config:
        return None
    value = config[parameter]
    types = _TYPES[parameter]
    if isinstance(value, types) and (bool in types or not isinstance(value, bool)):
        return Known(value, place)
    return Unknown(f"{parameter} is not known: it is of another type than Keras gives it", place)


def _is_plain_dict(value: Any) -> bool:
    """Whether a JSON object is a dict that the program passed, and not a serialized object."""
    return isinstance(value, dict) and "class_name" not in value


def _of_output(given: Any, index: int, name: str | None, count: int) -> list[Any]:
    """The metrics of one output; Keras 2 writes a list for each, even for a single one."""
    if _is_plain_dict(given):
        given = metrics_for(given, name)
    elif isinstance(given, list) and count > 1:
        nested = len(given) == count and any(isinstance(one, list) for one in given)
        given = given[index] if nested else None
    return list(_flat(given))


def _flat(given: Any) -> Iterator[Any]:
    if isinstance(given, list):
        for one in given:
            yield from one if isinstance(one, list) else (one,)
    elif given is not None:
        yield given
