"""Whatever comes in, the server goes on or ends as the protocol has it, and shows nobody a traceback."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from tests.endless import ENDLESS
from tests.server.conftest import FLAWED
from tests.server.editor import SERVER, Editor

INITIALIZE = {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"processId": None, "capabilities": {}, "rootUri": None}}  # fmt: skip  # noqa: E501
SHUTDOWN = {"jsonrpc": "2.0", "id": 99, "method": "shutdown"}
EXIT = {"jsonrpc": "2.0", "method": "exit"}


def framed(message: object) -> bytes:
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)


def run(*messages: object) -> tuple[list[Any], int]:
    """What the server answers, and its exit code."""
    done = subprocess.run(SERVER, input=b"".join(map(framed, messages)), capture_output=True, timeout=60)
    assert done.stderr == b""
    return list(_messages(done.stdout)), done.returncode


def _messages(stream: bytes) -> Iterator[Any]:
    while stream:
        header, _, rest = stream.partition(b"\r\n\r\n")
        size = int(header.split(b"Content-Length: ")[1].split(b"\r\n")[0])
        yield json.loads(rest[:size])
        stream = rest[size:]


def test_after_a_shutdown_the_exit_is_clean() -> None:
    answers, code = run(INITIALIZE, SHUTDOWN, EXIT)
    assert [one["id"] for one in answers] == [1, 99]
    assert code == 0


@pytest.mark.parametrize("messages", [(INITIALIZE, EXIT), (EXIT,), (INITIALIZE,), ()], ids=len)
def test_an_exit_without_a_shutdown_is_not(messages: tuple[object, ...]) -> None:
    assert run(*messages)[1] == 1


def test_messages_that_make_no_sense_are_passed_over() -> None:
    nonsense = (
        b"{",
        b"[]",
        b"{}",
        b"null",
        b"\xff\xfe",
        {"jsonrpc": "1.0", "method": "exit"},
        {"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": 7}},
        {"jsonrpc": "2.0", "method": "textDocument/didChange", "params": {}},
        {"jsonrpc": "2.0", "method": "nobody/knows"},
        {"jsonrpc": "2.0", "id": 5, "method": "nobody/knows/either", "params": {}},
        {"jsonrpc": "2.0", "id": 6, "result": None},
        {"jsonrpc": "2.0", "id": 7, "method": "textDocument/hover", "params": {"textDocument": 7}},
        {"jsonrpc": "2.0", "id": "eight", "method": "textDocument/codeAction"},
        {"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": 1234}},
    )
    answers, code = run(INITIALIZE, *nonsense, SHUTDOWN, EXIT)
    by_id = {one["id"]: one for one in answers if "id" in one}
    assert by_id[5]["error"]["code"] == -32601  # method not found
    assert by_id[7]["error"]["code"] == by_id["eight"]["error"]["code"] == -32602  # invalid params
    assert "result" in by_id[99]
    assert code == 0


def test_requests_before_the_session_began_are_answered() -> None:
    hover = {"textDocument": {"uri": "file:///a.py"}, "position": {"line": 0, "character": 0}}
    answers, code = run({"jsonrpc": "2.0", "id": 1, "method": "textDocument/hover", "params": hover}, EXIT)
    assert [one["id"] for one in answers if "id" in one] == [1]
    assert code == 1


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM], ids=lambda one: one.name)
def test_signals_end_it(sent: signal.Signals) -> None:
    server = subprocess.Popen(SERVER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert server.stdin is not None and server.stdout is not None and server.stderr is not None
    server.stdin.write(framed(INITIALIZE))
    server.stdin.flush()
    server.stdout.read(20)
    server.send_signal(sent)
    try:
        assert server.wait(10) != 0
        assert b"Traceback" not in server.stderr.read()
    finally:
        server.kill()
        server.communicate()


def test_over_a_socket() -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen([*SERVER, "--tcp", f"127.0.0.1:{port}"], stderr=subprocess.PIPE)
    try:
        with _connected(port) as editor:
            editor.sendall(framed(INITIALIZE) + framed(SHUTDOWN) + framed(EXIT))
            received = b"".join(iter(lambda: editor.recv(65536), b""))
        assert [one["id"] for one in _messages(received)] == [1, 99]
        assert server.wait(10) == 0
        assert server.stderr is not None and server.stderr.read() == b""
    finally:
        server.kill()
        server.communicate()


@contextmanager
def _connected(port: int) -> Iterator[socket.socket]:
    deadline = time.monotonic() + 20
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
                yield connection
                return
        except ConnectionRefusedError:
            assert time.monotonic() < deadline
            time.sleep(0.05)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--tcp", "nowhere"], "expected HOST:PORT"),
        (["--tcp", "127.0.0.1:1", "--stdio"], "exclude each other"),
        (["--tcp", "256.256.256.256:80"], "cannot listen at 256.256.256.256:80"),
    ],
)
def test_mistakes_in_the_arguments_are_said(arguments: list[str], said: str) -> None:
    done = subprocess.run([*SERVER, *arguments], capture_output=True, text=True, timeout=60)
    assert said in done.stderr and "Traceback" not in done.stderr
    assert done.returncode == 2


def test_without_the_extra_it_says_what_to_install() -> None:
    program = "import sys; sys.modules['pygls'] = None; from mllint.cli import main; sys.argv[1:] = ['server']; main()"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.stderr == 'mllint server needs pygls 2: pip install "mllint-keras[lsp]"\n'
    assert done.returncode == 2


# ---------------------------------------------------------------- workers


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.skipif(not Path("/proc").exists(), reason="children are found in /proc")
async def test_a_worker_that_died_is_replaced(another: Callable[[], Editor], file: Path) -> None:
    editor = another()
    await editor.start()
    uri = editor.open(file, FLAWED)
    assert await editor.codes(uri) == ["MLL101"]
    for child in children(editor.process.pid):
        os.kill(child, signal.SIGKILL)
    editor.change(uri, FLAWED + "\n")
    assert await editor.codes(uri) == ["MLL101"]


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.skipif(not Path("/proc").exists(), reason="children are found in /proc")
async def test_workers_end_with_the_server(file: Path) -> None:
    editor = Editor()
    await editor.start()
    uri = editor.open(file, FLAWED)
    await editor.diagnostics(uri)
    await editor.hover(uri, types.Position(0, 0))
    workers = children(editor.process.pid)
    assert len(workers) == 2
    editor.process.kill()
    await editor.process.wait()
    deadline = time.monotonic() + 10
    while any(is_running(worker) for worker in workers):
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.skipif(not Path("/proc").exists(), reason="children are found in /proc")
def test_no_worker_is_started_after_a_shutdown() -> None:
    item = {"uri": "file:///train.py", "languageId": "python", "version": 1, "text": FLAWED + ENDLESS}
    opened = {"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": item}}
    with started(INITIALIZE, opened) as server:
        eventually(lambda: children(server.pid))
        say(server, SHUTDOWN)
        eventually(lambda: not any(map(is_running, children(server.pid))))
        time.sleep(1)
        assert not any(map(is_running, children(server.pid)))
        said, _ = server.communicate(framed(EXIT), 20)
        assert [one["id"] for one in _messages(said) if "id" in one] == [1, 99]
        assert not [one for one in _messages(said) if one.get("method") == "textDocument/publishDiagnostics"]
        assert server.returncode == 0


@pytest.mark.skipif(not Path("/proc").exists(), reason="children are found in /proc")
def test_workers_are_warm_before_the_editor_answers() -> None:
    able = {"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}}}
    initialize = {**INITIALIZE, "params": {"processId": None, "capabilities": able, "rootUri": None}}
    with started(initialize, {"jsonrpc": "2.0", "method": "initialized", "params": {}}) as server:
        eventually(lambda: len(children(server.pid)) == 2)
        said, _ = server.communicate(framed(SHUTDOWN) + framed(EXIT), 20)
        assert "client/registerCapability" in [one.get("method") for one in _messages(said)]


@contextmanager
def started(*messages: object) -> Iterator[subprocess.Popen[bytes]]:
    """A server that was sent these messages, and has answers to none of its own."""
    server = subprocess.Popen(SERVER, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        say(server, *messages)
        yield server
    finally:
        server.kill()
        server.communicate()


def say(server: subprocess.Popen[bytes], *messages: object) -> None:
    assert server.stdin is not None
    server.stdin.write(b"".join(map(framed, messages)))
    server.stdin.flush()


def eventually(holds: Callable[[], object]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def children(pid: int) -> list[int]:
    return [int(one) for task in Path(f"/proc/{pid}/task").iterdir() for one in (task / "children").read_text().split()]


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
