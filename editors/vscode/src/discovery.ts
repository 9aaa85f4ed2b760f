/** Finds the mllint to run: where the settings say, in the selected Python, or on the search path. */

import { run } from "./process";

/** A way to run mllint. */
export interface Candidate {
  readonly command: string;
  readonly args: readonly string[];
  /** Who named it, for people. */
  readonly origin: string;
}

/** A candidate that answers. */
export interface Found extends Candidate {
  readonly version: string;
}

/** Why no mllint is run. */
export interface NotFound {
  /** One sentence for each candidate. */
  readonly reasons: readonly string[];
  /** The Python to install mllint for, where one is known. */
  readonly interpreter: string | undefined;
}

export interface Places {
  /** Of the settings; these alone are tried where there is one. */
  readonly path: string | undefined;
  readonly interpreter: string | undefined;
  /** The interpreter selected in the Python extension. */
  readonly selected: string | undefined;
}

/** The exit code of mllint where it could not do what was asked. */
const COULD_NOT = 2;

export function candidates(places: Places): Candidate[] {
  if (places.path) return [{ command: places.path, args: [], origin: "the setting mllint.path" }];
  if (places.interpreter) return [moduleOf(places.interpreter, "the setting mllint.interpreter")];
  const onSearchPath = { command: "mllint", args: [], origin: "the search path" };
  return places.selected ? [moduleOf(places.selected, "the selected interpreter"), onSearchPath] : [onSearchPath];
}

/**
 * The first candidate that is mllint: another program of PyPI has the same name.
 *
 * `directory` is where candidates run: `python -m` imports what lies in it before anything else, so it must never be
 * a folder that somebody else may fill.
 */
export async function findServer(places: Places, directory: string): Promise<Found | NotFound> {
  const reasons: string[] = [];
  for (const candidate of candidates(places)) {
    const tried = await attempt(candidate, directory);
    if ("version" in tried) return tried;
    reasons.push(tried.reason);
  }
  return { reasons, interpreter: places.interpreter ?? places.selected };
}

function moduleOf(interpreter: string, origin: string): Candidate {
  return { command: interpreter, args: ["-m", "mllint"], origin };
}

async function attempt(candidate: Candidate, directory: string): Promise<Found | { reason: string }> {
  const { stdout, failure } = await run(candidate, ["--version"], directory);
  const version = /^mllint (\d\S*)\s*$/.exec(stdout)?.[1];
  if (version !== undefined) return { ...candidate, version };
  const where = [candidate.command, ...candidate.args].join(" ");
  return { reason: `${where} (${candidate.origin}): ${failure ?? "this is another mllint"}` };
}

/** What the server says when it does not start, such as that a package is missing; undefined where it does start. */
export async function whyItDoesNotStart(found: Found, directory: string): Promise<string | undefined> {
  const { code, failure } = await run(found, ["server"], directory);
  return code === COULD_NOT ? failure : undefined;
}

/** The command that installs mllint with what serves editors. */
export function installation(interpreter: string | undefined): string {
  const python = interpreter?.includes(" ") ? `"${interpreter}"` : (interpreter ?? "python");
  return `${python} -m pip install "mllint-keras[lsp]"`;
}
