/** Shows what `mllint facts` prints of a file. */

import * as path from "node:path";

import * as vscode from "vscode";

import type { Found } from "./discovery";
import { run, said } from "./process";

const SCHEME = "mllint-facts";

/** Text of one file, made anew whenever it is asked for. */
export class Facts implements vscode.TextDocumentContentProvider {
  private readonly changes = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.changes.event;

  constructor(
    private readonly program: () => Found | undefined,
    private readonly directory: string,
  ) {}

  register(): vscode.Disposable {
    return vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  }

  /** Opens the text beside the editor. What is understood is that of the file as it was saved. */
  async show(file: vscode.Uri): Promise<void> {
    const uri = vscode.Uri.file(`${file.fsPath} (facts)`).with({ scheme: SCHEME, query: file.fsPath });
    this.changes.fire(uri);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, vscode.ViewColumn.Beside, true);
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const program = this.program();
    if (!program) return "mllint is not running.";
    const outcome = await run(program, ["facts", uri.query], this.directory);
    return said(outcome).replaceAll(uri.query, path.basename(uri.query));
  }
}
