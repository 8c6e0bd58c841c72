import assert from "node:assert/strict";
import { setting, settingNames } from "../src/settings.ts";

const ROOT = new URL("../", import.meta.url);

/** Read by the program without being settings of it: where the user's data is, the platform, the terminal, the proxy. */
const SURROUNDINGS = [
  "ALL_PROXY",
  "APPDATA",
  "DENO_CERT",
  "DENO_DEPLOY",
  "DENO_DEPLOYMENT_ID",
  "DENO_KV_ACCESS_TOKEN",
  "DENO_TLS_CA_STORE",
  "HOME",
  "HTTPS_PROXY",
  "HTTP_PROXY",
  "LANG",
  "LC_ALL",
  "LC_CTYPE",
  "LC_MESSAGES",
  "LOCALAPPDATA",
  "NODE_EXTRA_CA_CERTS",
  "NO_COLOR",
  "NO_PROXY",
  "OTEL_DENO",
  "TERM",
  "USERPROFILE",
  "XDG_DATA_HOME",
  "all_proxy",
  "http_proxy",
  "https_proxy",
  "no_proxy",
];

function variables(): string[] {
  return settingNames().flatMap((name) => setting(name).variable ?? []);
}

Deno.test(".env.example names every variable of the settings, and no other", async () => {
  const text = await Deno.readTextFile(new URL(".env.example", ROOT));
  const named = [...text.matchAll(/^#?([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name);
  assert.deepEqual(named.toSorted(), variables().toSorted());
});

Deno.test(".env.example shows the defaults that can be written down", async () => {
  const text = await Deno.readTextFile(new URL(".env.example", ROOT));
  for (const name of settingNames()) {
    const { variable, default: otherwise } = setting(name);
    if (variable === undefined || otherwise === undefined || /\s/.test(otherwise.en)) continue;
    assert.match(text, new RegExp(`^#${variable}=${RegExp.escape(otherwise.en)}$`, "m"));
  }
});

Deno.test(".env.example explains its variables in English and in Chinese", async () => {
  const text = await Deno.readTextFile(new URL(".env.example", ROOT));
  const explained = text.split("\n\n").filter((paragraph) => /^#?[A-Z][A-Z0-9_]*=/m.test(paragraph));
  assert(explained.length > 1);
  for (const paragraph of explained) {
    const comments = paragraph.split("\n").filter((line) => /^#(?![A-Z][A-Z0-9_]*=)/.test(line));
    const chinese = comments.filter((line) => /\p{Script=Han}/u.test(line));
    assert(chinese.length > 0, `not in Chinese: ${paragraph}`);
    assert(chinese.length < comments.length, `not in English: ${paragraph}`);
  }
});

Deno.test("the permission set of the server names the variables that it reads, and no other", async () => {
  const manifest = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
  const allowed: string[] = manifest.permissions.serve.env;
  for (const variable of variables()) assert(allowed.includes(variable), `${variable} is not allowed`);
  for (const name of allowed) {
    assert(variables().includes(name) || SURROUNDINGS.includes(name), `${name} is read by nothing`);
  }
});

Deno.test("the server may not run programs, load libraries or read the system", async () => {
  const manifest = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
  assert.deepEqual(Object.keys(manifest.permissions.serve).toSorted(), ["env", "net", "read", "write"]);
});

Deno.test("only what runs other programs is started with the right to run programs and to read the whole environment", async () => {
  const { permissions, tasks } = JSON.parse(await Deno.readTextFile(new URL("deno.json", ROOT)));
  assert.deepEqual(permissions.cli, { net: true, read: true, write: true, env: true, run: true });
  const started = Object.entries<{ readonly command: string }>(tasks)
    .filter(([, { command }]) => command.includes("-P=cli ")).map(([name]) => name);
  // `keep` gives up running programs unless it sets a timer.
  assert.deepEqual(started, ["setup", "keep", "exec", "install", "uninstall"]);
});
