/** Makes one file of the extension and of what it uses, and another one of the licences of what it uses. */

import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

import { build } from "esbuild";

const { metafile } = await build({
  entryPoints: ["src/extension.ts"],
  outfile: "dist/extension.js",
  bundle: true,
  minify: true,
  metafile: true,
  platform: "node",
  preserveSymlinks: true,
  target: "node20",
  format: "cjs",
  external: ["vscode"],
  logLevel: "warning",
});

const PACKAGE = /^node_modules\/(?:@[^/]+\/)?[^/]+/;
const used = [...new Set(Object.keys(metafile.inputs).flatMap((file) => PACKAGE.exec(file)?.[0] ?? []))].sort();
const notices = await Promise.all(used.map(notice));
await mkdir("dist", { recursive: true });
await writeFile("dist/NOTICES.txt", `This extension contains the following software.\n\n${notices.join("\n")}`);

async function notice(folder) {
  const { name, version } = JSON.parse(await readFile(path.join(folder, "package.json"), "utf8"));
  const licence = (await readdir(folder)).find((file) => /^licen[cs]e/i.test(file));
  if (!licence) throw new Error(`${name} has no licence`);
  return `${"-".repeat(72)}\n${name} ${version}\n\n${await readFile(path.join(folder, licence), "utf8")}`;
}
