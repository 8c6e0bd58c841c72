import { environmentOf } from "../../harness/children.ts";
import { FeishuControl } from "../../chaos/feishu_control.ts";
import { GENERATIONS } from "../../src/sandbox/token_lifetimes.ts";
import { storeFiles } from "../../src/store/files/store_files.ts";
import { askRefresh } from "../ask_tool.ts";
import { AttackedServer } from "../attacked_server.ts";
import { RunError } from "../../harness/run_error.ts";
import { wordOf } from "../tool_reply.ts";

/** A login of a prepared store. */
export interface PreparedChain {
  /** The refresh token of the login. */
  readonly first: string;
  /** The access token of the pair that is stored for it. */
  readonly accessToken: string;
}

/** A store that a server has written and closed. */
export interface PreparedStore {
  /** The database. */
  readonly path: string;
  readonly chains: readonly PreparedChain[];
  /** The simulated Feishu that its pairs are of. */
  readonly sandboxUrl: string;
  readonly denoDir: string;
}

/** Has a server fill a store in `folder` with `count` logins and an app token. */
export async function prepareStore(
  { folder, denoDir, sandboxUrl, count }: {
    readonly folder: string;
    readonly denoDir: string;
    readonly sandboxUrl: string;
    readonly count: number;
  },
): Promise<PreparedStore> {
  await Deno.mkdir(folder, { mode: 0o700 });
  const path = `${folder}/tokens.kv`;
  const feishu = new FeishuControl(sandboxUrl);
  await using server = await AttackedServer.start({
    args: ["--sandbox-url", sandboxUrl, "--kv", path],
    env: await environmentOf(`${folder}/home`, denoDir),
  });
  const chains: PreparedChain[] = [];
  for (let index = 0; index < count; index++) {
    const first = await feishu.logIn(GENERATIONS[index % GENERATIONS.length] ?? "v2");
    const reply = await askRefresh(server.origin, first);
    if (reply.kind !== "given") throw new RunError(`No store can be prepared: ${wordOf(reply)}`);
    chains.push({ first, accessToken: reply.content.access_token ?? "" });
  }
  server.program.signal("SIGTERM");
  if (await server.program.ended(20_000) === null) {
    throw new RunError("The server that prepares a store does not end");
  }
  return { path, chains, sandboxUrl, denoDir };
}

/** Copies a prepared store, which no process may have open, into a new folder. Returns the copy's path. */
export async function copyStore({ path }: PreparedStore, folder: string): Promise<string> {
  await Deno.mkdir(folder, { mode: 0o700 });
  const [from, to] = [storeFiles(path), storeFiles(`${folder}/tokens.kv`)];
  await Deno.copyFile(from.database, to.database);
  await Deno.copyFile(from.key, to.key);
  await Deno.mkdir(to.journal, { mode: 0o700 });
  for await (const { name, isFile } of Deno.readDir(from.journal)) {
    if (isFile) await Deno.copyFile(`${from.journal}/${name}`, `${to.journal}/${name}`);
  }
  return to.database;
}
