/** The real mllint, and files to try it on. */

import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

/** A Python that has mllint with the extra lsp; whole, as some tests change the search path. */
export const PYTHON = execFileSync(process.env["MLLINT_PYTHON"] ?? "python3", ["-c", "import sys; print(sys.executable)"], {
  encoding: "utf8",
}).trim();

const EXAMPLES = path.resolve(__dirname, "../../../../examples");

const TEMPORARY = realpathSync(mkdtempSync(path.join(tmpdir(), "mllint-")));
process.on("exit", () => rmSync(TEMPORARY, { recursive: true, force: true }));

/** A new folder. */
export function folder(): string {
  return mkdtempSync(path.join(TEMPORARY, "test-"));
}

/** A copy of an example in a folder of its own. */
export function example(name: string): string {
  const copy = path.join(folder(), name);
  cpSync(path.join(EXAMPLES, name), copy);
  return copy;
}

/** What the command prints; findings are no failure. */
export function mllint(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(PYTHON, ["-m", "mllint", ...args], { cwd: tmpdir(), encoding: "utf8" });
  if (status !== 0 && status !== 1) throw new Error(stderr);
  return stdout;
}
