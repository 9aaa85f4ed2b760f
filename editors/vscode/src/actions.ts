/** The commands that change a document: the server works out the edits, VS Code carries them out. */

import * as vscode from "vscode";
import {
  CodeActionRequest,
  CodeActionResolveRequest,
  CodeActionTriggerKind,
  type CodeAction,
  type LanguageClient,
} from "vscode-languageclient/node";

import { CONVERT, FIX_ALL } from "./client";

/** Fixes everything that can be fixed safely, in all cells of a notebook. */
export async function fixFile(client: LanguageClient, editor: vscode.TextEditor): Promise<void> {
  const [action] = await offered(client, editor, FIX_ALL);
  if (!action || !(await carryOut(client, action))) {
    void vscode.window.showInformationMessage("mllint: there is nothing here that can be fixed safely.");
  }
}

/** Lets the user choose what the model at the cursor is to become. The server says why one cannot be converted. */
export async function convertModel(client: LanguageClient, editor: vscode.TextEditor): Promise<void> {
  const actions = await offered(client, editor, CONVERT);
  if (!actions.length) {
    void vscode.window.showInformationMessage("mllint: place the cursor on the head, loss or compile call of a model.");
    return;
  }
  const items = actions.map((action) => ({ label: action.title, action }));
  const chosen = await vscode.window.showQuickPick(items, { title: "mllint: convert the model" });
  if (chosen) await carryOut(client, chosen.action);
}

async function offered(client: LanguageClient, editor: vscode.TextEditor, kind: string): Promise<CodeAction[]> {
  const answer = await client.sendRequest(CodeActionRequest.type, {
    textDocument: client.code2ProtocolConverter.asTextDocumentIdentifier(editor.document),
    range: client.code2ProtocolConverter.asRange(editor.selection),
    context: { diagnostics: [], only: [kind], triggerKind: CodeActionTriggerKind.Invoked },
  });
  return (answer ?? []).filter((one): one is CodeAction => !("command" in one && typeof one.command === "string"));
}

/** Whether there was something to change. */
async function carryOut(client: LanguageClient, action: CodeAction): Promise<boolean> {
  const { edit } = action.edit ? action : await client.sendRequest(CodeActionResolveRequest.type, action);
  return edit !== undefined && vscode.workspace.applyEdit(await client.protocol2CodeConverter.asWorkspaceEdit(edit));
}
