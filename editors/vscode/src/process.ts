/** Runs a program to its end, and says what went wrong. */

import { execFile, type ExecFileException } from "node:child_process";

const SECONDS = 20;
/** Of what a program prints; more is no text to show. */
const MOST_BYTES = 64 * 1024 * 1024;

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
}

export interface Outcome {
  /** The exit code; a name where the program could not be run to its end. */
  readonly code: number | string | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
  /** Undefined where the exit code is 0. */
  readonly failure: string | undefined;
}

export interface Limits {
  readonly seconds: number;
  readonly bytes: number;
}

/** Runs a program on no input. `directory` is where it runs, see `findServer`. */
export function run(
  program: Program,
  more: readonly string[],
  directory: string,
  limits: Limits = { seconds: SECONDS, bytes: MOST_BYTES },
): Promise<Outcome> {
  const options = { cwd: directory, timeout: limits.seconds * 1000, maxBuffer: limits.bytes, windowsHide: true };
  return new Promise((resolve) => {
    const child = execFile(program.command, [...program.args, ...more], options, (error, stdout, stderr) => {
      resolve({ code: error?.code, stdout, stderr, failure: error ? whatFailed(error, stderr, limits) : undefined });
    });
    child.stdin?.on("error", () => undefined); // it may be gone before it reads
    child.stdin?.end();
  });
}

function whatFailed(error: ExecFileException, stderr: string, limits: Limits): string {
  if (error.code === "ENOENT") return "no such program";
  if (error.code === "ERR_CHILD_PROCESS_STDIO_MAXBUFFER") return `it prints more than ${limits.bytes} bytes`;
  if (error.killed) return `no answer in ${limits.seconds} seconds`;
  return stderr.trim().split("\n").at(-1) || error.message;
}

/** All that a program says, and what kept it from ending by itself. */
export function said({ code, stdout, stderr, failure }: Outcome): string {
  const ended = failure === undefined || typeof code === "number";
  return stdout + stderr + (ended ? "" : `mllint was stopped or did not start: ${failure}.\n`);
}
