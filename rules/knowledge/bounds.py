"""What YAML files that anybody may have put into a project are refused for, before anything is built from them.

Nesting overflows the stack of the process, references grow to any size, and tags and long numbers end or stall the
constructors: https://yaml.org/spec/1.1/#id858600 (anchors, aliases and tags). No knowledge file needs them.
"""

from __future__ import annotations

from typing import Any, Final

import yaml

from mllint.rules.knowledge.fields import KnowledgeError

LARGEST: Final = 1024 * 1024
"""Bytes of a knowledge file."""
DEEPEST: Final = 50
LONGEST_WORD: Final = 10_000
"""Characters without quotation marks, which may be a number or a date."""

# Events come one after the other, from libyaml as well: nothing is nested while they do.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def check_size(raw: bytes, file: str) -> None:
    """Raises KnowledgeError."""
    if len(raw) > LARGEST:
        raise KnowledgeError(file, "", f"larger than {LARGEST >> 20} MiB")


def check_shape(text: str, file: str) -> None:
    """Raises KnowledgeError at the first place that goes too far; what is no YAML is left to those who load it."""
    depth = 0
    event: Any
    try:
        for event in yaml.parse(text, Loader=_Loader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            reason = f"nested more than {DEEPEST} deep" if depth > DEEPEST else _reason(event)
            if reason is not None:
                raise KnowledgeError(file, "", reason, event.start_mark.line + 1)
    except yaml.YAMLError:
        return


def _reason(event: Any) -> str | None:
    if getattr(event, "anchor", None) is not None:
        return "anchors and aliases (& and *) are not read"
    if getattr(event, "tag", None) is not None:
        return "tags (!) are not read"
    if isinstance(event, yaml.ScalarEvent) and event.implicit[0] and len(event.value) > LONGEST_WORD:
        return f"more than {LONGEST_WORD:,} characters without quotation marks"
    return None
