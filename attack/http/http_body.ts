import type { Chance } from "../../harness/chance.ts";
import { looseUtf8 } from "./loose_utf8.ts";
import { mcpMessage } from "./mcp_message.ts";
import { oddJson } from "./odd_json.ts";

const KIB = 1024;
/** Marks in front of JSON: UTF-8, UTF-16 in both orders, a zero. */
const MARKS = [[0xef, 0xbb, 0xbf], [0xff, 0xfe], [0xfe, 0xff], [0x00]];
const TWICE = '{"jsonrpc":"2.0","id":1,"id":2,"method":"tools/list","method":"tools/call",' +
  '"params":{"name":"nope"},"params":{"name":"get_feishu_app_token"}}';
const PROTOTYPE = '{"__proto__":{"isAdmin":true},"jsonrpc":"2.0","id":1,"method":"tools/call",' +
  '"params":{"name":"get_feishu_app_token","arguments":{"__proto__":{"min_ttl_seconds":0}}}}';

/** The body of a request: an MCP message, or something else. */
export function httpBody(chance: Chance, secret: () => string): Uint8Array<ArrayBuffer> {
  const message = (): Uint8Array<ArrayBuffer> => looseUtf8(JSON.stringify(mcpMessage(chance, secret)));
  const draw = chance.fraction();
  if (draw < 0.52) return message();
  if (draw < 0.60) return batch(chance, secret);
  if (draw < 0.80) return looseUtf8(oddJson(chance));
  if (draw < 0.83) return looseUtf8(deepJson(chance));
  if (draw < 0.86) return Uint8Array.of(...chance.pick(MARKS), ...message());
  if (draw < 0.89) return utf16(JSON.stringify(mcpMessage(chance, secret)));
  if (draw < 0.92) return spoilt(message(), chance);
  if (draw < 0.94) return message().slice(0, Math.floor(chance.between(0, 60)));
  if (draw < 0.96) return looseUtf8(TWICE);
  if (draw < 0.97) return looseUtf8(PROTOTYPE);
  if (draw < 0.985) return noise(chance);
  return looseUtf8(largeMessage(chance));
}

function batch(chance: Chance, secret: () => string): Uint8Array<ArrayBuffer> {
  const length = chance.pick([0, 1, 2, 3, 5, 20, 100, 101]);
  return looseUtf8(JSON.stringify(Array.from({ length }, () => mcpMessage(chance, secret))));
}

function deepJson(chance: Chance): string {
  const count = chance.pick([100, 5_000, 30_000, 100_000]);
  return chance.pick([
    "[".repeat(count),
    "[".repeat(count) + "]".repeat(count),
    '{"a":'.repeat(count / 5),
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_feishu_app_token","arguments":{"a":' +
    "[".repeat(count / 2) + "]".repeat(count / 2) + "}}}",
    '{"jsonrpc":"2.0","id":1,"method":"ping","params":{"_meta":' +
    '{"a":'.repeat(count / 6) + "1" + "}".repeat(count / 6) + "}}",
  ]);
}

function largeMessage(chance: Chance): string {
  const size = chance.pick([127 * KIB, 129 * KIB, 512 * KIB, 1_024 * KIB - 60, 1_024 * KIB, 2_048 * KIB]);
  return `{"jsonrpc":"2.0","id":1,"method":"tools/list","x":"${"a".repeat(size)}"}`;
}

function utf16(text: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  for (let at = 0; at < text.length; at++) view.setUint16(at * 2, text.charCodeAt(at), true);
  return bytes;
}

function spoilt(bytes: Uint8Array<ArrayBuffer>, chance: Chance): Uint8Array<ArrayBuffer> {
  const count = Math.floor(chance.between(1, 8));
  for (let each = 0; each < count; each++) {
    bytes[Math.floor(chance.between(0, bytes.length))] = Math.floor(chance.between(0, 256));
  }
  return bytes;
}

function noise(chance: Chance): Uint8Array<ArrayBuffer> {
  const length = Math.floor(chance.between(0, 400));
  return Uint8Array.from({ length }, () => Math.floor(chance.between(0, 256)));
}
