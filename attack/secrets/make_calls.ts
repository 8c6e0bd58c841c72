import { ANSWER_WITHIN_MS } from "../ask_tool.ts";
import type { AttackedServer } from "../attacked_server.ts";
import { eachOf } from "../each_of.ts";
import { type EchoingFeishu, FEISHU_MODES } from "./echoing_feishu.ts";
import type { Plant } from "./plant.ts";
import { misplacedCalls, rightfulCalls, type SecretCall } from "./secret_calls.ts";

const WIDTH = 3;
/** Secrets that a caller gets because it asked for them. */
const GIVEN: readonly string[] = ["app token", "access token", "refresh token that is issued"];
/** In the short run. The others end in the same error as one of these. */
const SHORT_MODES: readonly string[] = ["sound", "refusal", "echo"];

/**
 * Makes every call, and looks at the answers. Returns how many.
 *
 * @param tag keeps the logins of one server apart from another's.
 */
export async function makeCalls(
  plant: Plant,
  feishu: EchoingFeishu,
  server: AttackedServer,
  tag: string,
  hasQuerySecrets: boolean,
): Promise<number> {
  const { secrets, context: { isShort, findings } } = plant;
  let cases = 0;
  for (const mode of FEISHU_MODES.filter((each) => !isShort || SHORT_MODES.includes(each))) {
    feishu.mode = mode;
    const calls = rightfulCalls(secrets, `${tag}${mode}`.slice(0, 8), hasQuerySecrets);
    await eachOf(calls, calls.length, (call) => makeCall(plant, server, call));
    cases += calls.length;
  }
  feishu.mode = "sound";
  const misplaced = misplacedCalls(secrets, hasQuerySecrets);
  await eachOf(misplaced, WIDTH, (call) => makeCall(plant, server, call));
  findings.expect(server.program.isAlive, "crash", `secrets, ${tag}`, server.program.stderr.slice(-300));
  return cases + misplaced.length;
}

async function makeCall(plant: Plant, server: AttackedServer, call: SecretCall): Promise<void> {
  const { path, method = "POST", headers = {}, body } = call;
  const name = `answer to ${method} ${path.split(/[?&/%]/, 2).join("/")}`;
  try {
    const response = await fetch(server.origin + path, {
      method,
      headers: {
        accept: "application/json, text/event-stream",
        "content-type": "application/json",
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    });
    const text = [...response.headers].join("\n") + await response.text();
    plant.look(name, text, GIVEN);
  } catch (error) {
    plant.context.findings.add("hang", name, error instanceof Error ? error.message : String(error));
  }
}
