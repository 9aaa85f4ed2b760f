/** The commands that change a document: the server works out the edits, VS Code carries them out. */

import * as vscode from "vscode";
import {
  CodeActionRequest,
  CodeActionResolveRequest,
  CodeActionTriggerKind,
  type CodeAction,
  type LanguageClient,
} from "vscode-languageclient/node";

import { CONVERT, fixAllKind } from "./client";

/** Fixes everything that can be fixed safely, in all cells of a notebook. */
export async function fixFile(client: LanguageClient, document: vscode.TextDocument): Promise<void> {
  const edit = await fixAllOf(client, document);
  if (edit) await vscode.workspace.applyEdit(edit);
  else void vscode.window.showInformationMessage("mllint: there is nothing here that can be fixed safely.");
}

/** The edit that does so; undefined where there is nothing to do. */
export async function fixAllOf(
  client: LanguageClient,
  document: vscode.TextDocument,
): Promise<vscode.WorkspaceEdit | undefined> {
  const [action] = await offered(client, document, START, fixAllKind(document.uri.scheme));
  return action && editOf(client, action);
}

/** Lets the user choose what the model at the cursor is to become. The server says why one cannot be converted. */
export async function convertModel(client: LanguageClient, { document, selection }: vscode.TextEditor): Promise<void> {
  const actions = await offered(client, document, selection, CONVERT);
  if (!actions.length) {
    void vscode.window.showInformationMessage("mllint: place the cursor on the head, loss or compile call of a model.");
    return;
  }
  const items = actions.map((action) => ({ label: action.title, action }));
  const chosen = await vscode.window.showQuickPick(items, { title: "mllint: convert the model" });
  const edit = chosen && (await editOf(client, chosen.action));
  if (edit) await vscode.workspace.applyEdit(edit);
}

const START = new vscode.Range(0, 0, 0, 0);

async function offered(
  client: LanguageClient,
  document: vscode.TextDocument,
  range: vscode.Range,
  kind: string,
): Promise<CodeAction[]> {
  const answer = await client.sendRequest(CodeActionRequest.type, {
    textDocument: client.code2ProtocolConverter.asTextDocumentIdentifier(document),
    range: client.code2ProtocolConverter.asRange(range),
    context: { diagnostics: [], only: [kind], triggerKind: CodeActionTriggerKind.Invoked },
  });
  return (answer ?? []).filter((one): one is CodeAction => !("command" in one && typeof one.command === "string"));
}

async function editOf(client: LanguageClient, action: CodeAction): Promise<vscode.WorkspaceEdit | undefined> {
  const { edit } = action.edit ? action : await client.sendRequest(CodeActionResolveRequest.type, action);
  return edit && client.protocol2CodeConverter.asWorkspaceEdit(edit);
}
