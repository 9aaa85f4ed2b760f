"""Classes whose constructor is made from their fields: dataclasses, attrs classes and named tuples."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import libcst as cst

from mllint.source.program import classes, decorators, functions
from mllint.source.program.fields import FIELD_FUNCTIONS, Field
from mllint.source.program.frames import NO_CALL
from mllint.source.program.values import Arguments, Class, Function, Instance, Made, Missing, Symbol, Value

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter

COPYING_FUNCTIONS = frozenset({"dataclasses.replace", "copy.replace", "attr.evolve", "attrs.evolve"})
_NAMED_TUPLES = ("typing.NamedTuple", "typing_extensions.NamedTuple")


# ---- the class -------------------------------------------------------------------------------------------------------


def record_of(run: Interpreter, made: Class) -> Class | None:
    """The class whose fields make the constructor of a class; None where a method is its constructor."""
    for ancestor in classes.ancestry(run, made):
        if not isinstance(ancestor, Class):
            continue
        if run.store.get((ancestor.scope, "__init__")) is not None:
            return None
        if _is_record(run, ancestor):
            return ancestor
    return None


def may_be_filled(run: Interpreter, made: Class) -> bool:
    """Whether a class with a constructor of its own has a base whose constructor sets fields."""
    own = [one for one in classes.ancestry(run, made) if isinstance(one, Class)]
    return any(_is_record(run, one) and run.store.get((one.scope, "__init__")) is None for one in own)


def _is_record(run: Interpreter, made: Class) -> bool:
    return _decorator(run, made) is not None or any(
        isinstance(base, Symbol) and base.name in _NAMED_TUPLES for base in made.bases
    )


def _decorator(run: Interpreter, made: Class) -> tuple[str, cst.BaseExpression] | None:
    """The decorator that makes a class a record, unless it is to write no constructor."""
    if not made.definition.decorators:
        return None
    names = decorators.names(run, made.definition, made.scope)
    for name, decorator in zip(names, made.definition.decorators, strict=True):
        if name in decorators.DATACLASSES | decorators.ATTRS | decorators.CLASSIC_ATTRS:
            assert name is not None
            return None if _option(run, decorator.decorator, "init") == "False" else (name, decorator.decorator)
    return None


def _option(run: Interpreter, decorator: cst.BaseExpression, name: str) -> str | None:
    """An option of a decorator, as it is written."""
    given = decorator.args if isinstance(decorator, cst.Call) else ()
    return next((run.units.code(one.value) for one in given if one.keyword and one.keyword.value == name), None)


def _fields(run: Interpreter, record: Class) -> Mapping[str, Field]:
    """The fields by name, those of bases first."""
    found: dict[str, Field] = {}
    for ancestor in reversed([one for one in classes.ancestry(run, record) if isinstance(one, Class)]):
        if not _is_record(run, ancestor):
            continue
        name, decorator = _decorator(run, ancestor) or ("", cst.Name("_"))
        own = run.fields.get(ancestor, ())
        is_listed = name in decorators.CLASSIC_ATTRS and _option(run, decorator, "auto_attribs") != "True"
        if is_listed or (name in decorators.ATTRS and not all(field.annotated for field in own)):
            own = tuple(field for field in own if field.described is not None)
        for field in own:
            if name not in decorators.DATACLASSES:
                found.pop(field.name, None)  # attrs moves a field that is defined anew to its new place
            if _option(run, decorator, "kw_only") == "True":
                field = Field(field.name, field.default, field.described, field.annotated, True, field.only_passed)
            found[field.name] = field
    return found


# ---- an instance -----------------------------------------------------------------------------------------------------


def initialize(run: Interpreter, instance: Instance, record: Class, arguments: Arguments) -> None:
    """Set the fields of a new instance, then run what the class does after that."""
    if classes.is_open(run, instance.type):  # there may be fields before these, and other defaults
        arguments = Arguments((), arguments.keywords, complete=False)
    fields = _fields(run, record)
    given = _given(fields, arguments)
    if given is None:
        run.opened.add(instance.reference)
        given, arguments = {}, Arguments(complete=False)
    passed: list[Value] = []
    for field in fields.values():
        value = _value(run, field, given.get(field.name), arguments.complete)
        if field.only_passed:
            passed.append(value or Missing(record.definition, f"what {field.name} is given is not known"))
        elif value is not None:
            run.store.set((instance.reference, field.name), value)
    for name in ("__post_init__", "__attrs_post_init__"):
        method = classes.find_method(run, instance.type, name)
        if method is not None:
            functions.enter(run, method, Arguments(tuple(passed)), NO_CALL, instance)


def _given(fields: Mapping[str, Field], arguments: Arguments) -> Mapping[str, Value] | None:
    """The arguments by field; None where they do not fit the fields that are seen."""
    accepted = [field for field in fields.values() if not field.says("init", False)]
    positional = [field.name for field in accepted if not field.keyword_only]
    if not arguments.complete:
        positional = []  # behind a * that is not known, every place is another
    elif len(arguments.positional) > len(positional):
        return None
    names = {_argument_name(field): field.name for field in accepted}
    if arguments.keywords.keys() - names.keys():
        return None
    by_name = {names[name]: value for name, value in arguments.keywords.items()}
    return {**dict(zip(positional, arguments.positional, strict=False)), **by_name}


def _argument_name(field: Field) -> str:
    """attrs leaves the underscores of private fields out."""
    is_attrs = field.described is not None and field.described.symbol.startswith("attr")
    return field.name.lstrip("_") if is_attrs else field.name


def _value(run: Interpreter, field: Field, given: Value | None, complete: bool) -> Value | None:
    node = field.described.node if field.described is not None else None
    if field.is_converted:
        return Missing(node, f"the field {field.name} is converted")
    if given is not None:
        return given
    if field.says("init", False) and field.default is None and not _factory(field):
        return None
    if not complete and not field.says("init", False):
        return Missing(node, f"the field {field.name} is not known here")
    if field.default is not None:
        return field.default
    factory = _factory(field)
    if isinstance(factory, Function | Class) and isinstance(node, cst.Call):
        return run.call(factory, Arguments(), node)
    return Missing(node, f"the field {field.name} is not known here")


def _factory(field: Field) -> Value | None:
    given = field.described.arguments if field.described is not None else Arguments()
    return given.get("default_factory") or given.get("factory")


# ---- library functions -----------------------------------------------------------------------------------------------


def call_symbol(run: Interpreter, name: str, arguments: Arguments, node: cst.Call) -> Value | None:
    """field() and replace(), by their canonical names; None for any other function."""
    if name in FIELD_FUNCTIONS:
        return Made(node, name, arguments)
    if name in COPYING_FUNCTIONS:
        return _replaced(run, arguments, node)
    return None


def _replaced(run: Interpreter, arguments: Arguments, node: cst.Call) -> Value:
    original = arguments.get("", 0)
    record = record_of(run, original.type) if isinstance(original, Instance) else None
    if not isinstance(original, Instance) or record is None:
        return Missing(node, "a copy of something that is not known")
    kept: dict[str, Value] = {}
    for field in _fields(run, record).values():
        value = run.store.get((original.reference, field.name))
        if value is not None and arguments.complete and not field.says("init", False):
            kept[_argument_name(field)] = value
    copy = Instance(node, original.type)
    given = Arguments((), {**kept, **arguments.keywords}, arguments.complete)
    initialize(run, copy, record, given)
    return copy
