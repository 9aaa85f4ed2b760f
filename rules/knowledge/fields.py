"""A knowledge file and the fields of its rows, each checked as it is taken."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from importlib.resources import files
from types import MappingProxyType
from typing import Any, TypeVar, get_args

import yaml

from mllint.rules.knowledge.rows import KerasVersion, Signature, Versions

T = TypeVar("T")

# libyaml is ten times faster, and not part of every PyYAML build.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class KnowledgeError(Exception):
    """A knowledge file that cannot be used. `row` is empty where the whole file is at fault."""

    def __init__(self, file: str, row: str, message: str) -> None:
        super().__init__(f"{file}: {row}: {message}" if row else f"{file}: {message}")
        self.file = file
        self.row = row
        self.message = message


def packaged(file: str) -> str:
    """The text of a YAML file of this package."""
    return files("mllint.rules.knowledge").joinpath(file).read_text(encoding="utf-8")


def document(text: str, file: str) -> dict[str, Any]:
    """The mapping a YAML file holds. Raises KnowledgeError."""
    try:
        content = yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise KnowledgeError(file, "", f"is not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(content, dict) or not all(isinstance(key, str) for key in content):
        raise KnowledgeError(file, "", "expected a mapping from names to rows")
    return content


class Fields:
    """The fields of one row; each is taken once, and `finish` rejects what nobody took."""

    def __init__(self, file: str, row: str, fields: object) -> None:
        self.file = file
        self.row = row
        if not isinstance(fields, dict):
            raise self.error(f"expected a mapping of fields, found {fields!r}")
        self._left: dict[str, Any] = dict(fields)

    def error(self, message: str) -> KnowledgeError:
        return KnowledgeError(self.file, self.row, message)

    def finish(self) -> None:
        if self._left:
            raise self.error(f"unknown key {next(iter(self._left))!r}")

    def has(self, key: str) -> bool:
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
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise self.error(f"{key}: expected a number, found {value!r}")
        return float(value)

    def choice(self, key: str, choices: Any) -> Any:
        return self._one_of(key, self.text(key), choices)

    def choices(self, key: str, choices: Any) -> tuple[Any, ...]:
        return tuple(self._one_of(key, value, choices) for value in self.texts(key))

    def texts(self, key: str) -> tuple[str, ...]:
        """Empty where it is not written."""
        values = self._typed(key, list, "a list") if self.has(key) else []
        if not all(isinstance(value, str) for value in values):
            raise self.error(f"{key}: expected strings, found {values!r}")
        return tuple(values)

    def versions(self) -> Versions:
        return self._versions("keras", self._typed("keras", list, "a list"))

    def dated(self, key: str, otherwise: Versions) -> Mapping[str, Versions]:
        """A list of names, each alone or as `{name: versions}` where it does not exist in all versions of the row."""
        dated: dict[str, Versions] = {}
        for entry in self._typed(key, list, "a list") if self.has(key) else []:
            if isinstance(entry, str):
                dated[entry] = otherwise
            elif isinstance(entry, dict) and all(isinstance(name, str) for name in entry):
                dated.update({name: self._versions(key, versions) for name, versions in entry.items()})
            else:
                raise self.error(f"{key}: expected a name or {{name: versions}}, found {entry!r}")
        return MappingProxyType(dated)

    def signatures(self) -> tuple[Signature, Signature]:
        signature = self._signature("signature")
        return signature, self._signature("signature_keras2") if self.has("signature_keras2") else signature

    def nested(self, key: str) -> Iterator[Fields]:
        for entry in self._typed(key, list, "a list") if self.has(key) else []:
            name = entry.get("symbol", "?") if isinstance(entry, dict) else "?"
            yield Fields(self.file, f"{self.row}: {name}", entry)

    def below(self, key: str) -> Fields:
        """The fields of a mapping inside the row."""
        return Fields(self.file, f"{self.row}: {key}", self._typed(key, dict, "a mapping"))

    def sizes(self, key: str) -> tuple[int | None, ...]:
        """Sizes of axes; null is any size."""
        sizes = self._typed(key, list, "a list")
        if not all(size is None or type(size) is int for size in sizes):
            raise self.error(f"{key}: expected whole numbers and nulls, found {sizes!r}")
        return tuple(sizes)

    def renamings(self, key: str) -> Mapping[str, str]:
        """Empty where it is not written."""
        names = self._typed(key, dict, "a mapping") if self.has(key) else {}
        if not all(isinstance(one, str) for pair in names.items() for one in pair):
            raise self.error(f"{key}: expected names, found {names!r}")
        return MappingProxyType(names)

    def _signature(self, key: str) -> Signature:
        text = self.text(key)
        try:
            return parse_signature(text)
        except (SyntaxError, ValueError) as error:
            raise self.error(f"{key}: {text!r} is not a list of parameters") from error

    def _versions(self, key: str, value: object) -> Versions:
        if not isinstance(value, list) or not value or not set(value) <= set(get_args(KerasVersion)):
            raise self.error(f"{key}: expected a list of Keras versions (1, 2, 3), found {value!r}")
        return frozenset(value)

    def _one_of(self, key: str, value: str, choices: Any) -> Any:
        if value not in get_args(choices):
            raise self.error(f"{key}: {value!r} is not one of {', '.join(get_args(choices))}")
        return value

    def _typed(self, key: str, kind: type[T], expected: str) -> T:
        if key not in self._left:
            raise self.error(f"missing key {key!r}")
        value = self._left.pop(key)
        if not isinstance(value, kind):
            raise self.error(f"{key}: expected {expected}, found {value!r}")
        return value


def parse_signature(text: str) -> Signature:
    """Reads "y_true, y_pred, axis=-1". Raises SyntaxError or ValueError where it is anything else."""
    function = ast.parse(f"def f({text}): ...").body[0]
    if not isinstance(function, ast.FunctionDef):
        raise ValueError(text)
    parameters = [argument.arg for argument in function.args.args]
    values = [ast.literal_eval(default) for default in function.args.defaults]
    defaults = dict(zip(parameters[len(parameters) - len(values) :], values, strict=True))
    return Signature(tuple(parameters), MappingProxyType(defaults))
