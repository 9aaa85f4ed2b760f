import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { afterEach, test } from "node:test";

import { findServer, installation, whyItDoesNotStart, type Found, type Places } from "../src/discovery";
import { folder, mllint, PYTHON } from "./mllint";

const NOWHERE: Places = { path: undefined, interpreter: undefined, selected: undefined };
const { PATH, PYTHONPATH } = process.env;
const directory = folder();

afterEach(() => Object.assign(process.env, { PATH, PYTHONPATH: PYTHONPATH ?? "" }));

/** The mllint found with these places and nothing on the search path but what the folder holds. */
async function found(places: Partial<Places>, searchPath = folder()): Promise<Found> {
  const answer = await search(places, searchPath);
  assert.ok("version" in answer, JSON.stringify(answer));
  return answer;
}

async function reasons(places: Partial<Places>, searchPath = folder()): Promise<readonly string[]> {
  const answer = await search(places, searchPath);
  assert.ok("reasons" in answer, JSON.stringify(answer));
  return answer.reasons;
}

function search(places: Partial<Places>, searchPath: string): ReturnType<typeof findServer> {
  process.env["PATH"] = searchPath;
  return findServer({ ...NOWHERE, ...places }, directory);
}

function program(text: string): string {
  const file = path.join(folder(), "mllint");
  writeFileSync(file, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  return file;
}

/** An interpreter without mllint. */
function barePython(): string {
  const environment = folder();
  execFileSync(PYTHON, ["-m", "venv", "--without-pip", environment]);
  return path.join(environment, "bin", "python");
}

test("the interpreter of the settings runs mllint as a module", async () => {
  const { version, args } = await found({ interpreter: PYTHON, selected: "/nowhere" });
  assert.deepEqual(args, ["-m", "mllint"]);
  assert.equal(`mllint ${version}`, mllint("--version").trim());
});

test("the command of the settings goes before all interpreters", async () => {
  const command = program(`exec "${PYTHON}" -m mllint "$@"`);
  assert.equal((await found({ path: command, interpreter: PYTHON, selected: PYTHON })).command, command);
});

test("the selected interpreter goes before the search path", async () => {
  const command = program(`exec "${PYTHON}" -m mllint "$@"`);
  assert.equal((await found({ selected: PYTHON }, path.dirname(command))).command, PYTHON);
});

test("the search path is for those without an interpreter, or with one that has no mllint", async () => {
  const command = program(`exec "${PYTHON}" -m mllint "$@"`);
  assert.equal((await found({}, path.dirname(command))).command, "mllint");
  assert.equal((await found({ selected: barePython() }, path.dirname(command))).command, "mllint");
});

test("what the settings name is not replaced by something else", async () => {
  const command = program(`exec "${PYTHON}" -m mllint "$@"`);
  const [reason, ...more] = await reasons({ path: "/nowhere/mllint", selected: PYTHON }, path.dirname(command));
  assert.equal(reason, "/nowhere/mllint (the setting mllint.path): no such program");
  assert.deepEqual(more, []);
});

test("each candidate has its reason", async () => {
  const bare = barePython();
  const [selected, onPath] = await reasons({ selected: bare });
  assert.match(selected ?? "", /-m mllint \(the selected interpreter\): .*No module named mllint$/);
  assert.equal(onPath, "mllint (the search path): no such program");
});

test("another program of this name is not run as a server", async () => {
  const command = program("echo mllint version 0.12.2");
  assert.deepEqual(await reasons({ path: command }), [`${command} (the setting mllint.path): this is another mllint`]);
});

test("an mllint.py in the workspace is not what runs", async () => {
  const workspace = folder();
  writeFileSync(path.join(workspace, "mllint.py"), "print('mllint 9.9')");
  const before = process.cwd();
  process.chdir(workspace);
  try {
    assert.notEqual((await found({ interpreter: PYTHON })).version, "9.9");
  } finally {
    process.chdir(before);
  }
});

test("a server without pygls says what to install", async () => {
  const without = folder();
  writeFileSync(path.join(without, "pygls.py"), "raise ImportError");
  const server = await found({ interpreter: PYTHON });
  assert.equal(await whyItDoesNotStart(server, directory), undefined);
  process.env["PYTHONPATH"] = without;
  assert.match((await whyItDoesNotStart(server, directory)) ?? "", /pip install "mllint-keras\[lsp\]"$/);
});

test("the command that installs is one that a shell takes", () => {
  const spaced = path.join(folder(), "a python");
  symlinkSync(PYTHON, spaced);
  const dry = `${installation(spaced).split(" -m pip")[0]} -c "print(1)"`;
  assert.equal(execFileSync("sh", ["-c", dry], { encoding: "utf8" }), "1\n");
  assert.equal(installation(undefined), 'python -m pip install "mllint-keras[lsp]"');
});
