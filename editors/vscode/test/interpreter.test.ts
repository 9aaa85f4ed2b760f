/** The module `vscode` exists in the editor only, so what the extension reads of it is put in its place here. */

import assert from "node:assert/strict";
import Module from "node:module";
import { beforeEach, test } from "node:test";

import { pathSetting } from "../src/settings";

const workspace = { isTrusted: true, workspaceFolders: [{ uri: { fsPath: "/workspace" } }] };
const INTERPRETER = "/workspace/.venv/bin/python";
let asked = 0;
const environments = {
  getActiveEnvironmentPath: () => (asked++, { id: INTERPRETER, path: INTERPRETER }),
  resolveEnvironment: () => Promise.resolve({ executable: { uri: { fsPath: INTERPRETER } } }),
};
const extensions = { getExtension: () => ({ isActive: true, exports: { environments } }) };

const loader = Module as unknown as { _load: (name: string, ...more: unknown[]) => unknown };
const load = loader._load;
loader._load = (name, ...more) => (name === "vscode" ? { workspace, extensions } : load(name, ...more));

const { selectedInterpreter, trustedFolder } = require("../src/interpreter") as typeof import("../src/interpreter");

beforeEach(() => (asked = 0));

test("the selected interpreter is that of the Python extension", async () => {
  workspace.isTrusted = true;
  assert.equal(await selectedInterpreter(), INTERPRETER);
  assert.equal(asked, 1);
});

test("in a workspace that is not trusted nobody is asked for an interpreter", async () => {
  workspace.isTrusted = false;
  assert.equal(await selectedInterpreter(), undefined);
  assert.equal(asked, 0);
});

test("settings of the user lead into the workspace only where it is trusted", () => {
  const names = ["${workspaceFolder}/.venv/bin/python", ".venv/bin/python"];
  const paths = (): unknown[] => names.map((name) => pathSetting(name, "/home/me", trustedFolder()));
  workspace.isTrusted = true;
  assert.deepEqual(paths(), [INTERPRETER, INTERPRETER]);
  workspace.isTrusted = false;
  assert.deepEqual(paths(), ["/home/me/.venv/bin/python", "/home/me/.venv/bin/python"]);
});
