import { INSTRUCTIONS } from "./instructions.ts";
import { HANDSHAKE_REVISIONS } from "./messages/revisions.ts";
import { serverInfo } from "./server_info.ts";

/**
 * The answer to `initialize` of the program `version`, as the SDK's server gives it: the client's revision where that is
 * known, else the newest. The other parameters of a handshake change no answer, and some clients send them in forms
 * that the SDK refuses.
 *
 * @see https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle
 */
export function handshakeResult(protocolVersion: string, version: string): Readonly<Record<string, unknown>> {
  return {
    protocolVersion: HANDSHAKE_REVISIONS.includes(protocolVersion) ? protocolVersion : HANDSHAKE_REVISIONS[0],
    capabilities: { tools: {} },
    serverInfo: serverInfo(version),
    instructions: INSTRUCTIONS,
  };
}
