"""Every way of building a model that real code uses leads to its head."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import dedent

import pytest

from mllint.facts import Known
from tests.source.conftest import Seen

See = Callable[[str], list[Seen]]

BUILDS = {
    "arguments of Keras 1": """
        model = keras.Sequential()
        model.add(layers.Dense(output_dim=8, input_dim=4, init='uniform', activation='relu'))
        model.add(layers.Dense(output_dim=3, init='uniform', activation='softmax'))
    """,
    "sequential list": "model = keras.Sequential([layers.Dense(8, activation='relu'), layers.Dense(3, 'softmax')])",
    "sequential add": """
        model = keras.Sequential()
        model.add(layers.Dense(8, activation='relu'))
        model.add(layers.Dense(3))
        model.add(layers.Activation('softmax'))
    """,
    "sequential pop": """
        model = keras.Sequential([layers.Dense(3, activation='softmax'), layers.Dense(1)])
        model.pop()
    """,
    "list variable": """
        stack = [layers.Dense(8)]
        stack.append(layers.Dense(3, activation='softmax'))
        model = keras.Sequential(stack)
    """,
    "functional chain": """
        inputs = keras.Input((4,))
        x = layers.Dense(8)(inputs)
        x = layers.Dense(3)(x)
        x = layers.Softmax()(x)
        model = keras.Model(inputs, x)
    """,
    "functional keywords": """
        inputs = keras.Input((4,))
        model = keras.Model(outputs=layers.Dense(units=3, activation=tf.nn.softmax)(inputs), inputs=inputs)
    """,
    "re-used layer": """
        head = layers.Dense(3, activation=keras.activations.softmax)
        inputs = keras.Input((4,))
        head(layers.Dense(4)(inputs))
        model = keras.Model(inputs, head(inputs))
    """,
    "tf.nn function": """
        inputs = keras.Input((4,))
        model = keras.Model(inputs, tf.nn.softmax(layers.Dense(3)(inputs)))
    """,
    "keras.ops function": """
        inputs = keras.Input((4,))
        model = keras.Model(inputs, keras.ops.softmax(layers.Dense(3)(inputs)))
    """,
    "lambda layer": """
        model = keras.Sequential([layers.Dense(3), layers.Lambda(lambda x: keras.activations.softmax(x))])
    """,
    "activation function of the program": """
        def squash(scores):
            return tf.nn.softmax(scores)
        model = keras.Sequential([layers.Dense(3, activation=squash)])
    """,
    "constants": """
        UNITS = 1 + 2
        ACTIVATION = 'soft' + 'max'
        model = keras.Sequential([layers.Dense(UNITS, activation=ACTIVATION)])
    """,
    "factory with bound arguments": """
        def build(units, activation='relu'):
            model = keras.Sequential([layers.Dense(units, activation=activation)])
            return model
        model = build(3, activation='softmax')
    """,
    "factory with defaults": """
        def build(units=3, activation='softmax'):
            return keras.Sequential([layers.Dense(units, activation=activation)])
        model = build()
    """,
    "factory through keyword dict": """
        def build(**options):
            return keras.Sequential([layers.Dense(**options)])
        model = build(units=3, activation='softmax')
    """,
    "factory of factories": """
        def head(units):
            return layers.Dense(units, activation='softmax')
        def build():
            return keras.Sequential([layers.Dense(8), head(3)])
        model = build()
    """,
    "partial": """
        from functools import partial
        Head = partial(layers.Dense, activation='softmax')
        model = keras.Sequential([Head(3)])
    """,
    "nested model": """
        base = keras.Sequential([layers.Dense(3)])
        model = keras.Sequential([base, layers.Activation('softmax')])
    """,
    "nested functional model": """
        inner_in = keras.Input((4,))
        inner = keras.Model(inner_in, layers.Dense(3, activation='softmax')(inner_in))
        outer_in = keras.Input((4,))
        model = keras.Model(outer_in, inner(outer_in))
    """,
    "activation-only model on scores": """
        squash = keras.Sequential([layers.Softmax()])
        inputs = keras.Input((4,))
        model = keras.Model(inputs, squash(layers.Dense(3)(inputs)))
    """,
    "subclass": """
        class Net(keras.Model):
            def __init__(self, units):
                super().__init__()
                self.head = layers.Dense(units, activation='softmax')
            def call(self, inputs, training=None):
                return self.head(inputs)
        model = Net(3)
    """,
    "subclass with a list of layers": """
        class Net(keras.Model):
            def __init__(self):
                super().__init__()
                self.stack = [layers.Dense(8), layers.Dense(3, activation='softmax')]
            def call(self, x):
                for layer in self.stack:
                    x = layer(x)
                return x
        model = Net()
    """,
    "subclass of subclass": """
        class Base(keras.Model):
            def __init__(self):
                super().__init__()
                self.head = layers.Dense(3, activation='softmax')
        class Net(Base):
            def call(self, x):
                return self.head(x)
        model = Net()
    """,
    "subclass of Sequential": """
        class Net(keras.Sequential):
            def __init__(self):
                super().__init__()
                self.add(layers.Dense(3, activation='softmax'))
        model = Net()
    """,
    "functional subclass": """
        class Net(keras.Model):
            def __init__(self):
                inputs = keras.Input((4,))
                super().__init__(inputs, layers.Dense(3, activation='softmax')(inputs))
        model = Net()
    """,
    "own layer": """
        class Head(layers.Layer):
            def __init__(self, units):
                super().__init__()
                self.dense = layers.Dense(units)
            def call(self, x):
                return tf.nn.softmax(self.dense(x))
        model = keras.Sequential([Head(3)])
    """,
    "layer built in build()": """
        class Net(keras.Model):
            def build(self, shape):
                self.head = layers.Dense(3, activation='softmax')
            def call(self, x):
                return self.head(x)
        model = Net()
    """,
    "dropout and reshape are followed": """
        model = keras.Sequential([layers.Dense(3, activation='softmax'), layers.Reshape((1, 3))])
    """,
    "time distributed": "model = keras.Sequential([layers.TimeDistributed(layers.Dense(3, activation='softmax'))])",
    "loop over known sizes": """
        model = keras.Sequential()
        for units in (64, 32, 3):
            model.add(layers.Dense(units, activation='softmax' if units == 3 else 'relu'))
    """,
    "loop of unknown length": """
        import sys
        model = keras.Sequential()
        for _ in range(int(sys.argv[1])):
            model.add(layers.Dense(64, activation='relu'))
        model.add(layers.Dense(3, activation='softmax'))
    """,
    "zoo model": "model = keras.applications.VGG16(weights=None, classes=3)",
    "zoo model without its top": """
        base = keras.applications.VGG16(include_top=False)
        model = keras.Sequential([base, layers.Flatten(), layers.Dense(3, activation='softmax')])
    """,
    "layer on a model's output": """
        base = keras.applications.VGG16(include_top=False)
        model = keras.Model(base.input, layers.Dense(3, activation='softmax')(base.output))
    """,
    "clone": """
        first = keras.Sequential([layers.Dense(3, activation='softmax')])
        model = keras.models.clone_model(first)
    """,
    "strategy scope": """
        with tf.distribute.MirroredStrategy().scope():
            model = keras.Sequential([layers.Dense(3, activation='softmax')])
    """,
    "known dict": """
        config = dict(units=3)
        config['activation'] = 'softmax'
        model = keras.Sequential([layers.Dense(config['units'], activation=config.get('activation'))])
    """,
    "f-string and method": "model = keras.Sequential([layers.Dense(3, activation=f'{\"SOFT\".lower()}max')])",
    "walrus": """
        if (units := 3) > 2:
            model = keras.Sequential([layers.Dense(units, activation='softmax')])
    """,
}


@pytest.mark.parametrize("build", BUILDS.values(), ids=BUILDS.keys())
def test_every_way_of_building_leads_to_the_head(see: See, build: str) -> None:
    (output,) = see(dedent(build) + "\nmodel.compile('adam', 'mse')\n")
    assert (output.activation, output.units) == ("softmax", 3)


IMPORTS = [
    "from tensorflow.keras.models import Sequential\nfrom tensorflow.keras.layers import Dense",
    "from keras.models import Sequential\nfrom keras.layers.core import Dense",
    "from tensorflow.python.keras import Sequential\nfrom tensorflow.python.keras.layers import Dense",
    "from tensorflow.python.keras.models import *\nfrom tensorflow.python.keras.layers import *",
    "from tf_keras import Sequential\nfrom tf_keras.layers import Dense",
    "from keras.src.models.sequential import Sequential\nfrom keras.src.layers import Dense",
    "import keras.api.layers as L\nimport keras.models\nSequential = keras.models.Sequential\nDense = L.Dense",
    "import tensorflow.compat.v1 as tf1\nSequential = tf1.keras.Sequential\nDense = tf1.keras.layers.Dense",
    "import tensorflow\nSequential, Dense = tensorflow.keras.Sequential, tensorflow.keras.layers.Dense",
    "try:\n    from keras import Sequential\n    from keras.layers import Dense\n"
    "except ImportError:\n    from tensorflow.keras import Sequential\n    from tensorflow.keras.layers import Dense",
]


@pytest.mark.parametrize("imports", IMPORTS)
def test_every_import_spelling_is_one_keras(see: See, imports: str) -> None:
    program = f"{imports}\nm = Sequential([Dense(3, activation='softmax')])\nm.compile(loss='mse')\n"
    assert [(one.activation, one.units) for one in see(program)] == [("softmax", 3)]


UNKNOWN = {
    "loaded": "model = keras.models.load_model('m.keras')",
    "from elsewhere": "from .models import build\nmodel = build()",
    "parameter without a caller": "def train(model):\n    model.compile('adam', 'mse')\nmodel = None",
    "own layer without a call method": "class Head(layers.Layer):\n    pass\nmodel = keras.Sequential([Head()])",
    "activation from outside": "import os\nmodel = keras.Sequential([layers.Dense(3, activation=os.environ['ACT'])])",
    "arguments from outside": "import json\nmodel = keras.Sequential([layers.Dense(**json.load(open('a')))])",
    "average of softmaxes": """
i = keras.Input((4,))
model = keras.Model(i, layers.Average()([layers.Dense(3, 'softmax')(i), layers.Dense(3, 'softmax')(i)]))
""",
    "a computation after the activation": """
i = keras.Input((4,))
model = keras.Model(i, layers.Dense(3, 'softmax')(i) * 2)
""",
    "recursion": """
def build(n):
    return build(n - 1)
model = build(3)
""",
}


@pytest.mark.parametrize("build", UNKNOWN.values(), ids=UNKNOWN.keys())
def test_what_cannot_be_told_is_unknown_not_guessed(see: See, build: str) -> None:
    outputs = see(f"{build}\nif model:\n    model.compile('adam', 'mse')\n")
    assert [one.activation for one in outputs] == [None]


def test_units_follow_the_last_axis(see: See) -> None:
    (output,) = see("""
        m = keras.Sequential([layers.Dense(6), layers.Reshape((2, 3)), layers.Activation('softmax')])
        m.compile(loss='mse')
    """)
    assert output.units == 3


def test_a_bidirectional_layer_doubles_its_units(see: See) -> None:
    (output,) = see("m = keras.Sequential([layers.Bidirectional(layers.LSTM(5))])\nm.compile(loss='mse')")
    assert (output.activation, output.units) == ("tanh", 10)


def test_a_scaled_sum_of_linear_scores_is_still_linear(see: See) -> None:
    (output,) = see("""
        i = keras.Input((4,))
        m = keras.Model(i, layers.Dense(3)(i) / 0.5 + 1)
        m.compile(loss='mse')
    """)
    assert output.activation == "linear"


def test_several_outputs_keep_their_order_and_names(read: Callable) -> None:
    setup = read("""
        i = keras.Input((4,))
        one = layers.Dense(1, activation='sigmoid', name='one')(i)
        many = layers.Dense(3, name='many')(i)
        m = keras.Model(i, [one, many])
        m.compile(loss={'many': 'mse', 'one': keras.losses.BinaryCrossentropy()})
    """).setups[0]
    assert [(o.name, o.loss.name.value) for o in setup.outputs] == [
        ("one", "binary_crossentropy"),
        ("many", "mean_squared_error"),
    ]
    assert setup.structure is not None and setup.structure.output_names.value == ("one", "many")


def test_the_global_precision_policy_sets_the_dtype_of_the_head(read: Callable) -> None:
    program = "keras.mixed_precision.set_global_policy('mixed_float16')\n{}m.compile(loss='mse')"
    half = read(program.format("m = keras.Sequential([layers.Dense(3)])\n")).setups[0].outputs[0].head
    full = read(program.format("m = keras.Sequential([layers.Dense(3, dtype='float32')])\n")).setups[0].outputs[0].head
    assert (half.dtype.value, full.dtype.value) == ("float16", "float32")


@pytest.mark.parametrize(
    "scaling",
    [
        "x * 5",
        "5 * x",
        "x / 0.2",
        "tf.multiply(x, 5)",
        "layers.Multiply()([x, tf.constant(5)])",
        "layers.Lambda(lambda t: t * 5)(x)",
    ],
)
def test_scaling_after_the_activation_is_a_stage_with_its_factor(read: Callable, scaling: str) -> None:
    setup = read(f"""
        i = keras.Input((4,))
        x = layers.Dense(1, activation='sigmoid')(i)
        keras.Model(i, {scaling}).compile(loss='mse')
    """).setups[0]
    last = setup.outputs[0].head.stages[-1]
    assert (last.role, last.factor.value) == ("arithmetic", 5)
    assert not isinstance(setup.outputs[0].head.activation, Known)


def test_a_layer_that_is_its_own_model_is_the_layer_it_initializes(see: See) -> None:
    (output,) = see("""
        class Model(keras.src.trainers.trainer.Trainer, layers.Dense):
            def __init__(self, units):
                layers.Dense.__init__(self, units=units, activation='softmax')
        model = Model(units=3)
        model.compile(loss='mse')
    """)
    assert (output.activation, output.units) == ("softmax", 3)
