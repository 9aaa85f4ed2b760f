/** The real server as the extension starts it, without VS Code around it. */

import { spawn, type ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

import { TextDocument } from "vscode-languageserver-textdocument";
import {
  CodeActionRequest,
  CodeActionResolveRequest,
  createProtocolConnection,
  DidOpenTextDocumentNotification,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  PublishDiagnosticsNotification,
  RegistrationRequest,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
  type CodeAction,
  type Diagnostic,
  type InitializeResult,
  type ProtocolConnection,
  type Range,
} from "vscode-languageserver-protocol/node";

import { clientOptions, serverProcess } from "../src/client";
import { serverOptions } from "../src/settings";
import capabilities from "./capabilities.json";
import { folder, PYTHON } from "./mllint";

const FIRST: Range = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

export class Server {
  private readonly process: ChildProcess;
  readonly connection: ProtocolConnection;
  private readonly published = new Map<string, Diagnostic[]>();
  private wake: () => void = () => undefined;

  constructor() {
    const found = { command: PYTHON, args: ["-m", "mllint"], origin: "test", version: "" };
    const { command, args, options } = serverProcess(found, folder());
    this.process = spawn(command, args ?? [], { cwd: options?.cwd, stdio: ["pipe", "pipe", "inherit"] });
    if (!this.process.stdout || !this.process.stdin) throw new Error("no pipes");
    const reader = new StreamMessageReader(this.process.stdout);
    this.connection = createProtocolConnection(reader, new StreamMessageWriter(this.process.stdin));
    this.connection.onRequest(RegistrationRequest.type, () => undefined);
    this.connection.onNotification(PublishDiagnosticsNotification.type, ({ uri, diagnostics }) => {
      this.published.set(uri, diagnostics);
      this.wake();
    });
    this.connection.listen();
  }

  /** Introduces the extension with these settings, with the capabilities that VS Code was seen to send. */
  async initialize(settings: Record<string, unknown> = {}): Promise<InitializeResult> {
    const { initializationOptions } = clientOptions(serverOptions((name) => settings[name]));
    const result = await this.connection.sendRequest(InitializeRequest.type, {
      processId: process.pid,
      rootUri: null,
      capabilities: capabilities as object,
      initializationOptions: initializationOptions as object,
      workspaceFolders: [],
    });
    await this.connection.sendNotification(InitializedNotification.type, {});
    return result;
  }

  async open(file: string): Promise<TextDocument> {
    const document = TextDocument.create(pathToFileURL(file).href, "python", 1, readFileSync(file, "utf8"));
    const { uri, languageId, version } = document;
    const textDocument = { uri, languageId, version, text: document.getText() };
    await this.connection.sendNotification(DidOpenTextDocumentNotification.type, { textDocument });
    return document;
  }

  /** The next diagnostics of a document that were not asked for yet. */
  async diagnostics({ uri }: TextDocument): Promise<Diagnostic[]> {
    for (;;) {
      const diagnostics = this.published.get(uri);
      if (this.published.delete(uri) && diagnostics) return diagnostics;
      await new Promise<void>((resolve) => (this.wake = resolve));
    }
  }

  async actions({ uri }: TextDocument, only: string, range = FIRST): Promise<CodeAction[]> {
    const parameters = { textDocument: { uri }, range, context: { diagnostics: [], only: [only] } };
    return ((await this.connection.sendRequest(CodeActionRequest.type, parameters)) ?? []) as CodeAction[];
  }

  /** The text after an action. */
  async after(document: TextDocument, action: CodeAction): Promise<string> {
    const { edit } = action.edit ? action : await this.connection.sendRequest(CodeActionResolveRequest.type, action);
    const edits = (edit?.documentChanges ?? []).flatMap((one) => ("edits" in one ? one.edits : []));
    return TextDocument.applyEdits(document, edits.filter((one) => "newText" in one));
  }

  /** Its exit code after it was asked to leave. */
  async leave(): Promise<number | null> {
    const exit = new Promise<number | null>((resolve) => this.process.once("exit", resolve));
    await this.connection.sendRequest(ShutdownRequest.type);
    await this.connection.sendNotification(ExitNotification.type);
    return exit;
  }
}
