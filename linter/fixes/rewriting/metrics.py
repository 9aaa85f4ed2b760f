"""Other metrics, or fewer, in the program's own way of writing them."""

from __future__ import annotations

import libcst as cst

from mllint.facts import Known
from mllint.fixes.refusal import Refused
from mllint.fixes.rewriting.draft import Draft
from mllint.fixes.rewriting.named import OWN, spelling_of
from mllint.repairs import RemoveMetric, SetMetric
from mllint.rules import knowledge
from mllint.rules.knowledge.rows import MetricRow


def set_metric(draft: Draft, change: SetMetric) -> None:
    row = knowledge.metrics().get(change.name)
    if row is None:
        raise Refused(f"{change.name} is not a metric of Keras")
    node = draft.program.anchor(change.metric.place)
    if isinstance(node, cst.Call):
        _write_call(draft, node, row, change)
    elif isinstance(node, cst.SimpleString | cst.ConcatenatedString | cst.Name | cst.Attribute):
        fact = change.metric.name
        named = draft.named(node, knowledge.metrics().get(fact.value) if isinstance(fact, Known) else None)
        named.become(row)
        for parameter, value in change.arguments:
            if value is not None:
                named.pass_value(parameter, value)
    else:
        raise Refused("the metric is put together when the program runs")


def _write_call(draft: Draft, node: cst.Call, row: MetricRow, change: SetMetric) -> None:
    symbol = draft.names.symbol(node.func)
    today = knowledge.metrics().symbol(symbol) if symbol is not None else None
    spelling = today.spelling(symbol) if today is not None and symbol is not None else None
    if spelling is None or spelling.kind != "class":
        raise Refused("the metric is made by a function or class of this program")
    if knowledge.is_taught(spelling.symbol) and row is not today:
        raise Refused(f"{spelling.symbol} {OWN}")
    call = draft.call(node, spelling.signature)
    target = spelling_of(row, "class") if row is not today else spelling
    if row is not today:
        call.become(draft.spell_beside(node.func, target.symbol), target.signature, {})
    for parameter, value in change.arguments:
        if parameter not in target.signature.parameters:
            raise Refused(f"{target.symbol.rpartition('.')[2]} takes no {parameter}")
        if value is None:
            call.drop(parameter)
        else:
            call.pass_value(parameter, value)


def remove_metric(draft: Draft, change: RemoveMetric) -> None:
    program = draft.program
    node = program.anchor(change.metric.place)
    above = program.parent(node)
    owner = program.parent(above) if above is not None else None
    if isinstance(above, cst.Element | cst.DictElement) and isinstance(owner, cst.List | cst.Tuple | cst.Dict):
        draft.remove_item(owner, [*owner.elements].index(above))
    elif isinstance(above, cst.Arg) and above.keyword is not None and isinstance(owner, cst.Call):
        draft.call(owner, None).drop(above.keyword.value)
    else:
        raise Refused("the metric is written in another place than the list of metrics")
