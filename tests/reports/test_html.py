"""The page in a real browser: it shows what was found, fits a telephone, and nothing in it runs."""

from __future__ import annotations

import math
import re
from collections.abc import Callable

import pytest

from mllint import engine, measured
from mllint.reports import View
from mllint.reports.html import render
from mllint.reports.html.charts import curve, histogram, steps
from mllint.reports.html.panels import panels
from tests.reports.sources import hostile_report

PROGRAM = """
import keras
head = keras.layers.Dense(10, activation="sigmoid", name="</pre><script>document.title='run'</script>")
model = keras.Sequential([head])
model.compile(loss="categorical_crossentropy")
"""
WIDTH = "<script>document.body.dataset.width = document.documentElement.scrollWidth + '/' + innerWidth</script></body>"


def page() -> str:
    return next(iter(render([engine.lint_source(PROGRAM.encode(), "train.py")], View())))


def test_the_browser_shows_rule_code_and_places(shown: Callable[[str], str]) -> None:
    document = shown(page())
    assert "sigmoid-with-categorical-crossentropy" in document
    assert "train.py:5:20" in document
    assert "<title>train.py</title>" in document, "what the program says is no script"


@pytest.mark.parametrize("width", [375, 1200])
@pytest.mark.parametrize("of", ["source", "hostile"])
def test_it_is_no_wider_than_the_screen(of: str, width: int, shown: Callable[..., str]) -> None:
    made = page() if of == "source" else "".join(render([hostile_report()], View()))
    document = shown(made.replace("</body>", WIDTH), width)
    found = re.search(r'data-width="(\d+)/(\d+)"', document)
    assert found and int(found[1]) <= int(found[2])


def test_the_code_that_is_meant_is_marked() -> None:
    assert "<pre>model.compile(loss=<mark>&#34;categorical_crossentropy&#34;</mark>)</pre>" in page()


def test_what_is_hidden_is_counted() -> None:
    made = "".join(render([hostile_report()], View()))
    assert "2 findings in 1 file, no setups judged, 1 not judged, 2 suppressed, 1 in the baseline" in made


def test_hostile_text_is_text(shown: Callable[..., str]) -> None:
    document = shown("".join(render([hostile_report()], View())))
    assert "&lt;/script&gt;" in document and "</script>" not in document


def test_fixes_are_named_where_they_are_known() -> None:
    report = engine.lint_source_with_fixes(PROGRAM.encode(), "train.py")
    assert "<li>train a sigmoid head with binary_crossentropy (suggestion)</li>" in "".join(render([report], View()))


def test_it_loads_nothing() -> None:
    assert not re.findall(r"(?:src|href)=|@import|url\(", page())


def test_a_histogram_is_as_high_as_its_largest_count() -> None:
    drawn = histogram("outputs", (1, 4, 0), steps(0, 3, 3))
    assert [bar.height for bar in drawn.bars] == [30, 120, 0]
    assert drawn.bars[1].label == "4 from 1 to 2"


def test_a_curve_leaves_out_what_is_not_finite() -> None:
    drawn = curve("loss", (2.0, math.inf, 1.0))
    assert drawn is not None
    assert drawn.points == "0.0,0.0 320.0,120.0"
    assert curve("loss", (math.nan, 1.0)) is None


def test_what_was_not_measured_is_said() -> None:
    (panel,) = panels(measured.Measured(skipped=(measured.Skipped("devices", "there is one device only"),)))
    assert panel.figures == (("devices", "there is one device only"),)
