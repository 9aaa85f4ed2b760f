"""pandas DataFrames: columns that keep what is known of each of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

import libcst as cst

from mllint.source.arrays.array import (
    FROM_A_FILE,
    Array,
    Shape,
    Table,
    array,
    chosen_rows,
    first_rows,
    of_values,
    shaped,
)
from mllint.source.arrays.calls import NOT_KNOWN, DataCall, Effect, as_array, constant, number
from mllint.source.arrays.elementwise import piece
from mllint.source.program.conditions import simplify
from mllint.source.program.values import Constant, Items, Missing, Value, immutable

if TYPE_CHECKING:
    from mllint.source.program.interpreter import Interpreter

_COLUMN = "column:"
_FIRST = "first:"
_WIDTH = "<width>"
_METHOD_NAMES = """
    abs add agg aggregate align all any append apply applymap assign astype at bfill boxplot clip combine copy corr
    count cov cummax cummin cumsum describe diff div drop drop_duplicates droplevel dropna duplicated eq equals eval
    ewm expanding explode ffill fillna filter first get groupby head hist iat idxmax idxmin info insert interpolate isin
    isna isnull items iterrows itertuples join keys kurt last lookup map mask max mean median melt memory_usage merge
    min mode mul ndim ne nlargest notna notnull nsmallest nunique pct_change pipe pivot pivot_table plot pop prod
    quantile query rank reindex rename replace resample reset_index rolling round sample select_dtypes set_axis
    set_index shift skew sort_index sort_values squeeze stack std style sub sum swapaxes tail take transform transpose
    truncate unstack update value_counts var where xs as_matrix
"""
_METHODS = frozenset(_METHOD_NAMES.split())
"""What is called on a table; any other attribute is a column."""


def column(run: Interpreter, table: Table, name: str, node: cst.CSTNode) -> Value:
    """table[name]: the same array every time."""
    key = (table.reference, _COLUMN + name)
    found = run.store.get(key) or run.store.get((table.reference, name))
    if found is None:
        found = array(node, None, (None,), reason=FROM_A_FILE)
        run.store.set(key, found)
    return simplify(found, run.world)


def columns(run: Interpreter, table: Table, names: Sequence[object], node: cst.CSTNode) -> Table:
    """table[[a, b]]."""
    made = Table(node)
    for name in names:
        if isinstance(name, str):
            run.store.set((made.reference, _COLUMN + name), column(run, table, name, node))
    run.store.set((made.reference, _WIDTH), Constant(node, len(names)))
    return made


RowsOf: TypeAlias = Callable[[Array, "cst.CSTNode | None"], Array]
"""What is left of a column where other rows are taken."""


def all_rows(column: Array, node: cst.CSTNode | None) -> Array:
    return shaped(column, (None,), node)


def copied(run: Interpreter, table: Table, node: cst.CSTNode | None, rows: RowsOf = all_rows) -> Table:
    """The same columns, of some or all rows."""
    made = Table(node)
    change(run, table, made, rows)
    return made


def change(run: Interpreter, table: Table, made: Table, rows: RowsOf) -> None:
    for name in run.store.names(table.reference):
        value = run.store.get((table.reference, name))
        if value is not None and name != _WIDTH:
            cut = rows(value, value.node) if isinstance(value, Array) else value
            run.store.set((made.reference, name), cut)
    width = run.store.get((table.reference, _WIDTH))
    if width is not None:
        run.store.set((made.reference, _WIDTH), width)


def _width(run: Interpreter, table: Table) -> int | None:
    value = run.store.get((table.reference, _WIDTH))
    return value.value if isinstance(value, Constant) and isinstance(value.value, int) else None


def values_of(run: Interpreter, table: Table) -> Array:
    """table.values."""
    width = _width(run, table)
    if width == 1:
        names = [one for one in run.store.names(table.reference) if one.startswith(_COLUMN)]
        only = run.store.get((table.reference, names[0])) if len(names) == 1 else None
        only = as_array(run, only) if only is not None else None
        if only is not None and only.rank == 1:
            return shaped(only, (None, 1), table.node)
    known = run.store.get((table.reference, "<values>"))
    if isinstance(known, Array):
        return known
    made = array(table.node, None, (None, width), reason=FROM_A_FILE)
    run.store.set((table.reference, "<values>"), made)
    return made


def attribute(run: Interpreter, table: Table, name: str, node: cst.CSTNode) -> Value | None:
    if name == "values":
        return values_of(run, table)
    if name == "shape":
        width = _width(run, table)
        return Items(node, (_size(node, None), _size(node, width)))
    if name in ("iloc", "loc"):
        return Rows(node, table)
    if name in ("columns", "index", "dtypes", "T", "size", "empty"):
        return Missing(node, "what describes a table is not followed")
    if name in _METHODS or name.startswith(("to_", "_")):
        return None
    return column(run, table, name, node)


def _size(node: cst.CSTNode, number: int | None) -> Value:
    return Constant(node, number) if number is not None else Missing(node, "the size of data that are not known")


@immutable
class Rows(Value):
    """table.loc or table.iloc."""

    table: Table


def item(run: Interpreter, table: Table, node: cst.Subscript) -> Value:
    """table[…]: a column, some columns, or the rows under a condition."""
    if len(node.slice) != 1:
        return Missing(node, "an index of a table that is not followed")
    part = node.slice[0].slice
    if isinstance(part, cst.Slice):
        return copied(run, table, node, first_rows)
    assert isinstance(part, cst.Index)
    if _is_stretch_of_names(part.value):
        return Table(node)
    value = run.evaluate(part.value)
    key = constant(run, value)
    if isinstance(key, str):
        return column(run, table, key, node)
    if isinstance(key, list) and key and all(isinstance(one, str) for one in key):
        return columns(run, table, key, node)
    found = as_array(run, value)
    if found is not None and found.rank == 1 and found.kind == "binary":
        return copied(run, table, node, chosen_rows)
    return Missing(node, FROM_A_FILE)


def _is_stretch_of_names(key: cst.BaseExpression) -> bool:
    """Whether a key is table.columns[a:b]."""
    if not isinstance(key, cst.Subscript) or len(key.slice) != 1 or not isinstance(key.value, cst.Attribute):
        return False
    return key.value.attr.value == "columns" and isinstance(key.slice[0].slice, cst.Slice)


def located(run: Interpreter, rows: Rows, node: cst.Subscript) -> Value:
    """table.iloc[rows, columns]."""
    pieces = [one.slice for one in node.slice]
    if len(pieces) == 1:
        whole = isinstance(pieces[0], cst.Slice)
        return copied(run, rows.table, node, first_rows) if whole else Missing(node, FROM_A_FILE)
    if len(pieces) != 2 or not isinstance(pieces[0], cst.Slice):
        return Missing(node, FROM_A_FILE)
    if isinstance(pieces[1], cst.Slice):
        return array(node, None, (None, None), reason=FROM_A_FILE)
    assert isinstance(pieces[1], cst.Index)
    key = constant(run, run.evaluate(pieces[1].value))
    if isinstance(key, str):
        found = column(run, rows.table, key, node)
        whole = pieces[0].lower is None and pieces[0].upper is None
        return found if whole or not isinstance(found, Array) else first_rows(found, node)
    chosen = piece(run, pieces[1])
    shape: Shape = (None,) if isinstance(chosen, int) else (None, None)
    if isinstance(key, list):
        shape = (None, len(key))
    return array(node, None, shape if chosen != "unknown" or isinstance(key, list) else None, reason=FROM_A_FILE)


def assign(run: Interpreter, table: Table, key: object, value: Value, node: cst.CSTNode) -> None:
    """table[key] = value."""
    if isinstance(key, str):
        run.store.set((table.reference, _COLUMN + key), _as_column(run, value, node))
        run.store.set((table.reference, _FIRST + key), value)
        return
    for name in run.store.names(table.reference):
        changed = array(node, None, (None,), reason="columns of the table are changed")
        if name.startswith(_COLUMN):
            run.store.set((table.reference, name), changed)


def _as_column(run: Interpreter, value: Value, node: cst.CSTNode) -> Array:
    """What a column holds that is assigned: one number stands in every row of it."""
    one = number(value)
    if one is not None:
        return of_values(node, frozenset((one,)), (None,))
    found = as_array(run, value)
    if found is None or found.sample:
        return array(node, None, (None,), reason=FROM_A_FILE)
    if found.rank is None or (found.rank == 2 and found.axes[-1] == 1):
        return shaped(found, (None,), node)
    return found if found.rank == 1 else array(node, None, (None,), reason=FROM_A_FILE)


def assign_located(run: Interpreter, table: Table, target: cst.Subscript, value: Value) -> None:
    """table.loc[rows, column] = value."""
    pieces = [one.slice for one in target.slice]
    rows, name = pieces if len(pieces) == 2 else (None, None)
    key = constant(run, run.evaluate(name.value)) if isinstance(name, cst.Index) else None
    if not isinstance(key, str):
        assign(run, table, None, value, target)
        return
    before, first = (run.store.get((table.reference, prefix + key)) for prefix in (_COLUMN, _FIRST))
    known = as_array(run, before) if before is not None else None
    written = number(value) if isinstance(rows, cst.Index) else None
    made = array(target, None, (None,), reason=FROM_A_FILE)
    if written is not None and known is not None and known.values is not None:
        made = _with_another(known.values, number(first), written, target)
    run.store.set((table.reference, _COLUMN + key), made)


def _with_another(values: frozenset[float], first: float | None, written: float, node: cst.CSTNode) -> Array:
    """A column in which one more number occurs; whether any row still has the first one may not be seen."""
    found = values | {written}
    certain = found - {first}
    if len(found) < 3 or (first is not None and min(certain) < first < max(certain)):
        return of_values(node, found, (None,))
    return array(node, None, (None,), high=max(certain), reason="numbers written into some rows")


# ---- effects -------------------------------------------------------------------------------------------------------


def _read_table(call: DataCall) -> Value:
    return Table(call.node)


def _new_table(call: DataCall) -> Value:
    from mllint.source.program.python_library.containers import entries

    made = Table(call.node)
    data = call.named("data")
    known = entries(call.run, data) if data is not None else None
    for name, value in (known.values if known is not None else {}).items():
        found = as_array(call.run, value)
        if isinstance(name, str) and found is not None and found.rank == 1:
            call.run.store.set((made.reference, _COLUMN + name), found)
    return made


def _same_table(call: DataCall) -> Value:
    return _of_rows(call, all_rows)


def _some_rows_of_table(call: DataCall) -> Value:
    return _of_rows(call, first_rows)


def _chosen_rows_of_table(call: DataCall) -> Value:
    return _of_rows(call, chosen_rows)


def _of_rows(call: DataCall, rows: RowsOf) -> Value:
    table = call.at(0)
    assert isinstance(table, Table)
    if "inplace" not in call.keywords:
        return copied(call.run, table, call.node, rows)
    change(call.run, table, table, rows)
    return Constant(call.node, None)


def _drop_columns(call: DataCall) -> Value:
    table = call.at(0)
    assert isinstance(table, Table)
    if call.constant("axis") not in (1, "columns") and call.named("columns") is None:
        return _of_rows(call, chosen_rows)
    made = copied(call.run, table, call.node)
    call.run.store.set((made.reference, _WIDTH), Missing(call.node, "columns are dropped"))
    return made if "inplace" not in call.keywords else Constant(call.node, None)


def _pop_column(call: DataCall) -> Value:
    table, name = call.at(0), call.constant("item")
    assert isinstance(table, Table)
    if name is NOT_KNOWN or not isinstance(name, str):
        return array(call.node, None, (None,), reason=FROM_A_FILE)
    return column(call.run, table, name, call.node)


def _table_values(call: DataCall) -> Value:
    table = call.at(0)
    assert isinstance(table, Table)
    return values_of(call.run, table)


EFFECTS: dict[str, Effect] = {
    "read_table": _read_table,
    "new_table": _new_table,
    "same_table": _same_table,
    "some_rows_of_table": _some_rows_of_table,
    "chosen_rows_of_table": _chosen_rows_of_table,
    "drop_columns": _drop_columns,
    "pop_column": _pop_column,
    "table_values": _table_values,
}
