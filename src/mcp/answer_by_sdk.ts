import { type Answer, errorAnswer, resultAnswer } from "./messages/answer.ts";
import type { McpRequest } from "./messages/message.ts";
import type { JSONRPCMessage, Transport } from "./messages/sdk.ts";
import { Server } from "./sdk_server.ts";
import { serverInfo } from "./server_info.ts";

/** Replaces Ajv, which the SDK uses for elicitation alone and which takes memory and time to load. */
const NO_ELICITATION = {
  getValidator(): never {
    throw new Error("Cannot validate an elicited answer: this server elicits nothing");
  },
};

/**
 * Lets the SDK's server answer every method that this server does not have, with "Method not found". Each request gets a
 * server of its own, which takes a few microseconds: no client's request may change the answers to another.
 */
export async function answerBySdk({ id, method }: McpRequest, version: string): Promise<Answer> {
  const server = new Server(serverInfo(version), {
    capabilities: { tools: {} },
    jsonSchemaValidator: NO_ELICITATION,
  });
  const { promise: answered, resolve } = Promise.withResolvers<JSONRPCMessage>();
  const transport: Transport = {
    start: () => Promise.resolve(),
    close: () => Promise.resolve(),
    send: (message) => Promise.resolve(resolve(message)),
  };
  await server.connect(transport);
  transport.onmessage?.({ jsonrpc: "2.0", id: 0, method, params: {} });
  const message = await answered;
  if ("result" in message) return resultAnswer(id, JSON.stringify(message.result));
  if ("error" in message) return errorAnswer(id, message.error);
  throw new Error("Cannot answer a request: the SDK's server sent a request of its own instead");
}
