"""From a recorded site to training setups: one for every way the program's open conditions can fall."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

import libcst as cst

from mllint.facts import (
    Assumption,
    Decoding,
    Fact,
    Fit,
    Identifier,
    Known,
    Labels,
    Loss,
    LossStructure,
    Output,
    Place,
    Swap,
    Task,
    TrainingSetup,
    Unknown,
)
from mllint.reading.labels import stated_labels, unknown_labels
from mllint.reading.outputs import DoesNotFit, loss_for, metrics_for
from mllint.rules import knowledge
from mllint.source.program import classes
from mllint.source.program.conditions import Undecided, World, decided, resolve
from mllint.source.program.interpreter import Interpreter
from mllint.source.program.keras_library import losses
from mllint.source.program.sites import Site
from mllint.source.program.values import (
    Applied,
    Constant,
    Entries,
    Instance,
    Items,
    LossValue,
    Made,
    Missing,
    Nested,
    Tensor,
    Value,
)
from mllint.source.reading.decodings import read_decodings
from mllint.source.reading.fits import fits_of, read_fits, span_of
from mllint.source.reading.heads import HeadReader
from mllint.source.reading.labels import compared, read_called, read_labels
from mllint.source.reading.losses import knowledge_of, read_called_loss, read_loss
from mllint.source.reading.metrics import read_metrics
from mllint.source.reading.tasks import stated_encoding

MOST_WORLDS = 64
"""A site that depends on more combinations of conditions than this is not judged."""


class TooManyBranches(Exception):
    """The site depends on more conditions than can be told apart."""


def custom_training(run: Interpreter, site: Site) -> str | None:
    """Why the compiled loss is not what trains the model; None where it is."""
    model = site.model
    if site.via != "compile" or not isinstance(model, Instance):
        return None
    for name, uses in (("train_step", ("compiled_loss", "compute_loss")), ("compute_loss", ("super().compute_loss",))):
        method = classes.find_method(run, model.type, name)
        if method is None:
            continue
        text = run.units.code(method.definition)
        if not any(use in text.partition(":")[2] for use in uses):
            return f"{name} is overridden: the compiled loss does not train the model"
    return None


def has_own_training(run: Interpreter, site: Site) -> bool:
    """Whether the program writes a part of what fit does with the labels."""
    model = site.model
    names = ("train_step", "compute_loss")
    return isinstance(model, Instance) and any(classes.find_method(run, model.type, name) for name in names)


def only_predicts(run: Interpreter, site: Site, setup: TrainingSetup) -> bool:
    """Whether the model is a feature extractor or generator that is compiled for form's sake: it predicts here, nothing
    trains or evaluates it, and its head makes no probabilities that its loss could have been meant for."""
    reference = getattr(site.model, "reference", None)
    if site.via != "compile" or reference not in run.predicted or reference in run.fits:
        return False
    names = [output.head.activation.value for output in setup.outputs if isinstance(output.head.activation, Known)]
    rows = [knowledge.activations().get(name) for name in names]
    return not any(row is not None and row.low == 0 and row.high == 1 for row in rows)


def place_of(run: Interpreter, node: cst.CSTNode) -> Place:
    """Where a node is written: in the file that is looked at, or in another of its program."""
    return Place((run.data.file_of(node) or run.units.file_of(node)).path, node)


def setups(run: Interpreter, site: Site, path: str, task: Task | None = None) -> Iterator[TrainingSetup]:
    """The setups of a site.

    Raises TooManyBranches where conditions of the program give more than MOST_WORLDS combinations.
    """
    open_worlds: list[World] = [site.world]
    seen = 0
    while open_worlds:
        world = open_worlds.pop()
        try:
            setup = _Builder(run, site, path, world, task).build()
        except Undecided as undecided:
            seen += 1
            if seen > MOST_WORLDS:
                raise TooManyBranches from undecided
            for holds in (False, True):
                if decided(undecided.condition, world) is None:
                    open_worlds.append({**world, undecided.condition: holds})
            continue
        yield setup


@dataclass(frozen=True, slots=True)
class _Builder:
    """Builds the setup of a site in one world."""

    run: Interpreter
    site: Site
    path: str
    world: World
    task: Task | None

    def build(self) -> TrainingSetup:
        return self._compiled() if self.site.via == "compile" else self._called()

    def _place(self, node: cst.CSTNode | None) -> Place:
        return place_of(self.run, node if node is not None else self.site.node)

    def _heads(self) -> HeadReader:
        return HeadReader(self.world, self._place, self.site.policy, self.run.reassigned)

    # ---- a loss called in a loop -----------------------------------------------------------------------------------

    def _called(self) -> TrainingSetup:
        site = self.site
        assert site.loss is not None
        loss = read_called_loss(site.loss, site.arguments, site.node, self.world, self._place)
        head, identifiers = self._heads().read(site.prediction)
        swap = None
        known = knowledge_of(site.loss)
        if known is not None and losses.is_swapped(known[1], site.arguments):
            prediction, labels = losses.called_with(known[1], site.arguments)
            assert labels is not None and prediction is not None
            swap = Swap(known[0].name, self._handed_over(labels), self._handed_over(prediction))
        called = losses.called_with(known[1], site.arguments)[0] if known is not None else None
        labels_read = self._undivided(lambda: read_called(called, self.world, self._place))
        labels_read = self._as_stated(labels_read, loss)
        return self._setup((Output(None, head, loss, labels_read),), identifiers, None, swap)

    def _handed_over(self, value: Value) -> Place:
        """The argument of the call that a value is given as, or else where the value was made."""
        given, written = self.site.arguments, self.site.node.args
        for index, one in enumerate(given.positional[: len(written)]):
            if one is value and written[index].keyword is None and not any(arg.star for arg in written[: index + 1]):
                return self._place(written[index].value)
        for arg in written:
            if arg.keyword is not None and given.keywords.get(arg.keyword.value) is value:
                return self._place(arg.value)
        return self._place(value.node)

    # ---- compile ---------------------------------------------------------------------------------------------------

    def _compiled(self) -> TrainingSetup:
        arguments = self.site.arguments
        given = arguments.get("loss", 1)
        if given is None and not arguments.complete:
            given = Missing(self.site.node, "compile takes arguments that are not known")
        loss = resolve(given, self.world) if given is not None else None
        prediction = resolve(self.site.prediction, self.world)
        heads = _outputs(prediction)
        structure = self._structure(loss, prediction, heads)
        outputs: list[Output] = []
        identifiers: list[Identifier] = []
        for index, (name, tensor) in enumerate(heads):
            one_loss = self._loss_of(loss, index, name, len(heads))
            if one_loss is None and loss is not None and len(heads) > 1:
                continue  # an output without a loss is not trained
            head, found = self._heads().read(self._inside_loss(one_loss, tensor))
            read, asked = read_loss(one_loss, self.world, self._place)
            metrics, named = read_metrics(self._metrics_of(index, name, len(heads)), self.world, self._place)
            labels = self._as_stated(compared(self._labels(index, name, len(heads)), one_loss), read)
            decodings = self._decodings() if len(heads) == 1 else ()
            outputs.append(Output(name if len(heads) > 1 else None, head, read, labels, metrics, decodings))
            identifiers.extend((*found, *asked, *named))
        return self._setup(tuple(outputs), tuple(dict.fromkeys(identifiers)), structure, None)

    def _inside_loss(self, loss: Value | None, tensor: Value) -> Value:
        """A loss function of the program may itself work on y_pred before it calls the known loss."""
        return Nested(tensor.node, loss.prediction, tensor) if isinstance(loss, LossValue) else tensor

    def _loss_of(self, loss: Value | None, index: int, name: str | None, count: int) -> Value | None:
        if not isinstance(loss, Items | Entries):
            return loss
        try:
            found = loss_for(loss.values, index, name, count)
        except DoesNotFit as problem:
            return Missing(loss.node, str(problem))
        return resolve(found, self.world) if found is not None else None

    def _metrics_of(self, index: int, name: str | None, count: int) -> Value | None:
        given = self.site.arguments.get("metrics")
        given = resolve(given, self.world) if given is not None else None
        if isinstance(given, Entries):
            return metrics_for(given.values, name)
        if isinstance(given, Items) and count > 1:
            nested = [resolve(one, self.world) for one in given.values]
            if len(nested) == count and any(isinstance(one, Items) for one in nested):
                return nested[index]
            return None  # Keras 2 gives a flat list to every output, Keras 3 one metric to each, or raises
        return given

    def _labels(self, index: int, name: str | None, count: int) -> Labels:
        if has_own_training(self.run, self.site):
            return unknown_labels("the model trains by a method of its own, which may change the labels")
        fits = fits_of(self.run, self.site, self.world)
        return self._undivided(lambda: read_labels(fits, index, name, count, self.world, self._place))

    def _undivided(self, read: Callable[[], Labels]) -> Labels:
        """Labels do not split a site into more setups: a condition that only they depend on leaves them unknown."""
        try:
            return read()
        except Undecided as undecided:
            return unknown_labels(f"the labels depend on a condition: {undecided.condition.text}")

    def _as_stated(self, labels: Labels, loss: Loss) -> Labels:
        """A comment speaks where no label does."""
        if isinstance(labels.encoding, Known):
            return labels
        files = dict.fromkeys((self.run.units.file_of(self.site.node), self.run.units.file_of(self.run.module)))
        stated = stated_encoding([file.tree for file in files], self.site.statement, loss, self.task)
        return stated_labels(labels, stated, self._place(self.site.node.func)) if stated is not None else labels

    def _decodings(self) -> tuple[Decoding, ...]:
        decoded = self.run.decoded.get(getattr(self.site.model, "reference", 0), ())
        start, end = span_of(self.run, self.site, self.world)
        return read_decodings(decoded, start, end, self.world, self._place)

    def _fits(self) -> tuple[Fit, ...]:
        if self.site.via != "compile":
            return ()
        try:
            return read_fits(fits_of(self.run, self.site, self.world), self.world, self._place)
        except Undecided:
            return ()

    def _structure(
        self, loss: Value | None, prediction: Value, heads: list[tuple[str | None, Value]]
    ) -> LossStructure | None:
        if loss is None or isinstance(loss, Missing):
            return None
        known = isinstance(prediction, Tensor | Items | Entries)
        reason = prediction.reason if isinstance(prediction, Missing) else "the outputs are not known"
        outputs: Fact[int] = Known(len(heads)) if known else Unknown(reason, self._place(prediction.node))
        names = tuple(name for name, _ in heads if name is not None)
        all_named = known and len(names) == len(heads)
        output_names: Fact[tuple[str, ...]] = Known(names) if all_named else Unknown("an output has no name here")
        place = self._place(loss.node)
        if isinstance(loss, Items):
            return LossStructure("list", len(loss.values), (), outputs, output_names, place)
        if isinstance(loss, Entries):
            if not loss.complete:
                return None
            keys = tuple(str(key) for key in loss.values)
            return LossStructure("dict", len(keys), keys, outputs, output_names, place)
        return LossStructure("single", 1, (), outputs, output_names, place)

    # ---- both ------------------------------------------------------------------------------------------------------

    def _setup(
        self,
        outputs: tuple[Output, ...],
        identifiers: tuple[Identifier, ...],
        structure: LossStructure | None,
        swap: Swap | None,
    ) -> TrainingSetup:
        site = self.site
        assumed = {c: holds for c, holds in self.world.items() if c not in site.world}
        return TrainingSetup(
            path=self.path,
            place=self._place(site.node.func),
            via=site.via,
            outputs=outputs,
            framework=_framework(self.run.framework),
            run_eagerly=self._run_eagerly(),
            identifiers=(*identifiers, *self._unknown_activations()),
            structure=structure,
            swap=swap,
            called_from=tuple(self._place(call) for call in site.calls),
            bare_metrics=self._bare_metrics(),
            fits=self._fits(),
            assumptions=tuple(Assumption(condition.text, holds) for condition, holds in assumed.items()),
            in_unit_test=site.in_unit_test,
        )

    def _bare_metrics(self) -> Place | None:
        given = self.site.arguments.get("metrics") if self.site.via == "compile" else None
        value = resolve(given, self.world) if given is not None else None
        return self._place(value.node) if isinstance(value, Constant) and isinstance(value.value, str) else None

    def _unknown_activations(self) -> Iterator[Identifier]:
        """Keras refuses these wherever in the model they stand."""
        for asked in self.run.unknown_activations:
            yield Identifier("activation", asked.value, self._place(asked.node))

    def _run_eagerly(self) -> Fact[bool]:
        given = self.site.arguments.get("run_eagerly") if self.site.via == "compile" else None
        value = resolve(given, self.world) if given is not None else None
        if value is None:
            return Known(False)
        if isinstance(value, Constant):
            return Known(bool(value.value), self._place(value.node))
        return Unknown("run_eagerly is not known", self._place(value.node))


def _framework(proved: Literal["keras2", "keras3"] | None) -> Fact[Literal["keras2", "keras3"]]:
    if proved is None:
        return Unknown("the imports fit Keras 2 and Keras 3")
    return Known(proved)


def _outputs(prediction: Value) -> list[tuple[str | None, Value]]:
    """Names and tensors of a model's outputs; names only where the program gives them."""
    if isinstance(prediction, Items):
        return [(_name_of(tensor), tensor) for tensor in prediction.values]
    if isinstance(prediction, Entries):
        return [(str(key), tensor) for key, tensor in prediction.values.items()]
    return [(_name_of(prediction), prediction)]


def _name_of(tensor: Value) -> str | None:
    """The name of the layer that puts the tensor out, which is the name of the output."""
    if not isinstance(tensor, Applied) or not isinstance(tensor.layer, Made):
        return None
    name = tensor.layer.arguments.get("name")
    return name.value if isinstance(name, Constant) and isinstance(name.value, str) else None
