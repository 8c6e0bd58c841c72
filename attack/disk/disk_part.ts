import { environmentOf } from "../../harness/children.ts";
import { FeishuControl } from "../../chaos/feishu_control.ts";
import { REFRESH_PATH } from "../../chaos/feishu_paths.ts";
import { pause } from "../../harness/pause.ts";
import { SandboxProgram } from "../../harness/sandbox_program.ts";
import { askRefresh } from "../ask_tool.ts";
import { AttackedServer } from "../attacked_server.ts";
import { eachOf } from "../each_of.ts";
import { expectEnd } from "../expect_end.ts";
import type { Findings } from "../findings.ts";
import type { AttackContext, Part, PartResult } from "../part.ts";
import { refreshesAtFeishu } from "../refreshes_at_feishu.ts";
import { wordOf } from "../tool_reply.ts";
import { canMount } from "./mount_wrapper.ts";
import { SmallDisk } from "./small_disk.ts";

/** The write-ahead log alone grows to 4 MiB. */
const DISK_MIB = 8;
const LOGINS = { short: 6, long: 40 };
const STORED_WITHIN_MS = 60_000;
const END_WITHIN_MS = 20_000;
const LOOK_EVERY_MS = 50;
const NAME = "a full disk";
const CLIENT = "homeless";

/** A disk that is full while refreshes come back. */
export const diskPart: Part = {
  name: "disk",
  obstacle: async () =>
    await canMount() ? null : "no mount (try it in a namespace: unshare -rm deno task attack disk)",
  run,
};

/** A pair that came back while the disk was full. */
interface Homeless {
  /** What was presented for it. */
  readonly token: string;
  readonly accessToken: string;
  /** Whether the caller was told that it is not stored. */
  readonly hasWarning: boolean;
}

async function run({ isShort, folder, denoDir, findings }: AttackContext): Promise<PartResult> {
  await using sandbox = await SandboxProgram.start(await environmentOf(`${folder}/feishu`, denoDir));
  const feishu = new FeishuControl(sandbox.url);
  await using disk = await SmallDisk.mount(`${folder}/disk`, DISK_MIB);
  const start = {
    args: ["--sandbox-url", await feishu.addressFor(CLIENT, 0), "--kv", `${disk.path}/tokens.kv`],
    env: await environmentOf(`${folder}/home`, denoDir),
  };
  const count = isShort ? LOGINS.short : LOGINS.long;
  let pairs: Homeless[];
  {
    await using server = await AttackedServer.start(start);
    await using other = await AttackedServer.start(start);
    const { origin, program } = server;
    const before = await askRefresh(origin, await feishu.logIn("v2"));
    findings.expect(before.kind === "given", "other", "before the disk is full", wordOf(before));
    pairs = await refreshOnto(disk, origin, feishu, count, findings);
    await expectSame(origin, pairs, "while the disk is full", findings);
    // What was handed out without a warning must be where another process finds it.
    const unwarned = pairs.filter(({ hasWarning }) => !hasWarning);
    await expectSame(other.origin, unwarned, "without a warning, of another process", findings);
    const late = await feishu.logIn("v2");
    const refused = await askRefresh(origin, late);
    const isClear = refused.kind === "given" || refused.kind === "error";
    findings.expect(isClear, "hang", "a refresh on a full disk", wordOf(refused));
    findings.expect(program.isAlive, "crash", NAME, program.stderr.slice(-300));

    for (const path of ["/healthz", "/readyz"]) {
      const text = (await server.look(path))?.text ?? "";
      findings.expect(!text.includes(disk.path), "other", path, `it names a path of the machine: ${text}`);
    }

    await disk.free();
    const untilMs = performance.now() + STORED_WITHIN_MS;
    while (!await server.isReady() && performance.now() < untilMs) await pause(LOOK_EVERY_MS);
    findings.expect(await server.isReady(), "hang", "once there is room", "it does not become ready again");
    const after = await askRefresh(origin, late);
    const isSound = after.kind === "given" && after.content.warning === undefined;
    findings.expect(isSound, "other", "once there is room", `${wordOf(after)}, or a warning with it`);
    program.signal("SIGTERM");
    await expectEnd(findings, "SIGTERM after all", program, END_WITHIN_MS);
  }
  await using again = await AttackedServer.start(start);
  await expectSame(again.origin, pairs, "after a restart", findings);
  const warned = pairs.filter(({ hasWarning }) => hasWarning).length;
  return {
    cases: count,
    sent: `refreshes that come back while a disk of ${DISK_MIB} MiB is full`,
    figures: [`${pairs.length} pairs handed out, ${warned} of them with a warning, and found again`],
  };
}

/** Fills the disk between the moment when Feishu has issued the pairs and the moment when it sends them. */
async function refreshOnto(
  disk: SmallDisk,
  origin: string,
  feishu: FeishuControl,
  count: number,
  findings: Findings,
): Promise<Homeless[]> {
  const tokens = await Promise.all(Array.from({ length: count }, () => feishu.logIn("v2")));
  const fault = await feishu.setFault({ kind: "hang_after", path: REFRESH_PATH, client: CLIENT });
  const asking = tokens.map(async (token) => ({ token, reply: await askRefresh(origin, token) }));
  const isOut = await refreshesAtFeishu(feishu, CLIENT, 1 + count);
  findings.expect(isOut, "other", NAME, "the refreshes were not sent to Feishu");
  await disk.fill();
  await feishu.clearFault(fault);
  return (await Promise.all(asking)).flatMap(({ token, reply }) => {
    if (reply.kind === "given") {
      const { access_token: accessToken = "", warning } = reply.content;
      return [{ token, accessToken, hasWarning: warning !== undefined }];
    }
    if (reply.kind === "none") findings.add("hang", NAME, reply.text);
    else findings.add("lost", NAME, `a pair was issued, the caller got ${wordOf(reply)}`);
    return [];
  });
}

async function expectSame(
  origin: string,
  pairs: readonly Homeless[],
  when: string,
  findings: Findings,
): Promise<void> {
  await eachOf(pairs, pairs.length, async ({ token, accessToken }) => {
    const reply = await askRefresh(origin, token);
    const isSame = reply.kind === "given" && reply.content.access_token === accessToken;
    if (!isSame) findings.add("lost", when, `another answer than before: ${wordOf(reply)}`);
  });
}
