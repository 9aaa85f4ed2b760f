"""The worker process: limits, a clean environment, and an answer or a clear message whatever happens.

The factories here never get as far as Keras, so no framework is needed and each test takes a moment.
"""

from __future__ import annotations

import json
import os
import sys
import time

import pytest

from mllint.live.process import WorkerFailed, environment
from mllint.live.request import Request

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and process groups")


def failure(ask, name: str, **options) -> WorkerFailed:
    with pytest.raises(WorkerFailed) as caught:
        ask(name, **options)
    return caught.value


def test_one_that_hangs_is_stopped_with_what_it_started(module, ask, here):
    module(
        "hang",
        """
        import subprocess, time
        def model():
            child = subprocess.Popen(["sleep", "600"])
            open("child", "w").write(str(child.pid))
            time.sleep(600)
        """,
    )
    begin = time.monotonic()
    error = failure(ask, "hang:model", seconds=3.0)
    assert "stopped after 3 s" in str(error)
    assert "--timeout" in str(error)
    assert time.monotonic() - begin < 30
    assert _is_gone(int((here / "child").read_text()))


def _is_gone(process: int) -> bool:
    for _ in range(50):
        try:
            with open(f"/proc/{process}/stat", encoding="ascii") as file:
                if file.read().rsplit(")", 1)[1].split()[0] == "Z":
                    return True
        except OSError:
            return True
        time.sleep(0.1)
    return False


def test_one_that_is_killed_says_by_what(module, ask):
    module("die", "import os, signal\ndef model():\n    print('on my way')\n    os.kill(os.getpid(), signal.SIGKILL)\n")
    error = failure(ask, "die:model")
    assert "killed by SIGKILL (out of memory?)" in str(error)
    assert "on my way" in str(error)


def test_one_that_crashes_in_native_code_says_so(module, ask):
    module("crash", "import os, signal\ndef model():\n    os.kill(os.getpid(), signal.SIGSEGV)\n")
    assert "SIGSEGV (a crash in native code)" in str(failure(ask, "crash:model"))


@pytest.mark.skipif(sys.platform != "linux", reason="RLIMIT_DATA bounds memory on Linux")
def test_one_that_takes_too_much_memory_is_told_the_limit(module, ask):
    module("greedy", "def model():\n    kept = []\n    while True:\n        kept.append(bytearray(1 << 24))\n")
    error = failure(ask, "greedy:model", memory_bytes=1 << 30)
    assert "out of memory under a limit of 1024 MiB" in str(error)


def test_secrets_are_not_inherited(module, ask, here, monkeypatch):
    monkeypatch.setenv("SECRET_TOKEN", "hunter2")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
    module(
        "spy",
        """
        import json, os
        def model():
            json.dump(dict(os.environ), open("seen.json", "w"))
            raise SystemExit
        """,
    )
    failure(ask, "spy:model")
    seen = json.loads((here / "seen.json").read_text())
    assert seen["PATH"] == os.environ["PATH"]
    assert "hunter2" not in seen.values()


def test_what_decides_the_computation_is_inherited():
    given = {"CUDA_VISIBLE_DEVICES": "1", "XLA_FLAGS": "-x", "TF_ENABLE_ONEDNN_OPTS": "0", "GITHUB_TOKEN": "secret"}
    kept = environment(given, Request("m", backend="jax"))
    assert "GITHUB_TOKEN" not in kept
    assert {name: kept[name] for name in given if name != "GITHUB_TOKEN"} == {
        name: value for name, value in given.items() if name != "GITHUB_TOKEN"
    }
    assert kept["KERAS_BACKEND"] == "jax"
    assert environment(given, Request("m", device="cpu"))["CUDA_VISIBLE_DEVICES"] == ""


def test_what_user_code_raises_is_one_line_with_its_step(module, ask):
    module("boom", "def model():\n    raise ValueError('first\\n\\x1b[31msecond')\n")
    error = failure(ask, "boom:model")
    assert str(error) == "ValueError: first second (while running boom:model)"
    assert "Traceback" in error.traceback


@pytest.mark.parametrize("leave", ["raise SystemExit(3)", "import sys; sys.exit('bye')", "raise KeyboardInterrupt"])
def test_leaving_is_a_failure(module, ask, leave):
    module("leave", f"def model():\n    {leave}\n")
    assert "while running leave:model" in str(failure(ask, "leave:model"))


def test_ending_the_process_is_a_failure(module, ask):
    module("leave", "import os\ndef model():\n    os._exit(7)\n")
    assert "ended with exit code 7 and no answer" in str(failure(ask, "leave:model"))


def test_what_is_printed_is_no_answer(module, ask):
    module("loud", "import os\ndef model():\n    print('{\"reading\": null}')\n    os._exit(0)\n")
    assert "no answer" in str(failure(ask, "loud:model"))


def test_modules_of_the_working_directory_are_not_imported_unasked(module, ask, here):
    """Neither a json.py nor a mllint.py that lies about is run before the user's code is."""
    for name in ("json", "mllint", "random", "numpy"):
        module(name, "open('ran', 'w').close()\n")
    (here / "x.keras").write_bytes(b"nothing")
    assert "no saved model" in str(failure(ask, "x.keras"))
    assert not (here / "ran").exists()


@pytest.mark.parametrize(
    ("model", "message"),
    [
        ("no/such/file.keras", "no such file"),
        ("nosuchmodule:model", "cannot import nosuchmodule"),
        ("os:no_such_name", "os has no no_such_name"),
        ("no/such/file.py:model", "no such file"),
    ],
)
def test_what_is_not_there_is_said(here, ask, model, message):
    assert message in str(failure(ask, model))


def test_it_says_what_it_runs_before_it_runs_it(module, here):
    module("boom", "def model():\n    raise ValueError\n")
    module("registers", "")
    from mllint.live.process import run

    said: list[str] = []
    with pytest.raises(WorkerFailed):
        run(Request("boom:model", imports=("registers",)), said.append)
    assert said == ["importing registers", "running boom:model"]
