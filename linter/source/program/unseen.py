"""Changes that the text does not show: an object is written under names that are not known, or given to a library.

From then on the constants in it may be anything. What is assigned to it later is known again.
"""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

import libcst as cst

from mllint.rules import knowledge
from mllint.source.program import classes
from mllint.source.program.conditions import alternatives, choose
from mllint.source.program.values import (
    Arguments,
    Choice,
    Class,
    Constant,
    DictObject,
    Entries,
    Instance,
    Items,
    ListObject,
    Method,
    Missing,
    Namespace,
    Symbol,
    Value,
)

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter

_KEEPERS = frozenset(
    (
        *("tensorflow", "tf", "keras", "tf_keras", "numpy", "np", "pandas", "pd", "sklearn", "scipy"),
        *("matplotlib", "seaborn", "wandb", "mlflow", "tqdm", "tabulate", "rich", "joblib", "yaml"),
        *("builtins", "collections", "copy", "csv", "dataclasses", "datetime", "functools", "itertools", "json"),
        *("logging", "math", "os", "pathlib", "pickle", "pprint", "random", "re", "sys", "time"),
    )
)
"""Libraries that leave alone what they are given; by the first part of their names."""
_READERS = frozenset(
    (
        *("debug", "info", "warning", "error", "critical", "exception", "log", "log_params", "log_config"),
        *("add", "append", "format", "join", "print", "write"),
    )
)
"""Methods that read what they are given, whosever they are."""


def forget(run: Interpreter, value: Value, reason: str, node: cst.CSTNode) -> None:
    """The constants in an object, and in those it holds, may have been changed."""
    _Doubt(run, Missing(node, reason)).forget(value)


class _Doubt:
    """One change out of sight. Every object and every value is looked at once, by however many ways it is reached."""

    def __init__(self, run: Interpreter, instead: Missing) -> None:
        self._run = run
        self._instead = instead
        self._objects: set[int] = set()
        self._left: dict[Value, Value] = {}

    def forget(self, value: Value) -> None:
        for one in alternatives(value):
            reference = one.scope if isinstance(one, Class) else getattr(one, "reference", None)
            if reference is None or reference in self._objects:
                continue
            self._objects.add(reference)
            if isinstance(one, Namespace):
                self._run.units.write_unknown(one)
            elif isinstance(one, Class | Instance):
                self._forget_attributes(one, reference)
            elif isinstance(one, DictObject | ListObject):
                state = self._run.store.get((reference, "<items>"))
                if state is not None:
                    self._run.store.set((reference, "<items>"), self._left_of(state))

    def _forget_attributes(self, owner: Class | Instance, reference: int) -> None:
        run = self._run
        made = owner if isinstance(owner, Class) else owner.type
        scopes = [one.scope for one in classes.ancestry(run, made) if isinstance(one, Class)]
        for scope in dict.fromkeys((reference, *scopes)):
            for name in run.store.names(scope):
                value = run.store.get((reference, name)) or run.store.get((scope, name))
                if value is not None and not name.startswith(("<", "__")):
                    left = self._left_of(value)
                    if left is not value:
                        run.store.set((reference, name), left)

    def _left_of(self, value: Value) -> Value:
        if value not in self._left:
            self._left[value] = self._doubted(value)
        return self._left[value]

    def _doubted(self, value: Value) -> Value:
        """What is left of a value: the value itself where it is no constant."""
        if isinstance(value, Constant):
            return self._instead
        if isinstance(value, Choice):
            then, otherwise = self._left_of(value.then), self._left_of(value.otherwise)
            if isinstance(then, Missing) and isinstance(otherwise, Missing):
                return then
            same = then is value.then and otherwise is value.otherwise
            return value if same else choose(value.condition, then, otherwise)
        if isinstance(value, Items):
            items = tuple(map(self._left_of, value.values))
            return value if items == value.values else Items(value.node, items)
        if isinstance(value, Entries):
            entries = {key: self._left_of(one) for key, one in value.values.items()}
            is_same = not value.complete and entries == value.values
            return value if is_same else Entries(value.node, entries, complete=False)
        self.forget(value)
        return value


def given_away(run: Interpreter, function: Value, arguments: Arguments, node: cst.Call) -> None:
    """A call that is not followed may change what it is given: what comes from another file of the program is there to
    be changed."""
    if not _may_change(function, node):
        return
    given = [*arguments.positional, *arguments.keywords.values()]
    if isinstance(function, Method):
        given.append(function.receiver)
    for value in given:
        for one in alternatives(value):
            if _is_of_another_file(run, one):
                forget(run, one, "it may have been changed by a call that is not followed", node)


def _may_change(function: Value, node: cst.Call) -> bool:
    if isinstance(function, Symbol):
        return knowledge.canonical(function.name).partition(".")[0] not in _KEEPERS
    if isinstance(function, Method):
        is_known = not isinstance(function.receiver, Missing | Instance)
        return not is_known and function.name not in _READERS
    is_builtin = isinstance(node.func, cst.Name) and hasattr(builtins, node.func.value)
    return isinstance(function, Missing) and not is_builtin


def _is_of_another_file(run: Interpreter, value: Value) -> bool:
    if isinstance(value, Namespace):
        return value.reference != run.units.main.scope
    if isinstance(value, Instance):
        return not _is_of_keras(run, value) and run.units.is_of_another_file(value.type.definition)
    if not isinstance(value, DictObject | ListObject) or value.node is None:
        return False
    return run.units.is_of_another_file(value.node)


def _is_of_keras(run: Interpreter, value: Instance) -> bool:
    base = classes.library_base(run, value.type) or ""
    return base.partition(".")[0] in ("keras", "tf")
