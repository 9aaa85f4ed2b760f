"""YAML as PyYAML's safe loaders read it, within the bounds of knowledge files: https://yaml.org/spec/1.1/.

What is written without quotation marks is a number where YAML 1.1 says so: `1e-3` is a string, `1.0e-3` is not.
"""

from __future__ import annotations

from typing import Any, Final

import yaml

from mllint.rules.knowledge.bounds import check_shape
from mllint.rules.knowledge.fields import KnowledgeError
from mllint.source.data.parts import MOST, Content, Part, Undetermined, Unreadable

_SCALARS: Final = frozenset(f"tag:yaml.org,2002:{kind}" for kind in ("str", "int", "float", "bool", "null"))
_DATE: Final = "tag:yaml.org,2002:timestamp"

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(text: str) -> Part:
    """Raises Unreadable, also for anchors, aliases, tags and merged mappings."""
    try:
        check_shape(text, "")
        loader = _Loader(text)
        try:
            return _Reader(loader).document(len(text))
        finally:
            loader.dispose()
    except (yaml.YAMLError, KnowledgeError, ValueError, ArithmeticError) as error:  # `1:59:59.5` is a number
        raise Unreadable from error


class _Reader:
    def __init__(self, loader: Any) -> None:
        self._loader = loader
        self._left = MOST

    def document(self, length: int) -> Part:
        root = self._loader.get_single_node()
        return self._part(root) if root is not None else Part(None, 0, length)

    def _part(self, node: yaml.Node) -> Part:
        self._left -= 1
        if self._left < 0:
            raise Unreadable
        return Part(self._content(node), node.start_mark.index, node.end_mark.index)

    def _content(self, node: yaml.Node) -> Content:
        if isinstance(node, yaml.MappingNode):
            return {self._scalar(key): self._part(value) for key, value in node.value}
        if isinstance(node, yaml.SequenceNode):
            return tuple(self._part(item) for item in node.value)
        return Undetermined() if node.tag == _DATE else self._scalar(node)

    def _scalar(self, node: yaml.Node) -> str | int | float | bool | None:
        if node.tag not in _SCALARS:
            raise Unreadable  # `<<`, `=`, and as keys dates and collections
        value: str | int | float | bool | None = self._loader.construct_object(node)
        return value
