/** A server of VS Code with the extension installed, and its window in a browser. */

import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";

import { chromium } from "playwright-core";

const ENTRY = path.join(import.meta.dirname, "node_modules/code-server/out/node/entry.js");
const ADDRESS = /HTTP server listening on (?<address>http:\S+)/;

/** Serves a folder until `stop` is called. `home` is a folder for everything that VS Code keeps. */
export async function serve(folder, extension, settings, home) {
  mkdirSync(path.join(home, "data/User"), { recursive: true });
  writeFileSync(path.join(home, "data/User/settings.json"), JSON.stringify(settings));
  writeFileSync(path.join(home, "config.yaml"), "auth: none\nbind-addr: 127.0.0.1:0\ncert: false\n");
  const named = (name, value) => [`--${name}`, path.join(home, value)];
  const places = [...named("config", "config.yaml"), ...named("user-data-dir", "data"), ...named("extensions-dir", "extensions")];
  const options = { env: { ...process.env, EXTENSIONS_GALLERY: '{"serviceUrl":""}', XDG_CONFIG_HOME: home }, cwd: home };
  execFileSync(process.execPath, [ENTRY, ...places, "--install-extension", extension], { ...options, stdio: "ignore" });
  const server = spawn(process.execPath, [ENTRY, ...places, "--disable-telemetry", "--disable-update-check", folder], {
    ...options,
    stdio: ["ignore", "pipe", "ignore"],
  });
  const address = await addressOf(server);
  return {
    address,
    stop: async () => {
      server.kill();
      await once(server, "exit");
    },
  };
}

async function addressOf(server) {
  for await (const line of createInterface({ input: server.stdout })) {
    const found = ADDRESS.exec(line);
    if (found) {
      server.stdout.resume();
      return found.groups.address;
    }
  }
  throw new Error("code-server did not start");
}

/** The window, in a browser that is closed with it. */
export async function open(address, folder, executable) {
  const browser = await chromium.launch({ executablePath: executable, args: ["--no-sandbox"] });
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  page.setDefaultTimeout(60_000);
  await page.goto(`${address}?folder=${encodeURIComponent(folder)}`);
  await page.locator(".monaco-workbench").waitFor();
  return { page, close: () => browser.close() };
}
