/** The extension: starts the language server of mllint, and has a few commands of its own. */

import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";

import { convertModel, fixFile } from "./actions";
import { Facts } from "./facts";
import { onSelection } from "./interpreter";
import { currentDocument, fixNotebooksOnSave } from "./notebooks";
import { Session } from "./session";
import { OF_THE_PROCESS } from "./settings";

let session: Session | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const output = vscode.window.createOutputChannel("mllint", { log: true });
  const current = (session = new Session(output, context.extensionPath));
  const facts = new Facts(() => current.program, context.extensionPath);
  context.subscriptions.push(
    output,
    facts.register(),
    fixNotebooksOnSave(() => current.running),
    ...commands(current, facts),
    vscode.workspace.onDidChangeConfiguration((event) => settingsChanged(current, event)),
    vscode.workspace.onDidGrantWorkspaceTrust(() => current.restart()),
  );
  void onSelection(() => void current.restart()).then((watched) => context.subscriptions.push(watched));
  await current.restart();
}

export async function deactivate(): Promise<void> {
  await session?.stop();
}

function commands(current: Session, facts: Facts): vscode.Disposable[] {
  const register = vscode.commands.registerCommand;
  const fix = (client: LanguageClient): Promise<void> => onDocument((document) => fixFile(client, document));
  return [
    register("mllint.fixFile", () => (current.running ? fix(current.running) : notRunning())),
    register("mllint.showFacts", () => onDocument((document) => facts.show(document.uri))),
    register("mllint.restartServer", () => current.restart()),
    register("mllint.showOutput", () => current.output.show()),
    vscode.commands.registerTextEditorCommand("mllint.convertModel", (editor) =>
      current.running ? convertModel(current.running, editor) : notRunning(),
    ),
  ];
}

async function onDocument(action: (document: vscode.TextDocument) => Promise<void>): Promise<void> {
  const document = currentDocument();
  if (document) await action(document);
}

async function settingsChanged(current: Session, event: vscode.ConfigurationChangeEvent): Promise<void> {
  if (OF_THE_PROCESS.some((name) => event.affectsConfiguration(`mllint.${name}`))) await current.restart();
  else if (event.affectsConfiguration("mllint")) await current.configure();
}

async function notRunning(): Promise<void> {
  await vscode.window.showInformationMessage("mllint is not running; see its output.");
}
