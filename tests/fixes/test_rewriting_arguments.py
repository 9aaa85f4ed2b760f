"""Arguments, callbacks, strings, and two arguments that change places."""

from __future__ import annotations

import pytest

from mllint.fixes.refusal import Refused
from mllint.repairs import SetArgument, SetMonitor, SetText, SwapArguments
from tests.fixes.rewriting import only_output, rewritten

START = "from tensorflow import keras\nmodel = keras.Sequential([keras.layers.Dense(3, name='d')])\n"

COMPILED = [
    ("'adam', 'mse'", "run_eagerly", True, "'adam', 'mse', run_eagerly=True"),
    ("'adam', 'mse', run_eagerly=False", "run_eagerly", True, "'adam', 'mse', run_eagerly=True"),
    ("'adam', 'mse', run_eagerly=True", "run_eagerly", None, "'adam', 'mse'"),
    ("'adam', 'mse', run_eagerly=flag", "run_eagerly", None, "'adam', 'mse'"),
]


@pytest.mark.parametrize(("before", "parameter", "value", "after"), COMPILED)
def test_an_argument_of_compile(before, parameter, value, after):
    def change(reading):
        return (SetArgument(reading.setups[0].place, parameter, value),)

    assert rewritten(f"{START}model.compile({before})\n", change) == f"{START}model.compile({after})\n"


def test_arguments_that_are_not_written_out_may_hide_it():
    with pytest.raises(Refused, match="not written out"):
        rewritten(
            f"{START}model.compile('adam', 'mse', **rest)\n",
            lambda reading: (SetArgument(reading.setups[0].place, "run_eagerly", True),),
        )


MONITORS = [
    ("monitor='val_acc'", None, "monitor='val_accuracy'"),
    ("'val_acc', patience=3", None, "'val_accuracy', patience=3"),
    ("monitor='val_acc'", "max", "monitor='val_accuracy', mode='max'"),
    ("monitor='val_acc', mode='min'", "max", "monitor='val_accuracy', mode='max'"),
    ("monitor=WATCHED", None, "monitor='val_accuracy'"),
]


@pytest.mark.parametrize(("before", "mode", "after"), MONITORS)
def test_a_callback_watches_something_else(before, mode, after):
    def program(arguments: str) -> str:
        return (
            f"{START}model.compile('adam', 'mse', metrics=['accuracy'])\nWATCHED = 'val_acc'\n"
            f"model.fit(x, y, callbacks=[keras.callbacks.EarlyStopping({arguments})])\n"
        )

    def change(reading):
        ((monitor,),) = (fit.monitors for fit in reading.setups[0].fits)
        return (SetMonitor(monitor, "val_accuracy", mode),)

    assert rewritten(program(before), change) == program(after)


def test_a_text_is_replaced_between_its_quotes():
    def change(reading):
        (identifier,) = reading.setups[0].identifiers
        return (SetText(identifier.place, "mae"),)

    assert rewritten(f'{START}model.compile("adam", r"""mse""")\n', change) == (
        f'{START}model.compile("adam", r"""mae""")\n'
    )


SWAPS = [
    ("keras.losses.BinaryCrossentropy()(model(x), y)", "keras.losses.BinaryCrossentropy()(y, model(x))"),
    ("keras.losses.binary_crossentropy(p, [1, 0])", "keras.losses.binary_crossentropy([1, 0], p)"),
    (
        "keras.losses.binary_crossentropy(y_true=p, y_pred=y)",
        "keras.losses.binary_crossentropy(y_true=y, y_pred=p)",
    ),
]


@pytest.mark.parametrize(("before", "after"), SWAPS)
def test_labels_and_prediction_change_places(before, after):
    def program(loss: str) -> str:
        return f"{START}import numpy as np\ny = np.zeros((8, 3))\nx = keras.Input([4])\np = model(x)\nloss = {loss}\n"

    def change(reading):
        (setup,) = reading.setups
        assert setup.swap is not None
        only_output(reading)
        return (SwapArguments(setup.swap),)

    assert rewritten(program(before), change) == program(after)
