import type { Canaries } from "../canaries.ts";
import type { Findings } from "../findings.ts";
import type { RawAnswer } from "../raw_connection.ts";
import type { HttpCase } from "./http_case.ts";
import type { Outcome } from "./send_case.ts";

/** Judges what came back for one case. */
export function judgeOutcomes(
  attack: HttpCase,
  outcomes: readonly Outcome[],
  canaries: Canaries,
  findings: Findings,
): void {
  const { name, delivery, isParsable, isSound } = attack;
  outcomes.forEach((outcome, index) => {
    const isLast = index === outcomes.length - 1;
    const answer = typeof outcome === "object" ? outcome : null;
    if (outcome === "refused") findings.add("crash", name, "the connection was refused");
    // Deno's server closes a connection at what it cannot parse. Bytes that it has not read by then make TCP reset the
    // connection, and the client's system drops what it has not handed over of the answers before: a handler of one line
    // loses them in 60 of 60 runs, with 1,000 bytes behind the broken request.
    const mayBeBrokenOff = delivery === "pipelined" && !isSound;
    if (outcome === "unreadable" && !mayBeBrokenOff) {
      findings.add("other", name, "the answer is no HTTP");
    }
    if (outcome === "silent" && isParsable) {
      findings.add("hang", name, "no answer, and the connection stays open");
    }
    if (delivery === "pipelined" && !isLast) {
      const isBrokenOff = mayBeBrokenOff && (outcome === "closed" || outcome === "unreadable");
      findings.expect(
        answer?.status === 200 || isBrokenOff,
        "other",
        name,
        `a good request before it got ${shown(outcome)}`,
      );
    }
    if (answer !== null) judgeAnswer(attack, answer, canaries, findings);
  });
}

function judgeAnswer(
  { name, method, isParsable, statuses }: HttpCase,
  answer: RawAnswer,
  canaries: Canaries,
  findings: Findings,
): void {
  const { status, head, body } = answer;
  const isBare = body === "" && method !== "HEAD";
  if (status >= 500 && isBare && !/^retry-after: /m.test(head)) {
    return findings.add("bare_5xx", name, shown(answer));
  }
  if (status === 500 && !isBare) findings.add("other", name, `an error of the server: ${body.slice(0, 200)}`);
  if (/^x-injected/m.test(head)) findings.add("other", name, "a header was injected");
  for (const { name: secret, context } of canaries.in(head + body)) {
    findings.add("secret", name, `${secret} in the answer, after: ${context}`);
  }
  if (!isParsable) return;
  findings.expect(/^x-request-id: \S/m.test(head), "other", name, `${shown(answer)} without a request id`);
  findings.expect(status < 400 || status >= 500 || !isBare, "other", name, `${shown(answer)} without a body`);
  if (statuses !== undefined) {
    findings.expect(
      statuses.includes(status),
      "other",
      name,
      `${shown(answer)} where ${statuses.join(" or ")} is right`,
    );
  }
}

function shown(outcome: Outcome): string {
  return typeof outcome === "object" ? `status ${outcome.status}` : outcome;
}
