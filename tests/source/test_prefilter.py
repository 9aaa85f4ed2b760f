from __future__ import annotations

import pytest

from mllint.source.text.prefilter import holds_training_site, may_fit_other_models, may_hold_training
from mllint.source.text.syntax import parse

TRAINING = [
    "import keras\nmodel.compile('adam', 'mse')",
    "from tensorflow.keras.models import Sequential\nm.compile(loss='binary_crossentropy')",
    "import tensorflow as tf\nm.compile(**settings)",
    "import tensorflow as tf\nloss = tf.nn.softmax_cross_entropy_with_logits(labels=y, logits=z)",
    "from keras.losses import mse\nvalue = mse(y, p)",
    "from keras import *\nvalue = categorical_crossentropy(y, p)",
    "import keras.losses as kl\nvalue = kl.mse(y, p)",
    "from keras import losses\nvalue = losses.mse(y, p)",
    "import tf_keras\nloss_fn = tf_keras.losses.Hinge()",
    "from keras.losses import *\nvalue = CategoricalCrossentropy()(y, p)",
    "model = Sequential()\nmodel.add(Dense(1))\nmodel.compile(loss='mse')",
    "import tensorflow as tf\nloss = tf.nn.ctc_loss(y, p, n, m)",
    "import keras\nclass M(keras.Model):\n    def compile(self, **more):\n        super().compile(loss='mse', **more)",
]


@pytest.mark.parametrize("text", TRAINING)
def test_training_passes_both(text: str) -> None:
    assert may_hold_training(text.encode())
    assert holds_training_site(parse(text))


@pytest.mark.parametrize(
    "text",
    [
        "import re\npattern = re.compile('keras', flags=re.I)",
        "import keras\nmodel = keras.Sequential()\nmodel.predict(x)",
        "import tensorflow as tf\ncode = compile(source, 'keras', 'exec')",
        "import tensorflow as tf\nlowered.compile()",
        "# model.compile(loss='mse') with keras",
        "import tensorflow as tf\nprint(loss, history.loss, model.losses)",
        "import tensorflow as tf\nwith tf.GradientTape() as tape:\n    error = (y - f(x)) ** 2",
        "import keras\nmodel.compile(jit_compile=True)",
    ],
)
def test_code_without_training_is_dropped(text: str) -> None:
    assert not holds_training_site(parse(text))


OTHER = [
    b"import torch\nloss = torch.nn.BCELoss()",
    b"import torch\nfrom torch import nn\nmodel = torch.compile(nn.Sequential(a, b))",
    b"import keras\nprint(keras.__version__)",
]


@pytest.mark.parametrize("raw", OTHER)
def test_bytes_without_framework_or_training_are_dropped(raw: bytes) -> None:
    assert not may_hold_training(raw)


def test_what_is_nested_too_deeply_is_refused() -> None:
    with pytest.raises(SyntaxError):
        holds_training_site(parse("x = 1" + " + 1" * 3000))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"from models import build\nmodel = build()\nmodel.fit(x, y)\n", True),
        (b"from models import build\nmodel = build()\nmodel.compile('adam', 'mse')\n", True),
        (b'{"source": "from models import build\\nbuild().fit(x, y)"}', True),
        (b"import re\nre.compile('a')\n", False),
        (b"model.fit(x, y)\n", False),
        (b"from models import build\nbuild()\n", False),
    ],
)
def test_what_may_fit_a_model_of_another_file(text: bytes, expected: bool) -> None:
    assert may_fit_other_models(text) is expected
