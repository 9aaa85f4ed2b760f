/**
 * Fixing notebooks, also when they are saved.
 *
 * On saving, VS Code asks for actions of the kind `notebook.…` at the first cell alone. Where that is not Python the server does not
 * know it, and the first one that is answers in its place.
 */

import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";

import { fixAllOf } from "./actions";
import { FIX_NOTEBOOK } from "./client";

const KIND = vscode.CodeActionKind.Notebook.append(FIX_NOTEBOOK.replace(/^notebook\./, ""));
const CELLS: vscode.DocumentSelector = { notebookType: "jupyter-notebook" };

export function fixNotebooksOnSave(running: () => LanguageClient | undefined): vscode.Disposable {
  const provideCodeActions = async (
    document: vscode.TextDocument,
    _: vscode.Range,
    context: vscode.CodeActionContext,
  ): Promise<vscode.CodeAction[]> => {
    const client = running();
    const cell = document.languageId !== "python" && context.only?.intersects(KIND) ? firstPython(document) : undefined;
    const edit = client && cell && (await fixAllOf(client, cell));
    return edit ? [{ title: "Fix everything that mllint can fix safely", kind: KIND, edit }] : [];
  };
  const provided = { providedCodeActionKinds: [KIND] };
  return vscode.languages.registerCodeActionsProvider(CELLS, { provideCodeActions }, provided);
}

/** The first Python cell of the notebook that starts with this one. */
function firstPython(cell: vscode.TextDocument): vscode.TextDocument | undefined {
  const notebook = vscode.workspace.notebookDocuments.find((one) => one.cellAt(0).document === cell);
  return notebook && pythonOf(notebook);
}

function pythonOf(notebook: vscode.NotebookDocument): vscode.TextDocument | undefined {
  return notebook.getCells().find(({ document }) => document.languageId === "python")?.document;
}

/** The text that the user looks at: of a file or cell with the cursor, or of a notebook where no cell has it. */
export function currentDocument(): vscode.TextDocument | undefined {
  const notebook = vscode.window.activeNotebookEditor?.notebook;
  return notebook ? pythonOf(notebook) : vscode.window.activeTextEditor?.document;
}
