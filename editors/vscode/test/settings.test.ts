import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";

import manifest from "../package.json";
import { OF_THE_PROCESS, pathSetting, serverOptions } from "../src/settings";

const properties: Record<string, { default: unknown }> = manifest.contributes.configuration.properties;
const defaults = (name: string): unknown => properties[`mllint.${name}`]?.default;

test("as installed, nothing goes before the configuration file", () => {
  assert.deepEqual(serverOptions(defaults), {});
});

test("what is set is passed on, false and the empty list too", () => {
  const set: Record<string, unknown> = { pedantic: false, ignore: [], select: ["MLL1"], config: "lint/mllint.toml" };
  assert.deepEqual(serverOptions((name) => set[name] ?? defaults(name)), set);
});

test("every setting is read", () => {
  const read = new Set<string>([...OF_THE_PROCESS, "trace.server"]);
  serverOptions((name) => read.add(name));
  assert.deepEqual(Object.keys(properties).sort(), [...read].map((name) => `mllint.${name}`).sort());
});

test("settings that name a program of the workspace are restricted to trusted ones", () => {
  const restricted = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations;
  assert.deepEqual(restricted, ["mllint.path", "mllint.interpreter"]);
});

test("paths are below the workspace folder, or the home folder", () => {
  const [home, work] = [path.resolve("/home/ann"), path.resolve("/work")];
  assert.equal(pathSetting(".venv/bin/python", home, work), path.join(work, ".venv/bin/python"));
  assert.equal(pathSetting("${workspaceFolder}/.venv/bin/python", home, work), path.join(work, ".venv/bin/python"));
  assert.equal(pathSetting("~/bin/mllint", home, work), path.join(home, "bin/mllint"));
  assert.equal(pathSetting("bin/mllint", home, undefined), path.join(home, "bin/mllint"));
  assert.equal(pathSetting("mllint", home, work), "mllint");
  assert.equal(pathSetting("  ", home, work), undefined);
  assert.equal(pathSetting(null, home, work), undefined);
});
