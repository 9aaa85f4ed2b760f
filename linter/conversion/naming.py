"""Objects that have become what a string names: programs that named their loss or accuracy do so again.

Logits need an object of the loss, and of an accuracy with a threshold; probabilities do not. And an accuracy that has
become another is called what it is, unless the program asks for it by the name of before.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import libcst as cst

from mllint.facts import Metric, Output
from mllint.fixes.version import Version
from mllint.repairs import SetIdentifier
from mllint.rules import knowledge
from mllint.rules.repairing.metrics import BY_FORM
from mllint.rules.views.logged_names import name_by_default
from mllint.rules.views.pairs import value
from mllint.rules.views.readings import ACCURACY

FORMS: Final = {"sparse": "numbers", "categorical": "rows"}
"""The form of the labels, by the family of the loss."""
ACCURACIES: Final = frozenset({"binary_accuracy", *BY_FORM.values()})


def names(before: Output, after: Output, version: Version) -> Iterator[SetIdentifier]:
    """The strings for what a conversion has changed in an output; `version` is the program after it."""
    loss = after.loss
    took_logits = value(before.loss.from_logits) is True and value(loss.from_logits) is False
    if took_logits and loss.spelling == "instance" and loss.place is not None:
        yield SetIdentifier(loss.place, value(loss.name))
    for old, new in zip(before.metrics, after.metrics, strict=True):
        is_changed = any(value(getattr(old, of)) != value(getattr(new, of)) for of in ("name", "threshold"))
        text = _string(new, after, version) if is_changed else None
        if text is not None:
            yield SetIdentifier(new.place, text)


def _string(metric: Metric, output: Output, version: Version) -> str | None:
    """The string for a metric that is given nothing but a name; None where there is none, or the name is needed."""
    name, given = value(metric.name), dict(metric.arguments)
    if metric.spelling != "instance" or name is None or not given.keys() <= {"name"}:
        return None
    logged = value(given["name"]) if given else name_by_default(name)
    if not isinstance(logged, str):
        return None
    if given and _is_asked_for_by(logged) == (ACCURACY if name == _meant_by_accuracy(output) else name):
        return logged
    return name if name in ACCURACIES and (logged == name or not _is_read(logged, version)) else None


def _is_asked_for_by(text: str) -> str | None:
    """The metric that Keras 2 and 3 take a string for."""
    row = knowledge.metrics().identify(text)
    return row.name if row is not None and row.identifiers[text] >= {2, 3} else None


def _meant_by_accuracy(output: Output) -> str | None:
    """What Keras picks for 'accuracy'; None where that is not what the output needs."""
    if value(output.head.units) == 1:
        return "binary_accuracy"
    row = knowledge.losses().get(value(output.loss.name) or "")
    form = FORMS.get(row.family) if row is not None else None
    return BY_FORM[form] if form is not None else None


def _is_read(logged: str, version: Version) -> bool:
    """Whether any string but those that ask for metrics speaks of the name."""
    asking: set[cst.CSTNode] = set()
    for setup in version.insight.reading.setups:
        for output in setup.outputs:
            for metric in output.metrics:
                asking |= set(_below(metric.place.anchor))
    strings = (node for node in _below(version.insight.lens.module) if node not in asking)
    return any(logged in _text(node) for node in strings)


def _below(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(node.children)


def _text(node: cst.CSTNode) -> str:
    return node.value if isinstance(node, cst.SimpleString | cst.FormattedStringText) else ""
