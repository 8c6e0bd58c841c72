import assert from "node:assert/strict";
import { pathToFileURL } from "node:url";
import { programLaunch } from "../../../src/cli/launch/program_launch.ts";
import { settle } from "../../../src/cli/launch/settle.ts";
import { BUNDLE_RUN_FLAGS } from "../../../tools/bundle_program.ts";
import { TempFolder } from "../../support/temp_folder.ts";

type Self = Parameters<typeof programLaunch>[0]["self"];

const NODE = "/opt/node/bin/node";

function launchOf(self: Partial<Self>, home = "/home/ming"): ReturnType<typeof programLaunch> {
  return programLaunch({
    os: "linux",
    env: (name) => name === "HOME" ? home : undefined,
    findTool: (name) => Promise.resolve(name === "node" ? NODE : undefined),
    self: { execPath: "/usr/bin/deno", mainModule: "file:///no/main.ts", isBinary: false, cwd: "/", ...self },
  });
}

Deno.test("programLaunch() is the binary alone where the program is compiled", async () => {
  const { command, args, usesDeno } = await launchOf({ execPath: "/opt/feishu-token-mcp", isBinary: true });
  assert.deepEqual([command, args, usesDeno], ["/opt/feishu-token-mcp", [], false]);
});

Deno.test("programLaunch() is Deno on the main module, with the permissions of a server", async () => {
  const { command, args, usesDeno } = await launchOf({
    mainModule: "file:///home/%E5%B0%8F%20%E6%98%8E/main.ts",
  });
  assert.deepEqual([command, usesDeno], ["/usr/bin/deno", true]);
  assert.deepEqual(args, ["run", "--quiet", "--no-prompt", "-P=serve", "/home/小 明/main.ts"]);
});

Deno.test("programLaunch() gives a bundle the flags that it needs", async () => {
  const { args } = await launchOf({ mainModule: "file:///dist/feishu-token-mcp.js" });
  assert.deepEqual(
    args.toSorted(),
    [...BUNDLE_RUN_FLAGS, "run", "--quiet", "/dist/feishu-token-mcp.js"].toSorted(),
  );
});

/** An npm package in a cache of npx, as npm lays it out. */
async function packageIn(folder: string): Promise<Partial<Self>> {
  const modules = `${folder}/.npm/_npx/0a1b2c3d/node_modules`;
  await Deno.mkdir(`${modules}/feishu-token-mcp/bin`, { recursive: true });
  await Deno.mkdir(`${modules}/@deno/linux-x64-glibc`, { recursive: true });
  await Deno.mkdir(`${modules}/.bin`);
  await Deno.writeTextFile(
    `${modules}/feishu-token-mcp/package.json`,
    JSON.stringify({ bin: { "feishu-token-mcp": "bin/run.mjs" } }),
  );
  await Deno.writeTextFile(`${modules}/feishu-token-mcp/bin/run.mjs`, "// run");
  await Deno.writeTextFile(`${modules}/@deno/linux-x64-glibc/deno`, "deno", { mode: 0o755 });
  return {
    execPath: `${modules}/@deno/linux-x64-glibc/deno`,
    mainModule: pathToFileURL(`${modules}/feishu-token-mcp/feishu-token-mcp.js`).href,
  };
}

Deno.test({
  name: "programLaunch() is Node and the script of a copy where npx has fetched the package",
  ignore: Deno.build.os === "windows",
  async fn(): Promise<void> {
    await using folder = await TempFolder.make();
    const { command, args, copies } = await launchOf(await packageIn(folder.path), folder.path);
    const [script = ""] = args;
    assert.deepEqual([command, args.length, copies.length], [NODE, 1, 1]);
    assert.match(
      script,
      /\.local\/share\/feishu-token-mcp\/npm\/[^/]+\/node_modules\/feishu-token-mcp\/bin\/run\.mjs$/,
    );
    await assert.rejects(Deno.stat(script), Deno.errors.NotFound);
    await settle(copies);
    await settle(copies);
    assert.equal(await Deno.readTextFile(script), "// run");
    const deno = script.replace("feishu-token-mcp/bin/run.mjs", "@deno/linux-x64-glibc/deno");
    assert.equal((await Deno.stat(deno)).mode! & 0o777, 0o755);
    await assert.rejects(
      Deno.stat(script.replace("feishu-token-mcp/bin/run.mjs", ".bin")),
      Deno.errors.NotFound,
    );
  },
});

Deno.test({
  name: "programLaunch() is a copy of Deno where npx has fetched that, and main.ts where it is",
  ignore: Deno.build.os === "windows",
  async fn(): Promise<void> {
    await using folder = await TempFolder.make();
    const { execPath = "" } = await packageIn(folder.path);
    const { command, args, copies } = await launchOf({ execPath }, folder.path);
    assert.match(command, /\.local\/share\/feishu-token-mcp\/npm\/.*\/@deno\/linux-x64-glibc\/deno$/);
    assert.equal(args.at(-1), "/no/main.ts");
    await settle(copies);
    assert.equal(await Deno.readTextFile(command), "deno");
  },
});

Deno.test({
  name: "programLaunch() takes the Deno that runs where there is no Node for the package",
  ignore: Deno.build.os === "windows",
  async fn(): Promise<void> {
    const execPath = "/lib/node_modules/@deno/linux-x64-glibc/deno";
    const mainModule = "file:///lib/node_modules/feishu-token-mcp/feishu-token-mcp.js";
    const { command, args, copies } = await launchOf({ execPath, mainModule });
    assert.deepEqual([command, args.at(-1), copies], [
      execPath,
      "/lib/node_modules/feishu-token-mcp/feishu-token-mcp.js",
      [],
    ]);
  },
});
