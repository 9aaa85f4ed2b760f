"""Edits of a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mllint.fixes.text import Conflict, TextEdit, applied, in_order, moved


def test_edits_are_made_together_in_offsets_of_the_text_before():
    edits = [TextEdit(6, 11, "there"), TextEdit(0, 5, "Hey"), TextEdit(11, 11, "!")]
    assert applied("hello world", edits) == "Hey there!"


def test_the_same_edit_twice_is_made_once():
    assert applied("abc", [TextEdit(1, 2, "x"), TextEdit(1, 2, "x")]) == "axc"


def test_an_insertion_goes_between_neighbours_that_touch():
    assert applied("abcd", [TextEdit(0, 2, "1"), TextEdit(2, 2, "-"), TextEdit(2, 4, "2")]) == "1-2"


@pytest.mark.parametrize(
    "edits",
    [
        [TextEdit(0, 3, "x"), TextEdit(2, 4, "y")],
        [TextEdit(1, 1, "x"), TextEdit(1, 1, "y")],
        [TextEdit(0, 4, "x"), TextEdit(2, 2, "y")],
        [TextEdit(0, 2, "x"), TextEdit(0, 2, "y")],
    ],
)
def test_edits_whose_order_would_matter_conflict(edits):
    with pytest.raises(Conflict):
        in_order(edits)


@pytest.mark.parametrize("edit", [TextEdit(0, 4, ""), TextEdit(-1, 1, ""), TextEdit(2, 1, "")])
def test_an_edit_outside_the_text_is_an_error(edit):
    with pytest.raises(ValueError, match="no span"):
        applied("abc", [edit])


def test_a_place_moves_with_the_text_before_it():
    edits = [TextEdit(0, 1, "xyz"), TextEdit(4, 6, "")]
    assert [moved(offset, edits) for offset in (0, 1, 4, 5, 6)] == [0, 3, 6, None, 6]


@given(st.text(max_size=30), st.data())
def test_what_no_edit_touches_stays_and_moves_as_promised(text, data):
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), min_size=0, max_size=8)))
    spans = list(zip(cuts[::2], cuts[1::2], strict=False))
    edits = [TextEdit(start, end, data.draw(st.text(max_size=5))) for start, end in spans]
    after = applied(text, edits)
    for offset, character in enumerate(text):
        now = moved(offset, edits)
        if not any(start <= offset < end for start, end in spans):
            assert now is not None
            assert after[now] == character
