import assert from "node:assert/strict";
import { test } from "node:test";

import { run, said } from "../src/process";
import { example, folder, PYTHON } from "./mllint";

const directory = folder();
const SLEEPS = "import sys, time; print('begun', flush=True); time.sleep(60)";

test("all that mllint understands of a file is said, however much that is", async () => {
  const outcome = await run({ command: PYTHON, args: ["-c", "print('x' * 3_000_000)"] }, [], directory);
  assert.equal(said(outcome).length, 3_000_001);
});

test("the facts of a file are those that the command prints", async () => {
  const facts = await run({ command: PYTHON, args: ["-m", "mllint"] }, ["facts", example("digits.py")], directory);
  assert.equal(facts.failure, undefined);
  assert.match(said(facts), /loss/);
});

test("what mllint says of a file that it cannot read is all that is said", async () => {
  const outcome = await run({ command: PYTHON, args: ["-m", "mllint"] }, ["facts", "/nowhere.py"], directory);
  assert.equal(said(outcome), outcome.stderr);
  assert.match(said(outcome), /nowhere\.py/);
});

test("a program that does not end is stopped, and it is said", async () => {
  const outcome = await run({ command: PYTHON, args: ["-c", SLEEPS] }, [], directory, { seconds: 1, bytes: 1000 });
  assert.equal(said(outcome), "begun\nmllint was stopped or did not start: no answer in 1 seconds.\n");
});

test("a program that prints too much is stopped, and it is said", async () => {
  const limits = { seconds: 20, bytes: 10 };
  const outcome = await run({ command: PYTHON, args: ["-c", "print('x' * 1000)"] }, [], directory, limits);
  assert.match(said(outcome), /it prints more than 10 bytes\.\n$/);
});

test("a program that is not there is said not to be", async () => {
  const outcome = await run({ command: "/nowhere/mllint", args: [] }, ["facts"], directory);
  assert.equal(said(outcome), "mllint was stopped or did not start: no such program.\n");
});
