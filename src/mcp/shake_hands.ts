import { type Answer, errorAnswer, resultAnswer } from "./messages/answer.ts";
import { INSTRUCTIONS } from "./instructions.ts";
import type { McpRequest } from "./messages/message.ts";
import type { JSONRPCMessage, Transport } from "./messages/sdk.ts";
import { Server } from "./sdk_server.ts";
import { serverInfo } from "./server_info.ts";

/** Stands in for Ajv, which takes memory and time at start and is for elicitation alone. */
const NO_ELICITATION = {
  getValidator(): never {
    throw new Error("Cannot validate an elicited answer: this server elicits nothing");
  },
};

/**
 * Answers what the SDK's server answers: `initialize`, and every method that is not ours with "Method not found". Each
 * request meets a server of its own, since no client's handshake may change what another is told. That takes a few
 * microseconds.
 */
export async function shakeHands({ id, method, params }: McpRequest, version: string): Promise<Answer> {
  const server = new Server(serverInfo(version), {
    capabilities: { tools: {} },
    instructions: INSTRUCTIONS,
    jsonSchemaValidator: NO_ELICITATION,
  });
  const { promise: answered, resolve } = Promise.withResolvers<JSONRPCMessage>();
  const transport: Transport = {
    start: () => Promise.resolve(),
    close: () => Promise.resolve(),
    send: (message) => Promise.resolve(resolve(message)),
  };
  await server.connect(transport);
  // The rest of what a client tells of itself changes no answer, and comes in forms that the SDK refuses.
  const read = method === "initialize"
    ? {
      protocolVersion: params.protocolVersion,
      capabilities: {},
      clientInfo: { name: "client", version: "0" },
    }
    : {};
  transport.onmessage?.({ jsonrpc: "2.0", id: 0, method, params: read });
  const message = await answered;
  if ("result" in message) return resultAnswer(id, JSON.stringify(message.result));
  if ("error" in message) return errorAnswer(id, message.error);
  throw new Error("Cannot answer a request: the SDK's server has asked something instead");
}
