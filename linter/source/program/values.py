"""What the interpreter knows about a Python value.

Every value remembers the node where it was written, so that a finding can point there however far the value travelled.
Values are compared by identity: two equal constants written at two places are two values.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import libcst as cst
    from typing_extensions import dataclass_transform

    from mllint.source.program.conditions import Condition
    from mllint.source.program.units import Unit

    T = TypeVar("T")

    @dataclass_transform(frozen_default=True, eq_default=False, field_specifiers=(field,))
    def immutable(kind: type[T]) -> type[T]: ...
else:
    # Whether anybody writes to a value is for the type checker: at run time it is half of what making one takes.
    immutable = dataclass(eq=False, slots=True)

_references = count(1)


def new_reference() -> int:
    """A fresh identity for an object whose state lives in the store."""
    return next(_references)


@immutable
class Value:
    """Any value; `node` is where it was written (None for what nobody wrote)."""

    node: cst.CSTNode | None


@immutable
class Missing(Value):
    """No value, and why: the reason completes the sentence "not judged: …"."""

    reason: str


@immutable
class OneOf(Missing):
    """A number that is not known, but for the few that it may be."""

    values: frozenset[float]


@immutable
class Constant(Value):
    """A number, a string, bytes, True, False, None or Ellipsis."""

    value: Any


@immutable
class Symbol(Value):
    """A module, class or function of another library, by its canonical dotted name."""

    name: str


@immutable
class Imported(Symbol):
    """A name that comes from another file of this program, by which nobody has asked for its value yet."""

    importer: Unit
    module: str
    """As the import statement writes it, with its leading dots."""
    attribute: str | None
    """What of the module is meant; None for the module itself."""


@immutable
class Namespace(Value):
    """A module of this program; what it defines is in the store under `reference`."""

    reference: int


@immutable
class Items(Value):
    """A tuple, or the state of a list."""

    values: tuple[Value, ...]


@immutable
class Entries(Value):
    """The state of a dict. `complete` is False where keys that cannot be seen may be there too."""

    values: Mapping[Any, Value]
    complete: bool = True


@immutable
class Object(Value):
    """Something with state in the store under `reference`."""

    reference: int = field(default_factory=new_reference, kw_only=True)


@immutable
class ListObject(Object):
    """A list; its Items are in the store."""


@immutable
class DictObject(Object):
    """A dict; its Entries are in the store."""


@immutable
class Function(Value):
    """A function of this program: a def or a lambda, with the scope it closes over."""

    definition: cst.FunctionDef | cst.Lambda
    scope: int
    defaults: Mapping[str, Value]
    owner: Class | None = None

    @property
    def name(self) -> str:
        name = getattr(self.definition, "name", None)
        return name.value if name is not None else "lambda"


@immutable
class Class(Value):
    """A class of this program; its body ran in `scope`."""

    definition: cst.ClassDef
    scope: int
    bases: tuple[Value, ...]

    @property
    def name(self) -> str:
        return self.definition.name.value


@immutable
class Instance(Object):
    """An instance of a class of this program."""

    type: Class


@immutable
class Super(Value):
    """super() inside a method of `owner`, bound to `receiver`."""

    owner: Class
    receiver: Value


@immutable
class Method(Value):
    """`receiver.name`, about to be called."""

    receiver: Value
    name: str


@immutable
class Bound(Value):
    """A function of this program bound to its receiver."""

    function: Function
    receiver: Value


@immutable
class Arguments:
    """The arguments of a call. `complete` is False after a * or ** that could not be read."""

    positional: tuple[Value, ...] = ()
    keywords: Mapping[str, Value] = field(default_factory=dict)
    complete: bool = True

    def get(self, name: str, position: int | None = None) -> Value | None:
        """The argument given by keyword, or else at `position`."""
        if name in self.keywords:
            return self.keywords[name]
        if position is not None and position < len(self.positional):
            return self.positional[position]
        return None


@immutable
class Partial(Value):
    """functools.partial: a callable with some arguments already given."""

    function: Value
    arguments: Arguments


@immutable
class Made(Object):
    """An object that a library class made: a layer, a loss, a metric, an optimizer, a dataset."""

    symbol: str
    arguments: Arguments


@immutable
class Model(Object):
    """A keras.Model or keras.Sequential; its output is in the store, because Sequential grows by .add()."""

    sequential: bool = False


@immutable
class Choice(Value):
    """One of two values, depending on a condition of the program."""

    condition: Condition
    then: Value
    otherwise: Value


@immutable
class Tensor(Value):
    """A symbolic tensor, known by what computes it."""


@immutable
class Placeholder(Tensor):
    """An input: keras.Input, or the parameter of a function that is traced."""


@immutable
class Applied(Tensor):
    """layer(inputs)."""

    layer: Value
    inputs: Value


@immutable
class Operation(Tensor):
    """A library function or an operator on tensors: tf.nn.softmax(x), x * 5."""

    symbol: str
    arguments: Arguments


@immutable
class Prediction(Operation):
    """model.predict(x), of the model whose state is under `model`."""

    model: int


@immutable
class Nested(Tensor):
    """The output of a traced function or model: `inner`, whose Placeholders stand for `inputs`."""

    inner: Value
    inputs: Value


@immutable
class LossValue(Value):
    """The value of a known loss called on labels and a prediction."""

    loss: Value
    arguments: Arguments
    prediction: Value
    changes_labels: bool = False
    """A function of the program computed with the labels before it called the loss on them."""
