import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";

import type { TextDocument } from "vscode-languageserver-textdocument";
import { DidChangeConfigurationNotification, type CodeAction } from "vscode-languageserver-protocol/node";

import { CONVERT, FIX_ALL } from "../src/client";
import { serverOptions } from "../src/settings";
import { example, mllint } from "./mllint";
import { Server } from "./server";

/** A finding in the JSON of the command. */
interface Found {
  code: string;
  locations: [{ line: number; column: number }];
}

let server: Server;

before(async () => {
  server = new Server();
  await server.initialize();
});
after(async () => {
  assert.equal(await server.leave(), 0);
});

function titled(actions: readonly CodeAction[], title: string): CodeAction {
  const action = actions.find((one) => one.title === title);
  assert.ok(action, `${title} is not among ${actions.map((one) => one.title).join(", ")}`);
  return action;
}

test("the diagnostics are the findings of the command", async () => {
  const file = example("tags.py");
  const shown = await server.diagnostics(await server.open(file));
  const { findings } = JSON.parse(mllint("--output-format", "json", file));
  const places = shown.map(({ code, range: { start } }) => [code, start.line + 1, start.character + 1]);
  const expected = findings.map(({ code, locations: [{ line, column }] }: Found) => [code, line, column]);
  assert.deepEqual(places, expected);
  assert.ok(shown.every((one) => one.relatedInformation?.length));
});

test("fixing all is what --fix does", async () => {
  const file = example("digits.py");
  const document = await server.open(file);
  const [action, ...more] = await server.actions(document, FIX_ALL);
  assert.ok(action && !more.length);
  const fixed = await server.after(document, action);
  mllint("--fix", file);
  assert.notEqual(fixed, document.getText());
  assert.equal(fixed, readFileSync(file, "utf8"));
});

test("a quick fix repairs what is under the cursor", async () => {
  const file = example("tags.py");
  const document = await server.open(file);
  const [diagnostic] = await server.diagnostics(document);
  const [first] = await server.actions(document, "quickfix", diagnostic?.range);
  assert.ok(first);
  const fixed = await server.after(document, first);
  mllint("--fix", "--unsafe-fixes", file);
  assert.equal(fixed, readFileSync(file, "utf8"));
});

test("a model is converted as by the command", async () => {
  const file = example("softmax_to_logistic.py");
  const document = await server.open(file);
  const line = document.getText().split("\n").findIndex((one) => one.startsWith("model_softmax.compile"));
  const here = { start: { line, character: 0 }, end: { line, character: 0 } };
  const action = titled(await server.actions(document, CONVERT, here), "Convert to multi-label");
  const converted = await server.after(document, action);
  mllint("convert", "--to", "multi-label", `${file}:${line + 1}`);
  assert.equal(converted, readFileSync(file, "utf8"));
});

test("changed settings hold at once", async () => {
  const document = await server.open(example("tags.py"));
  const [diagnostic] = await server.diagnostics(document);
  const ignoring = { ignore: [diagnostic?.code] };
  await configure(ignoring);
  assert.deepEqual(await server.diagnostics(document), []);
  await configure({});
  assert.deepEqual(await server.diagnostics(document), [diagnostic]);
});

async function configure(settings: Record<string, unknown>): Promise<void> {
  const said = { settings: { mllint: serverOptions((name) => settings[name]) } };
  await server.connection.sendNotification(DidChangeConfigurationNotification.type, said);
}

test("unsafe fixes are carried out where the settings say so, from the start", async () => {
  const file = example("tags.py");
  const safely = await server.open(file);
  assert.equal(await fixedAll(server, safely), safely.getText());
  const other = new Server();
  await other.initialize({ unsafeFixes: true });
  const fixed = await fixedAll(other, await other.open(file));
  assert.equal(await other.leave(), 0);
  mllint("--fix", "--unsafe-fixes", file);
  assert.equal(fixed, readFileSync(file, "utf8"));
});

async function fixedAll(on: Server, document: TextDocument): Promise<string> {
  const [action] = await on.actions(document, FIX_ALL);
  assert.ok(action);
  return on.after(document, action);
}
