/**
 * What a user sees of the extension, in a real VS Code in a real browser.
 *
 * EXTENSION is the packed extension, MLLINT_PYTHON a Python with mllint and its extra lsp, CHROMIUM the browser. Pictures
 * are left in SCREENSHOTS, if set.
 */

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, afterEach, before, test } from "node:test";

import { open, serve } from "./code_server.mjs";

const HERE = import.meta.dirname;
const EXTENSION = path.resolve(process.env.EXTENSION ?? "");
const PYTHON = process.env.MLLINT_PYTHON ?? "python3";
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const EXAMPLES = path.join(HERE, "../../../examples");
const FILES = ["digits.py", "tags.py", "softmax_to_logistic.py", "flowers.ipynb"];
const SETTINGS = {
  "security.workspace.trust.enabled": false,
  "workbench.startupEditor": "none",
  "editor.codeActionsOnSave": { "source.fixAll.mllint": "explicit" },
  "notebook.codeActionsOnSave": { "notebook.source.fixAll.mllint": "explicit", "source.fixAll": "explicit" },
};

const home = realpathSync(mkdtempSync(path.join(tmpdir(), "workbench-")));
const folder = path.join(home, "work");
const record = path.join(home, "record");
const settings = { ...SETTINGS, "mllint.path": recorder() };
let served, window, page;

before(async () => {
  for (const name of FILES) cpSync(path.join(EXAMPLES, name), path.join(folder, name));
  cpSync(path.join(EXAMPLES, "flowers.ipynb"), path.join(folder, "again.ipynb"));
  served = await serve(folder, EXTENSION, settings, home);
  window = await open(served.address, folder, CHROMIUM);
  page = window.page;
  await page.getByRole("treeitem", { name: "tags.py" }).waitFor();
  await page.keyboard.press("Control+Shift+M");
  await page.locator(".markers-panel").waitFor();
});
after(async () => {
  await window?.close();
  await served?.stop();
  rmSync(home, { recursive: true, force: true });
});
afterEach(async (context) => {
  const pictures = process.env.SCREENSHOTS;
  if (pictures && page) await page.screenshot({ path: path.join(pictures, `${context.name.replaceAll(" ", "-")}.png`) });
});

/** The mllint command; what the server is told is written down. */
function recorder() {
  const file = path.join(home, "mllint");
  const run = `"${PYTHON}" -m mllint`;
  writeFileSync(file, `#!/bin/sh\nif [ "$1" = server ]; then tee -a "${record}" | ${run} "$@"; else exec ${run} "$@"; fi\n`);
  return spawnSync("chmod", ["+x", file]) && file;
}

const onDisk = (name) => readFileSync(path.join(folder, name), "utf8");

/** The file as the command leaves it. */
function afterCommand(name, ...args) {
  const copy = path.join(mkdtempSync(path.join(home, "command-")), name);
  cpSync(path.join(EXAMPLES, name), copy);
  const target = args.includes("convert") ? `${copy}:${lineOf(copy, "compile(")}` : copy;
  const { stderr, error } = spawnSync(PYTHON, ["-m", "mllint", ...args, target], { encoding: "utf8" });
  if (error) throw new Error(stderr);
  return readFileSync(copy, "utf8");
}

function lineOf(file, text) {
  return readFileSync(file, "utf8").split("\n").findIndex((line) => line.includes(text)) + 1;
}

const openFile = (name) => page.getByRole("treeitem", { name }).dblclick();
const squiggle = () => page.locator(".squiggly-error, .squiggly-warning").first();

async function command(title) {
  await page.keyboard.press("F1");
  await page.locator(".quick-input-widget input").fill(`>${title}`);
  await page.locator(`.quick-input-list .monaco-list-row[aria-label^="${title}"]`).click();
}

async function until(condition, what) {
  for (let tries = 0; tries < 150; tries += 1) {
    if (await condition()) return;
    await page.waitForTimeout(200);
  }
  assert.fail(what);
}

async function goToLine(name, text) {
  await page.keyboard.press("Control+g");
  await page.locator(".quick-input-widget input").fill(`:${lineOf(path.join(folder, name), text)}`);
  await page.keyboard.press("Enter");
}

test("findings are underlined and listed as problems with their places", async () => {
  await openFile("tags.py");
  await squiggle().waitFor();
  const problems = page.locator(".markers-panel");
  await problems.getByText("sigmoid over 20 units with categorical_crossentropy").waitFor();
  await problems.getByText("MLL101").waitFor();
  await problems.getByText("labels are multi-hot").waitFor();
});

test("a quick fix is offered at the finding and repairs it", async () => {
  await goToLine("tags.py", "compile(");
  await page.keyboard.press("Control+.");
  const menu = page.locator(".action-widget");
  await menu.getByText("Ignore sigmoid-with-categorical-crossentropy on this line").waitFor();
  await page.keyboard.press("Enter");
  await squiggle().waitFor({ state: "detached" });
  await page.keyboard.press("Control+s");
  const repaired = afterCommand("tags.py", "--fix", "--unsafe-fixes");
  await until(() => onDisk("tags.py") === repaired, "the file is not as --fix --unsafe-fixes leaves it");
});

test("saving fixes everything that is safe", async () => {
  await openFile("digits.py");
  await squiggle().waitFor();
  await page.keyboard.press("Control+s");
  const repaired = afterCommand("digits.py", "--fix");
  await until(() => onDisk("digits.py") === repaired, "the file is not as --fix leaves it");
});

test("a model is converted to what is chosen", async () => {
  await openFile("softmax_to_logistic.py");
  await squiggle().waitFor();
  await goToLine("softmax_to_logistic.py", "compile(");
  await command("mllint: Convert the model at the cursor to…");
  await page.locator(".quick-input-list").getByText("Convert to multi-label").click();
  await page.getByText("'binary_accuracy'").waitFor();
  await page.keyboard.press("Control+s");
  const converted = afterCommand("softmax_to_logistic.py", "convert", "--to", "multi-label");
  await until(() => onDisk("softmax_to_logistic.py") === converted, "the file is not as mllint convert leaves it");
});

test("what is understood of a file is shown beside it", async () => {
  await command("mllint: Show what is understood of this file");
  await page.locator(".editor-group-container").nth(1).getByText("binary_crossentropy").first().waitFor();
});

test("a notebook is fixed in all its cells", async () => {
  await openNotebook("flowers.ipynb");
  await command("mllint: Fix all in this file");
  await problem().waitFor({ state: "detached" });
  await page.keyboard.press("Control+s");
  await untilRepaired("flowers.ipynb");
});

test("saving a notebook fixes it where its own setting says so", async () => {
  await page.keyboard.press("Control+k");
  await page.keyboard.press("Control+w");
  await openNotebook("again.ipynb");
  await page.locator(".cell .view-lines").first().click();
  for (const key of ["Space", "Backspace"]) await page.keyboard.press(key); // or there is nothing to save
  await page.keyboard.press("Control+s");
  await untilRepaired("again.ipynb");
});

async function openNotebook(name) {
  await openFile(name);
  await problem().waitFor();
}

const problem = () => page.locator(".markers-panel").getByText("linear over 5 units").first();

function untilRepaired(notebook) {
  const repaired = codeCells(afterCommand("flowers.ipynb", "--fix"));
  return until(() => codeCells(onDisk(notebook)) === repaired, "the cells are not as --fix leaves them");
}

test("it is said where no mllint is found, and a restart finds it again", async () => {
  await openFile("softmax_to_logistic.py");
  renameSync(settings["mllint.path"], `${settings["mllint.path"]}-gone`);
  await command("mllint: Restart the server");
  const message = page.locator(".notification-toast").filter({ hasText: "mllint was not found." });
  for (const name of ["Install…", "Settings", "Output"]) await message.getByRole("button", { name }).waitFor();
  await squiggle().waitFor({ state: "detached" });
  renameSync(`${settings["mllint.path"]}-gone`, settings["mllint.path"]);
  await command("mllint: Restart the server");
  await squiggle().waitFor();
});

test("the capabilities are those that the tests of the protocol use", () => {
  const [message] = readFileSync(record, "utf8").matchAll(/\{"jsonrpc".*?"method":"initialize".*?\}(?=Content-Length)/g);
  const { capabilities, initializationOptions } = JSON.parse(message[0]).params;
  const used = JSON.parse(readFileSync(path.join(HERE, "../test/capabilities.json"), "utf8"));
  assert.deepEqual(capabilities, used);
  assert.deepEqual(initializationOptions, {});
});

function codeCells(notebook) {
  return JSON.stringify(JSON.parse(notebook).cells.map(({ source }) => [source].flat().join("")));
}
