import { type Answer, invalidRequestAnswer } from "./answer.ts";
import type { McpRequest, Message } from "./message.ts";
import type { ReceivedMessages } from "./read_messages.ts";

/** An answer, or `undefined` for a request that was cancelled. */
export type MaybeAnswer = Answer | undefined;

/**
 * Answers what came in one piece, each request by `respond`, in one piece. `undefined` where nothing of it gets an answer:
 * notifications do not, nor do answers.
 */
export function answerMessages(
  { messages, isBatch }: ReceivedMessages,
  respond: (request: McpRequest) => MaybeAnswer | Promise<MaybeAnswer>,
): MaybeAnswer | Promise<MaybeAnswer> {
  const [first] = messages;
  if (!isBatch && first !== undefined) return answerMessage(first, respond);
  return Promise.all(messages.map((message) => answerMessage(message, respond))).then(joined);
}

function answerMessage(
  message: Message,
  respond: (request: McpRequest) => MaybeAnswer | Promise<MaybeAnswer>,
): MaybeAnswer | Promise<MaybeAnswer> {
  switch (message.kind) {
    case "request":
      return respond(message);
    case "invalid":
      return invalidRequestAnswer(message.id, message.rule);
    default:
      return undefined;
  }
}

/** One array of all of them. It is a failure over HTTP only where each of them is. */
function joined(answers: readonly MaybeAnswer[]): MaybeAnswer {
  const all = answers.filter((answer) => answer !== undefined);
  const [first] = all;
  if (first === undefined) return undefined;
  const status = all.every(({ status }) => status !== 200) ? first.status : 200;
  return { status, json: `[${all.map(({ json }) => json).join(",")}]` };
}
