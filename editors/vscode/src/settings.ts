/** From the settings of VS Code to what the server is told, and where it is looked for. */

import * as path from "node:path";

/** Reads one setting of the section `mllint`. */
export type Read = (name: string) => unknown;

/** What is passed on to the server, which says what is wrong with a value. */
const PASSED_ON = ["select", "ignore", "pedantic", "unsafeFixes", "config"] as const;

/** Changes of these need another process. */
export const OF_THE_PROCESS = ["enable", "path", "interpreter"] as const;

/** The options of the server. What is not set is left out, so that the configuration file decides. */
export function serverOptions(read: Read): Record<string, unknown> {
  const said = PASSED_ON.map((name) => [name, read(name)] as const);
  return Object.fromEntries(said.filter(([, value]) => value !== null && value !== undefined && value !== ""));
}

/** The path that a setting names, whole; undefined where it names none. */
export function pathSetting(value: unknown, home: string, workspaceFolder: string | undefined): string | undefined {
  if (typeof value !== "string" || !value.trim()) return undefined;
  const here = workspaceFolder ?? home;
  const named = value.trim().replace(/^~(?=$|[\\/])/, () => home).replaceAll("${workspaceFolder}", () => here);
  return isCommandName(named) ? named : path.resolve(here, named);
}

/** A bare name is looked up on the search path. */
function isCommandName(named: string): boolean {
  return !/[\\/]/.test(named);
}
