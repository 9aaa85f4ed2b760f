"""A knowledge file and the fields of its rows, each checked as it is taken."""

from __future__ import annotations

import ast
import difflib
import math
import reprlib
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pkgutil import get_data
from types import MappingProxyType
from typing import Any, TypeVar, get_args

import yaml

from mllint.rules.knowledge.rows import KerasVersion, Signature, Versions

T = TypeVar("T")

ALL_VERSIONS: Versions = frozenset(get_args(KerasVersion))

_SHORT = reprlib.Repr()
"""What messages quote of a file."""
_SHORT.maxstring = _SHORT.maxother = 80

# libyaml is ten times faster, and not part of every PyYAML build.
_Base: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Base):  # type: ignore[misc]
    """YAML says that the last of two equal keys wins; here the first one would be lost without a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        written: set[str] = set()
        for key in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
            if key.value in written:
                raise yaml.constructor.ConstructorError(None, None, f"{key.value!r} is written twice", key.start_mark)
            written.add(key.value)
        content: dict[Any, Any] = super().construct_mapping(node, deep)
        return content


class KnowledgeError(Exception):
    """A knowledge file that cannot be used. `row` is empty where the whole file is at fault."""

    def __init__(
        self, file: str, row: str, message: str, line: int | None = None, at: tuple[str | int, ...] = ()
    ) -> None:
        super().__init__(f"{file}: {row}: {message}" if row else f"{file}: {message}")
        self.file = file
        self.row = row
        self.message = message
        self.line = line
        """1-based, where the parser tells it."""
        self.at = at
        """The keys and places in lists that lead to what is wrong."""


def packaged(file: str) -> str:
    """The text of a YAML file of this package."""
    raw = get_data("mllint.rules.knowledge", file)  # importlib.resources takes longer to import than this to read all
    assert raw is not None
    return raw.decode()


def document(text: str, file: str) -> dict[str, Any]:
    """The mapping a YAML file holds; an empty one for nothing but comments. Raises KnowledgeError."""
    try:
        content = yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) if mark is not None else None
        message = f"is not YAML: {' '.join(str(reason or error).split())}"
        raise KnowledgeError(file, "", message, mark.line + 1 if mark is not None else None) from error
    except (ValueError, OverflowError) as error:  # a date that no calendar has, a number beyond all floats
        raise KnowledgeError(file, "", f"is not YAML: {error}") from error
    if content is None:
        return {}
    if not isinstance(content, dict) or not all(isinstance(key, str) for key in content):
        raise KnowledgeError(file, "", "expected a mapping from names to rows")
    return content


def line_of(text: str, at: Iterable[str | int]) -> int | None:
    """The 1-based line of the deepest node that keys and places in lists lead to, as far as the text has them."""
    node = yaml.compose(text, Loader=_Loader)
    line = None
    for step in at:
        if isinstance(node, yaml.MappingNode):
            found = next(((key, value) for key, value in node.value if key.value == step), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
            found = (node.value[step], node.value[step])
        else:
            found = None
        if found is None:
            break
        line, node = found[0].start_mark.line + 1, found[1]
    return line


class Fields:
    """The fields of one row; each is taken once, and `finish` rejects what nobody took."""

    def __init__(self, file: str, row: str, fields: object, at: tuple[str | int, ...] = ()) -> None:
        self.file = file
        self.row = row
        self._at = at
        self._known: set[str] = set()
        """The keys that were asked for."""
        if not isinstance(fields, dict):
            raise self.error(f"expected a mapping of fields, found {_SHORT.repr(fields)}")
        self._left: dict[str, Any] = dict(fields)

    def error(self, message: str, key: str | None = None) -> KnowledgeError:
        at = self._at if key is None else (*self._at, key)
        return KnowledgeError(self.file, self.row, message if key is None else f"{key}: {message}", at=at)

    def finish(self) -> None:
        if self._left:
            key = str(next(iter(self._left)))
            nearest = difflib.get_close_matches(key, self._known, n=1)
            advice = f"; did you mean {nearest[0]!r}?" if nearest else f"; valid keys: {', '.join(sorted(self._known))}"
            error = self.error(f"unknown key {_SHORT.repr(key)}{advice}")
            error.at = (*self._at, key)
            raise error

    def has(self, key: str) -> bool:
        self._known.add(key)
        return key in self._left

    def text(self, key: str) -> str:
        return self._typed(key, str, "a string")

    def optional_text(self, key: str) -> str | None:
        return self.text(key) if self.has(key) else None

    def flag(self, key: str) -> bool:
        """False where it is not written."""
        return self._typed(key, bool, "true or false") if self.has(key) else False

    def optional_flag(self, key: str) -> bool | None:
        return self.flag(key) if self.has(key) else None

    def optional_number(self, key: str) -> float | None:
        if not self.has(key):
            return None
        value = self._left.pop(key)
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            raise self.error(f"expected a number, found {_SHORT.repr(value)}", key)
        return float(value)

    def optional_count(self, key: str) -> int | None:
        """A whole number, one or more."""
        value = self._typed(key, int, "a whole number") if self.has(key) else None
        if value is not None and (isinstance(value, bool) or value < 1):
            raise self.error(f"expected a whole number, one or more, found {_SHORT.repr(value)}", key)
        return value

    def choice(self, key: str, choices: Any) -> Any:
        return self._one_of(key, self.text(key), choices)

    def choices(self, key: str, choices: Any) -> tuple[Any, ...]:
        return tuple(self._one_of(key, value, choices) for value in self.texts(key))

    def texts(self, key: str) -> tuple[str, ...]:
        """Empty where it is not written."""
        values = self._typed(key, list, "a list") if self.has(key) else []
        if not all(isinstance(value, str) for value in values):
            raise self.error(f"expected strings, found {_SHORT.repr(values)}", key)
        return tuple(values)

    def versions(self) -> Versions:
        """All of them where none are written."""
        return self._versions("keras", self._typed("keras", list, "a list")) if self.has("keras") else ALL_VERSIONS

    def dated(self, key: str, otherwise: Versions) -> Mapping[str, Versions]:
        """A list of names, each alone or as `{name: versions}` where it does not exist in all versions of the row."""
        dated: dict[str, Versions] = {}
        for entry in self._typed(key, list, "a list") if self.has(key) else []:
            if isinstance(entry, str):
                dated[entry] = otherwise
            elif isinstance(entry, dict) and all(isinstance(name, str) for name in entry):
                dated.update({name: self._versions(key, versions) for name, versions in entry.items()})
            else:
                raise self.error(f"expected a name or {{name: versions}}, found {_SHORT.repr(entry)}", key)
        return MappingProxyType(dated)

    def signatures(self) -> tuple[Signature, Signature]:
        signature = self._signature("signature")
        return signature, self._signature("signature_keras2") if self.has("signature_keras2") else signature

    def nested(self, key: str) -> Iterator[Fields]:
        for number, entry in enumerate(self._typed(key, list, "a list") if self.has(key) else []):
            name = entry.get("symbol", "?") if isinstance(entry, dict) else "?"
            yield Fields(self.file, f"{self.row}: {name}", entry, (*self._at, key, number))

    def below(self, key: str) -> Fields:
        """The fields of a mapping inside the row."""
        return Fields(self.file, f"{self.row}: {key}", self._typed(key, dict, "a mapping"), (*self._at, key))

    def sizes(self, key: str) -> tuple[int | None, ...]:
        """Sizes of axes; null is any size."""
        sizes = self._typed(key, list, "a list")
        if not all(size is None or type(size) is int for size in sizes):
            raise self.error(f"expected whole numbers and nulls, found {_SHORT.repr(sizes)}", key)
        return tuple(sizes)

    def renamings(self, key: str) -> Mapping[str, str]:
        """Empty where it is not written."""
        names = self._typed(key, dict, "a mapping") if self.has(key) else {}
        if not all(isinstance(one, str) for pair in names.items() for one in pair):
            raise self.error(f"expected names, found {_SHORT.repr(names)}", key)
        return MappingProxyType(names)

    def _signature(self, key: str) -> Signature:
        text = self.text(key)
        try:
            return parse_signature(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise self.error(f"{_SHORT.repr(text)} is not a list of parameters", key) from error

    def _versions(self, key: str, value: object) -> Versions:
        known = get_args(KerasVersion)
        if not isinstance(value, list) or not value or not all(type(one) is int and one in known for one in value):
            raise self.error(f"expected a list of Keras versions (1, 2, 3), found {_SHORT.repr(value)}", key)
        return frozenset(value)

    def _one_of(self, key: str, value: str, choices: Any) -> Any:
        if value not in get_args(choices):
            raise self.error(f"{_SHORT.repr(value)} is not one of {', '.join(get_args(choices))}", key)
        return value

    def _typed(self, key: str, kind: type[T], expected: str) -> T:
        if not self.has(key):
            meant = difflib.get_close_matches(key, map(str, self._left), n=1)
            raise self.error(f"missing key {key!r}" + (f"; {meant[0]!r} may be meant for it" if meant else ""))
        value = self._left.pop(key)
        if not isinstance(value, kind):
            raise self.error(f"expected {expected}, found {_SHORT.repr(value)}", key)
        return value


@lru_cache(maxsize=1024)
@lru_cache(maxsize=1024)
def parse_signature(text: str) -> Signature:
    """Reads "y_true, y_pred, axis=-1". Raises SyntaxError or ValueError where it is anything else."""
    function = ast.parse(f"def f({text}): ...").body[0]
    if not isinstance(function, ast.FunctionDef):
        raise ValueError(text)
    positional = [argument.arg for argument in (*function.args.posonlyargs, *function.args.args)]
    by_name = [argument.arg for argument in function.args.kwonlyargs]
    values = [_value(default) for default in function.args.defaults]
    defaults = dict(zip(positional[len(positional) - len(values) :], values, strict=True))
    given = zip(by_name, function.args.kw_defaults, strict=True)
    defaults |= {name: _value(default) for name, default in given if default is not None}
    return Signature((*positional, *by_name), MappingProxyType(defaults))


def _value(default: ast.expr) -> Any:
    """The value of a literal. Most are constants, for which `literal_eval` takes long. Raises ValueError."""
    return default.value if isinstance(default, ast.Constant) else ast.literal_eval(default)
