import assert from "node:assert/strict";
import { installScript } from "../../packaging/install_script.ts";
import { VERSION } from "../../src/version.ts";
import { binaryName, isCompileTarget } from "../../tools/compile_targets.ts";
import { writeSums } from "../../tools/write_sums.ts";
import { childCommand } from "../../harness/child_command.ts";
import { TempFolder } from "../support/temp_folder.ts";

const target = Deno.build.target;
const ignore = Deno.build.os === "windows" || !isCompileTarget(target);
const PROGRAM = "#!/bin/sh\necho installed and run\n";

/** A release on loopback with a made-up binary, and the home of somebody who installs it. */
class LoopbackRelease implements AsyncDisposable {
  readonly #folder: TempFolder;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  private constructor(folder: TempFolder, server: Deno.HttpServer<Deno.NetAddr>) {
    this.#folder = folder;
    this.#server = server;
  }

  static async start(): Promise<LoopbackRelease> {
    const folder = await TempFolder.make();
    const release = `${folder.path}/release/v${VERSION}`;
    await Deno.mkdir(release, { recursive: true });
    await Deno.mkdir(`${folder.path}/home`);
    if (isCompileTarget(target)) {
      await Deno.writeTextFile(`${release}/${binaryName(VERSION, target)}`, PROGRAM);
    }
    await writeSums(release);
    await Deno.writeTextFile(`${folder.path}/install.sh`, await installScript());
    const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen: () => {} }, async (request) => {
      try {
        return new Response(await Deno.readFile(`${folder.path}/release${new URL(request.url).pathname}`));
      } catch {
        return new Response("not found", { status: 404 });
      }
    });
    return new LoopbackRelease(folder, server);
  }

  get home(): string {
    return `${this.#folder.path}/home`;
  }

  /** A file of the release. */
  file(name: string): string {
    return `${this.#folder.path}/release/v${VERSION}/${name}`;
  }

  /** Runs the script, with `env` added. */
  async install(
    env: Readonly<Record<string, string>> = {},
  ): Promise<{ code: number; stdout: string; stderr: string }> {
    const { code, stdout, stderr } = await childCommand("/bin/sh", {
      args: [`${this.#folder.path}/install.sh`],
      clearEnv: true,
      env: {
        HOME: this.home,
        PATH: "/usr/local/bin:/usr/bin:/bin",
        NO_PROXY: "127.0.0.1",
        FEISHU_TOKEN_RELEASES: `http://127.0.0.1:${this.#server.addr.port}`,
        ...env,
      },
      stdin: "null",
    }).output();
    const decoder = new TextDecoder();
    return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  }

  /** What is in the folder that programs are installed to. */
  async installed(): Promise<string[]> {
    return await Array.fromAsync(Deno.readDir(`${this.home}/.local/bin`), ({ name }) => name);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
    await this.#folder[Symbol.asyncDispose]();
  }
}

Deno.test({
  name: "install.sh installs the program of the release for this user, and says where",
  ignore,
  async fn(): Promise<void> {
    await using release = await LoopbackRelease.start();
    const { code, stdout, stderr } = await release.install();
    assert.deepEqual([code, stderr], [0, ""]);
    assert.match(stdout, /^installed .*\/\.local\/bin\/feishu-token-mcp \(/);
    assert.match(stdout, /is not on PATH/);
    assert.deepEqual(await release.installed(), ["feishu-token-mcp"]);
    const run = await new Deno.Command(`${release.home}/.local/bin/feishu-token-mcp`).output();
    assert.equal(new TextDecoder().decode(run.stdout), "installed and run\n");
    // A second time, over the first.
    assert.equal((await release.install()).code, 0);
  },
});

Deno.test({
  name: "install.sh installs nothing, and leaves what is there, when the download is not what the sums say",
  ignore,
  async fn(): Promise<void> {
    if (!isCompileTarget(target)) return;
    await using release = await LoopbackRelease.start();
    await release.install();
    await Deno.writeTextFile(
      release.file(binaryName(VERSION, target)),
      "#!/bin/sh\necho changed on the way\n",
    );
    const { code, stderr } = await release.install();
    assert.equal(code, 1);
    assert.match(stderr, /^install\.sh: .* is not what the release says: its SHA-256 differs$/m);
    assert.deepEqual(await release.installed(), ["feishu-token-mcp"]);
    assert.equal(await Deno.readTextFile(`${release.home}/.local/bin/feishu-token-mcp`), PROGRAM);
  },
});

Deno.test({
  name: "install.sh installs nothing when the sums do not name the program",
  ignore,
  async fn(): Promise<void> {
    await using release = await LoopbackRelease.start();
    await Deno.writeTextFile(release.file("SHA256SUMS"), `${"0".repeat(64)}  another-file\n`);
    const { code, stderr } = await release.install();
    assert.equal(code, 1);
    assert.match(stderr, /SHA256SUMS of the release does not name feishu-token-mcp-/);
    assert.deepEqual(await release.installed(), []);
  },
});

Deno.test({
  name: "install.sh says what it cannot download",
  ignore,
  async fn(): Promise<void> {
    await using release = await LoopbackRelease.start();
    await Deno.remove(release.file("SHA256SUMS"));
    const { code, stderr } = await release.install({ FEISHU_TOKEN_BIN: `${release.home}/my programs` });
    assert.equal(code, 1);
    assert.match(stderr, /^install\.sh: cannot download http:\S+SHA256SUMS$/m);
    assert.deepEqual(await Array.fromAsync(Deno.readDir(`${release.home}/my programs`)), []);
  },
});
