/** The one server of a window: found, started, told of settings, stopped. */

import * as os from "node:os";

import * as vscode from "vscode";
import { DidChangeConfigurationNotification, LanguageClient } from "vscode-languageclient/node";

import { clientOptions, serverProcess } from "./client";
import { findServer, whyItDoesNotStart, type Found, type Places } from "./discovery";
import { selectedInterpreter, trustedFolder } from "./interpreter";
import { offerToInstall } from "./missing";
import { pathSetting, serverOptions, type Read } from "./settings";

export class Session {
  private client: LanguageClient | undefined;
  private found: Found | undefined;
  private last: Promise<void> = Promise.resolve();

  /** `directory` is a folder that only the extension fills; see `findServer`. */
  constructor(
    readonly output: vscode.LogOutputChannel,
    private readonly directory: string,
  ) {}

  /** The client, while its server runs. */
  get running(): LanguageClient | undefined {
    return this.client?.isRunning() ? this.client : undefined;
  }

  /** The mllint that is run. */
  get program(): Found | undefined {
    return this.found;
  }

  /** Stops the server if there is one, and starts one unless the settings forbid it. One call waits for the other. */
  restart(): Promise<void> {
    return this.next(async () => {
      await this.ended();
      if (read("enable") !== false) await this.start();
    });
  }

  stop(): Promise<void> {
    return this.next(() => this.ended());
  }

  /** Tells the server of the settings as they are now. */
  async configure(): Promise<void> {
    const settings = { mllint: serverOptions(read) };
    await this.running?.sendNotification(DidChangeConfigurationNotification.type, { settings });
  }

  private next(task: () => Promise<void>): Promise<void> {
    this.last = this.last.then(task).catch((error: unknown) => this.output.error(String(error)));
    return this.last;
  }

  private async start(): Promise<void> {
    const places = await this.whereToLook();
    const found = await findServer(places, this.directory);
    if (!("version" in found)) {
      found.reasons.forEach((reason) => this.output.error(reason));
      offerToInstall(`mllint was not found. ${found.reasons.join("; ")}.`, found.interpreter, this.output);
      return;
    }
    this.output.info(`mllint ${found.version}: ${[found.command, ...found.args].join(" ")} (${found.origin})`);
    this.found = found;
    await this.connect(found, places);
  }

  private async connect(found: Found, places: Places): Promise<void> {
    const options = { ...clientOptions(serverOptions(read)), outputChannel: this.output };
    this.client = new LanguageClient("mllint", "mllint", serverProcess(found, this.directory), options);
    try {
      await this.client.start();
    } catch (error) {
      const reason = (await whyItDoesNotStart(found, this.directory)) ?? String(error);
      this.output.error(reason);
      offerToInstall(`The server of mllint does not start. ${reason}.`, places.interpreter ?? places.selected, this.output);
    }
  }

  private async ended(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    this.found = undefined;
    await client?.dispose();
  }

  private async whereToLook(): Promise<Places> {
    const folder = trustedFolder();
    return {
      path: pathSetting(read("path"), os.homedir(), folder),
      interpreter: pathSetting(read("interpreter"), os.homedir(), folder),
      selected: await selectedInterpreter().catch((error: unknown) => void this.output.warn(String(error))),
    };
  }
}

const read: Read = (name) => vscode.workspace.getConfiguration("mllint").get(name);
