"""An editor that says anything in any order: the real server answers what can be answered, and stays."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from queue import Queue
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz import seeds

pytest.importorskip("pygls", reason="the extra lsp is not installed")

SECONDS = 60

uris = st.sampled_from(["file:///a.py", "file:///b.ipynb", "file:///b.ipynb#c1", "untitled:x", "file:///%00", "x", ""])
numbers = st.integers(-2, 40) | st.sampled_from([2**31, -(2**63), 10**30, 1.5])
positions = st.fixed_dictionaries({"line": numbers, "character": numbers})
ranges = st.fixed_dictionaries({"start": positions, "end": positions})
texts = st.sampled_from(seeds.programs()[:20]) | st.text(max_size=40)
anything = st.recursive(
    st.none() | st.booleans() | numbers | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
documents = st.fixed_dictionaries({"uri": uris})
items = st.fixed_dictionaries({"uri": uris, "languageId": st.just("python"), "version": numbers, "text": texts})
changes = st.fixed_dictionaries({"text": texts}, optional={"range": ranges, "rangeLength": numbers})
cells = st.fixed_dictionaries({"kind": st.sampled_from([1, 2]), "document": uris})
notebooks = st.fixed_dictionaries(
    {"uri": uris, "notebookType": st.just("jupyter-notebook"), "version": numbers, "cells": st.lists(cells, max_size=3)}
)
VERSIONED = st.fixed_dictionaries({"uri": uris, "version": numbers})
NOTIFICATIONS = {
    "textDocument/didOpen": {"textDocument": items},
    "textDocument/didChange": {"textDocument": VERSIONED, "contentChanges": st.lists(changes, max_size=3)},
    "textDocument/didSave": {"textDocument": documents},
    "textDocument/didClose": {"textDocument": documents},
    "notebookDocument/didOpen": {"notebookDocument": notebooks, "cellTextDocuments": st.lists(items, max_size=3)},
    "notebookDocument/didChange": {"notebookDocument": VERSIONED, "change": anything},
    "notebookDocument/didClose": {"notebookDocument": documents, "cellTextDocuments": st.lists(documents, max_size=3)},
    "workspace/didChangeConfiguration": {"settings": anything},
    "workspace/didChangeWatchedFiles": {"changes": st.lists(st.fixed_dictionaries({"uri": uris, "type": numbers}))},
    "workspace/didChangeWorkspaceFolders": {"event": anything},
    "$/cancelRequest": {"id": numbers},
    "initialized": {},
    "no/such": {},
}
REQUESTS = {
    "textDocument/hover": {"textDocument": documents, "position": positions},
    "textDocument/codeAction": {"textDocument": documents, "range": ranges, "context": anything},
    "textDocument/diagnostic": {"textDocument": documents},
    "codeAction/resolve": {"title": st.text(max_size=5), "data": anything},
    "workspace/executeCommand": {"command": st.text(max_size=5), "arguments": st.lists(anything, max_size=2)},
    "initialize": {"capabilities": anything},
    "no/such": {},
}


def message(methods: dict[str, dict[str, st.SearchStrategy[Any]]]) -> st.SearchStrategy[dict[str, Any]]:
    """One with the parameters that the protocol wants, or with anything in their place."""
    return st.sampled_from(sorted(methods)).flatmap(
        lambda method: st.fixed_dictionaries(
            {"method": st.just(method), "params": st.fixed_dictionaries(methods[method]) | anything}
        )
    )


HOVER = {"textDocument": {"uri": "file:///a.py"}, "position": {"line": 0, "character": 0}}


class Server:
    """The real process, spoken to without a client library, which would not say such things."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mllint", "server"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        self.ids = itertools.count(1)
        self.answers: Queue[dict[str, Any]] = Queue()
        self.said = bytearray()
        for work in (self._read, self._listen):
            threading.Thread(target=work, daemon=True).start()

    def send(self, content: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **content}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def ask(self, method: str, params: Any) -> dict[str, Any]:
        number = next(self.ids)
        self.send({"id": number, "method": method, "params": params})
        while True:
            answer = self.answers.get(timeout=SECONDS)
            if answer.get("id") == number and "method" not in answer:
                return answer

    def _read(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while line := stream.readline():
            if line.lower().startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
                while stream.readline().strip():
                    pass
                self.answers.put(json.loads(stream.read(length)))

    def _listen(self) -> None:
        assert self.process.stderr is not None
        while some := self.process.stderr.read1():
            self.said += some


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    server = Server()
    server.ask("initialize", {"processId": None, "rootUri": None, "capabilities": {}})
    server.send({"method": "initialized", "params": {}})
    yield server
    server.ask("shutdown", None)
    server.send({"method": "exit"})
    assert server.process.wait(SECONDS) == 0
    assert b"Traceback" not in server.said, server.said.decode()


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(notifications=st.lists(message(NOTIFICATIONS), max_size=6), request=message(REQUESTS))
def test_whatever_is_said_the_next_request_is_answered(server, notifications, request):
    for notification in notifications:
        server.send(notification)
    assert not {"result", "error"}.isdisjoint(server.ask(**request))
    assert "error" in server.ask("no/such", {})
    assert "result" in server.ask("textDocument/hover", HOVER)
    assert server.process.poll() is None


@pytest.mark.parametrize("rubbish", [b"Content-Length: 5\r\n\r\n{no}}", b"Content-Length: 2\r\n\r\n[]"])
def test_what_is_no_message_is_passed_over(server, rubbish):
    server.process.stdin.write(rubbish)
    server.process.stdin.flush()
    assert "error" in server.ask("no/such", {})
