#!/usr/bin/env node
// deno-lint-ignore-file explicit-function-return-type -- plain JavaScript has no return types
// Runs the server of this package on the Deno that npm has installed next to it. Plain JavaScript, for Node 18 and later.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { findDeno } from "./find_deno.mjs";
import { isFromTerminal } from "./is_from_terminal.mjs";
import { permissionSet } from "./permission_set.mjs";

/** As the program itself exits where it cannot start. */
const EXIT_CANNOT_START = 2;
/** Time for a signal to end this process, after which it exits by itself. */
const SIGNAL_MS = 1000;

const server = (name) => fileURLToPath(new URL(`../server/${name}`, import.meta.url));
const args = process.argv.slice(2);

const found = findDeno({
  platform: process.platform,
  arch: process.arch,
  exists: existsSync,
  resolve: createRequire(import.meta.url).resolve,
});

if (found.path === undefined) {
  refuse(found.problem);
} else {
  run(found.path);
}

/** @param {string} deno */
function run(deno) {
  const words = JSON.parse(readFileSync(server("words.json"), "utf8"));
  // Before the child is there, so that no signal ends this process alone.
  const running = { child: undefined };
  const pass = (signal) => running.child?.kill(signal);
  const handlers = process.platform === "win32"
    // Windows tells every program of the console about the key itself. To kill the child would be to end it at once.
    ? { SIGINT: () => {}, SIGBREAK: () => {} }
    : {
      SIGTERM: pass,
      SIGHUP: pass,
      // A terminal signals every program on it: passed on, one key press would arrive twice.
      SIGINT: (signal) => isFromTerminal() || pass(signal),
    };
  for (const [signal, handler] of Object.entries(handlers)) process.on(signal, handler);
  const child = spawn(deno, [
    "run",
    "--quiet",
    "--no-prompt",
    "--no-lock",
    // All that the server needs is in the package.
    "--no-remote",
    "--no-npm",
    `--config=${server("deno.json")}`,
    `-P=${permissionSet(args, words)}`,
    server("main.js"),
    ...args,
  ], { stdio: "inherit", env: { ...process.env, DENO_NO_UPDATE_CHECK: "1" } });
  running.child = child;
  child.on("error", ({ code, message }) =>
    refuse({
      en: `Cannot start Deno (${deno}): ${code ?? message}. Install the package again`,
      zh: `无法启动 Deno（${deno}）：${code ?? message}。请重新安装本软件包`,
    }));
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    for (const [name, handler] of Object.entries(handlers)) process.off(name, handler);
    process.kill(process.pid, signal);
    setTimeout(() => process.exit(1), SIGNAL_MS);
  });
}

/** @param {{ en: string, zh: string }} problem */
function refuse(problem) {
  const { FEISHU_TOKEN_LANG, LC_ALL, LC_MESSAGES, LANG } = process.env;
  const language = FEISHU_TOKEN_LANG || LC_ALL || LC_MESSAGES || LANG || "";
  process.stderr.write(`feishu-token-mcp: ${problem[/^zh/i.test(language) ? "zh" : "en"]}\n`);
  process.exitCode = EXIT_CANNOT_START;
}
