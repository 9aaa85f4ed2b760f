from __future__ import annotations

import pytest

from mllint.source.text.document import Document
from mllint.source.text.prefilter import holds_training_site, may_fit_other_models, may_hold_training

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
    assert holds_training_site(Document("train.py", text))


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "site",
    [
        ["@decorated(", "    by=tf.losses.mse(y, p)", ")", "def g():", "    pass"],
        ["class M:", "    def f(self):", "        if x:", "            pass", "        elif tf.losses.mse(y, p): pass"],
        ["try:", "    pass", "except E:", "    match x:", "        case 1:", "            m.compile(", "  'adam')"],
        ["print(f'''", "{x:{tf.nn.", "ctc_loss(y, p)}}''')"],
        ["@tf.function", "def f(x=1, *, y=tf.nn.", "      CTC_loss): ..."],
    ],
)
def test_a_site_is_found_wherever_it_stands(site: list[str], newline: str) -> None:
    before = ["import tensorflow as tf", '"""losses', '"""', "def f():", "    return model.losses", ""]
    text = newline.join([*before, *site, "x = 1", ""])
    assert holds_training_site(Document("train.py", text))


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
    assert not holds_training_site(Document("train.py", text))


OTHER = [
    b"import torch\nloss = torch.nn.BCELoss()",
    b"import torch\nfrom torch import nn\nmodel = torch.compile(nn.Sequential(a, b))",
    b"import keras\nprint(keras.__version__)",
    b"import keras\nrun(expected_num_losses=0)",
    b"import keras\nmodel.compile()",
    b"import keras\npattern = re.compile('a')",
    b"import keras\nmodel.compile(jit_compile=fast)",
]


@pytest.mark.parametrize("raw", OTHER)
def test_bytes_without_framework_or_training_are_dropped(raw: bytes) -> None:
    assert not may_hold_training(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"import keras\nmodel.compile(jit_compile=fast, loss='mse')",
        b"import keras\nmodel.compile(jit_compile=fast(), **settings)",
        b"import keras\nmodel.compile(\n'adam')",
        b"import keras\nself.re.compile('adam')",
        rb'{"source": "import keras\nre = Model()\nre.compile(\"adam\")"}',
        rb'{"source": "import keras\nlosses.mse(y, p)"}',
        rb'{"source": ["import keras\n", "losses.mse(y, p)"]}',
    ],
)
def test_bytes_that_may_train_pass(raw: bytes) -> None:
    assert may_hold_training(raw)


@pytest.mark.parametrize("written", ["x = 1{deep}", "class C:\n    def f(self):\n        return [\n  1{deep}\n]"])
def test_what_is_nested_too_deeply_is_refused_wherever_it_stands(written: str) -> None:
    assert not holds_training_site(Document("train.py", written.format(deep=" + 1" * 2800)))
    with pytest.raises(SyntaxError):
        holds_training_site(Document("train.py", written.format(deep=" + 1" * 3000)))


def test_long_chains_of_conditions_are_nested() -> None:
    with pytest.raises(SyntaxError):
        holds_training_site(Document("train.py", "if x: pass\n" + "elif x: pass\n" * 3000))


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
