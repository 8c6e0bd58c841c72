import { type Answer, invalidRequestAnswer } from "./answer.ts";
import type { McpRequest, Message } from "./message.ts";
import type { ReceivedMessages } from "./read_messages.ts";

/** An answer, or `undefined` for a request that was cancelled. */
export type MaybeAnswer = Answer | undefined;

/**
 * Answers a message or a batch, each request by `respond`. The answers to a batch are one array. `undefined` where
 * nothing is to be answered: notifications, answers and cancelled requests are not.
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

/** All answers as one array. Its HTTP status is that of a failure only if every answer has failed. */
function joined(answers: readonly MaybeAnswer[]): MaybeAnswer {
  const all = answers.filter((answer) => answer !== undefined);
  const [first] = all;
  if (first === undefined) return undefined;
  const status = all.every(({ status }) => status !== 200) ? first.status : 200;
  return { status, json: `[${all.map(({ json }) => json).join(",")}]` };
}
