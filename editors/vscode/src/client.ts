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

/** The kind of the action that fixes all of a document: that of a notebook is one for all its cells. */
export function fixAllKind(scheme: string): string {
  return scheme === "vscode-notebook-cell" ? FIX_NOTEBOOK : FIX_ALL;
}
