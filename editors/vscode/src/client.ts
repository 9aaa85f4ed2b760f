/** How the language server is run and spoken to. */

import type { Executable, LanguageClientOptions } from "vscode-languageclient/node";

import type { Found } from "./discovery";

export const FIX_ALL = "source.fixAll.mllint";
export const FIX_NOTEBOOK = `notebook.${FIX_ALL}`;
export const CONVERT = "refactor.rewrite";

/** Standard input and output carry the protocol. `directory` is where the process runs, see `findServer`. */
export function serverProcess(found: Found, directory: string): Executable {
  return { command: found.command, args: [...found.args, "server"], options: { cwd: directory } };
}

/** Python files, also those not saved yet, and the cells of notebooks; not what version control shows of the past. */
export function clientOptions(initializationOptions: Record<string, unknown>): LanguageClientOptions {
  const schemes = ["file", "untitled", "vscode-notebook-cell"];
  return { documentSelector: schemes.map((scheme) => ({ scheme, language: "python" })), initializationOptions };
}

/**
 * Whether an action is to be left out of those of a cell: on saving, VS Code carries out for each cell, at the same time,
 * what the action does to the whole notebook. `FIX_NOTEBOOK` is carried out once.
 */
export function isRepeatedOnSave(kind: string): boolean {
  return kind === "source.fixAll" || kind === FIX_ALL;
}
