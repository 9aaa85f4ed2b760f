"""JSON and YAML that the program loads: dicts and lists as if they were written in it, where the file has them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import libcst as cst

from mllint.source.data.file import Format
from mllint.source.data.parts import Part, Undetermined
from mllint.source.program.conditions import alternatives
from mllint.source.program.files.opening import content_of
from mllint.source.program.files.values import Content, Handler, OpenFile
from mllint.source.program.python_library import containers
from mllint.source.program.values import Arguments, Constant, Entries, ListObject, Missing, Symbol, Value

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter

LONGEST: Final = 64
"""Items of a list that is settings, not data."""
_FILLED_IN: Final = ("${", "$(", "{{", "{%", "<%")
"""What begins a place in a string that is filled in at run time: https://omegaconf.readthedocs.io, Jinja, Mako."""
_LOADERS: Final = frozenset(
    f"yaml.{name}"
    for name in ("SafeLoader", "FullLoader", "Loader", "UnsafeLoader", "CSafeLoader", "CFullLoader", "CLoader")
)
"""They differ in what they make of tags, and a file with tags is not read."""


# ---- functions -------------------------------------------------------------------------------------------------------


def _loader(name: str, form: Format, *sources: type[Value]) -> Handler:
    """A function that loads what is in one of these, given without options."""

    def handle(run: Interpreter, arguments: Arguments, node: cst.Call) -> Value | None:
        given = (*arguments.positional, *arguments.keywords.values())
        if len(given) != 1 or not arguments.complete:
            return None
        unknown = Missing(node, f"what {name}() returns is not known")

        def load(source: Value) -> Value:
            path = content_of(run, source, node) if isinstance(source, sources) else None
            return (_loaded(run, path, form) if path is not None else None) or unknown

        made = run.each(given[0], load)
        return made if made is not unknown else None

    return handle


_FROM_YAML: Final = _loader("yaml.load", "yaml", OpenFile, Content)


def _load_yaml(run: Interpreter, arguments: Arguments, node: cst.Call) -> Value | None:
    loader = arguments.get("Loader", 1)
    if loader is None or not all(map(_is_safe, alternatives(loader))):
        return None
    source = arguments.get("stream", 0)
    return _FROM_YAML(run, Arguments((source,) if source is not None else ()), node)


def _is_safe(loader: Value) -> bool:
    return isinstance(loader, Symbol) and re.sub(r"\.(?:c?yaml|loader)\.", ".", loader.name) in _LOADERS


# ---- values ----------------------------------------------------------------------------------------------------------


def _loaded(run: Interpreter, path: str, form: Format) -> Value | None:
    file = run.data.read(path, form)
    return _value(run, file.root) if file is not None and isinstance(file.root.content, Mapping) else None


def _value(run: Interpreter, part: Part) -> Value:
    run.step()
    content = part.content
    if isinstance(content, Undetermined) or (isinstance(content, str) and any(mark in content for mark in _FILLED_IN)):
        return Missing(part.node, "what a file has here is made something else at run time")
    if isinstance(content, Mapping):
        entries = {key: _value(run, value) for key, value in content.items()}
        return containers.new_dict(run, part.node, Entries(part.node, entries))
    if isinstance(content, tuple):
        is_data = len(content) > LONGEST or any(isinstance(item.content, tuple) for item in content)
        return ListObject(part.node) if is_data else run.new_list(part.node, [_value(run, item) for item in content])
    return Constant(part.node, content)


FUNCTIONS: Final[dict[str, Handler]] = {
    "json.load": _loader("json.load", "json", OpenFile),
    "json.loads": _loader("json.loads", "json", Content),
    "yaml.safe_load": _loader("yaml.safe_load", "yaml", OpenFile, Content),
    "yaml.full_load": _loader("yaml.full_load", "yaml", OpenFile, Content),
    "yaml.load": _load_yaml,
}
