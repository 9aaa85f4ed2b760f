/** The extension: starts the language server of mllint, and has a few commands of its own. */

import * as vscode from "vscode";
import type { LanguageClient } from "vscode-languageclient/node";

import { convertModel, fixFile } from "./actions";
import { Facts } from "./facts";
import { onSelection } from "./interpreter";
import { fixNotebooksOnSave } from "./notebooks";
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
  const onEditor = (command: string, action: (client: LanguageClient, editor: vscode.TextEditor) => Promise<void>) =>
    vscode.commands.registerTextEditorCommand(command, (editor) =>
      current.running ? action(current.running, editor) : notRunning(),
    );
  return [
    onEditor("mllint.fixFile", fixFile),
    onEditor("mllint.convertModel", convertModel),
    vscode.commands.registerTextEditorCommand("mllint.showFacts", (editor) => facts.show(editor.document.uri)),
    vscode.commands.registerCommand("mllint.restartServer", () => current.restart()),
    vscode.commands.registerCommand("mllint.showOutput", () => current.output.show()),
  ];
}

async function settingsChanged(current: Session, event: vscode.ConfigurationChangeEvent): Promise<void> {
  if (OF_THE_PROCESS.some((name) => event.affectsConfiguration(`mllint.${name}`))) await current.restart();
  else if (event.affectsConfiguration("mllint")) await current.configure();
}

async function notRunning(): Promise<void> {
  await vscode.window.showInformationMessage("mllint is not running; see its output.");
}
