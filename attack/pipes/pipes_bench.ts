import { environmentOf } from "../../harness/children.ts";
import type { Fault, FeishuControl } from "../../chaos/feishu_control.ts";
import { REFRESH_PATH } from "../../chaos/feishu_paths.ts";
import { askRefresh } from "../ask_tool.ts";
import type { AttackedServer } from "../attacked_server.ts";
import type { AttackContext } from "../part.ts";
import { Program, type ProgramStart } from "../program.ts";
import { refreshesAtFeishu } from "../refreshes_at_feishu.ts";
import { type ToolReply, wordOf } from "../tool_reply.ts";

/** The simulated Feishu of the part, and the store that all its programs share. */
export class PipesBench {
  /** What runs the part. */
  readonly context: AttackContext;
  /** The simulated Feishu. */
  readonly feishu: FeishuControl;
  readonly #verifier: AttackedServer;
  readonly #kv: string;
  #clients = 0;

  /** @param verifier a server on the store at `kv`, which is asked what is stored there. */
  constructor(context: AttackContext, feishu: FeishuControl, verifier: AttackedServer, kv: string) {
    this.context = context;
    this.feishu = feishu;
    this.#verifier = verifier;
    this.#kv = kv;
  }

  /** Starts a program with an address of its own at Feishu; its name there. */
  async start(
    start: Omit<ProgramStart, "env">,
  ): Promise<{ readonly program: Program; readonly client: string }> {
    const { args, env, client } = await this.startOf(start.args);
    return { program: new Program({ ...start, args, env }), client };
  }

  /** What such a program is started with. */
  async startOf(args: readonly string[]): Promise<{
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string>>;
    readonly client: string;
  }> {
    const client = `attacked${this.#clients++}`;
    const url = await this.feishu.addressFor(client, 0);
    const { folder, denoDir } = this.context;
    return {
      args: [...args, "--sandbox-url", url, "--kv", this.#kv, "--log-format", "json"],
      env: await environmentOf(`${folder}/home`, denoDir),
      client,
    };
  }

  /** Makes the next refresh of a program go wrong; ends that by the id returned. */
  async faultRefresh(client: string, fault: Omit<Fault, "path" | "client">): Promise<number> {
    return await this.feishu.setFault({ ...fault, path: REFRESH_PATH, client });
  }

  /** Waits until Feishu has received a refresh of a program; `false` when it has not in time. */
  async hasRefresh(client: string): Promise<boolean> {
    return await refreshesAtFeishu(this.feishu, client, 1);
  }

  /** Presents a refresh token to another process on the same store. */
  askOther(token: string): Promise<ToolReply> {
    return askRefresh(this.#verifier.origin, token);
  }

  /** Asks another process for the pair of a refresh that is over: it must be stored, so that Feishu need not be asked. */
  async expectStored(name: string, token: string): Promise<void> {
    const { findings } = this.context;
    const reply = await this.askOther(token);
    const isReplayed = reply.kind === "given" && reply.content.replayed === true;
    findings.expect(isReplayed, "lost", name, `another process is told ${wordOf(reply)}`);
  }
}
