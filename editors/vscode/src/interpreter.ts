/** What of the workspace may be run: the interpreter selected in the Python extension, where that is installed. */

import { PythonExtension } from "@vscode/python-extension";
import * as vscode from "vscode";

/** The folder that paths in settings are relative to; undefined too in a workspace that is not trusted, whose programs
 * must not be run even where settings of the user name them, as in "${workspaceFolder}/.venv/bin/python". */
export function trustedFolder(): string | undefined {
  return vscode.workspace.isTrusted ? vscode.workspace.workspaceFolders?.[0]?.uri.fsPath : undefined;
}

/** Undefined too in workspaces that are not trusted: the interpreter may be a program of theirs. */
export async function selectedInterpreter(): Promise<string | undefined> {
  if (!vscode.workspace.isTrusted || !isInstalled()) return undefined;
  const { environments } = await PythonExtension.api();
  const selected = environments.getActiveEnvironmentPath(vscode.workspace.workspaceFolders?.[0]?.uri);
  const environment = await environments.resolveEnvironment(selected);
  return environment?.executable.uri?.fsPath;
}

/** Calls back when another interpreter is selected. */
export async function onSelection(callback: () => void): Promise<vscode.Disposable> {
  if (!isInstalled()) return new vscode.Disposable(() => undefined);
  const { environments } = await PythonExtension.api();
  return environments.onDidChangeActiveEnvironmentPath(callback);
}

function isInstalled(): boolean {
  return vscode.extensions.getExtension("ms-python.python") !== undefined;
}
