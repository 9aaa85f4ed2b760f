/** What the user is told where no server can be started, and what to do about it. */

import * as vscode from "vscode";

import { installation } from "./discovery";

const INSTALL = "Install…";
const SETTINGS = "Settings";
const OUTPUT = "Output";

/** Shows a message with buttons; nothing is installed unless the user sends the command off. */
export function offerToInstall(message: string, interpreter: string | undefined, output: vscode.OutputChannel): void {
  void vscode.window.showErrorMessage(message, INSTALL, SETTINGS, OUTPUT).then((chosen) => {
    if (chosen === INSTALL) typeInTerminal(installation(interpreter));
    if (chosen === SETTINGS) void vscode.commands.executeCommand("workbench.action.openSettings", "mllint");
    if (chosen === OUTPUT) output.show();
  });
}

function typeInTerminal(command: string): void {
  const terminal = vscode.window.createTerminal("mllint");
  terminal.show();
  terminal.sendText(command, false);
}
