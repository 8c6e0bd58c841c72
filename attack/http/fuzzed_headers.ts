import type { Chance } from "../../harness/chance.ts";
import type { Header } from "./header.ts";

const ACCEPT = "application/json, text/event-stream";

/** Headers that an HTTP server can parse: those of any request, and those that bring credentials. */
export function fuzzedHeaders(chance: Chance, secret: () => string): Header[] {
  return [...usualHeaders(chance), ...sessionHeaders(chance, secret)];
}

function usualHeaders(chance: Chance): Header[] {
  const maybe = (share: number): boolean => chance.fraction() < share;
  const accept = maybe(0.8) ? ACCEPT : chance.pick(["*/*", "", "application/json", "x".repeat(5_000)]);
  const types = [
    "application/json; charset=utf-16",
    "APPLICATION/JSON",
    "text/plain",
    "",
    "multipart/form-data; boundary=x",
    "application/json, text/html",
    `application/json;${"x".repeat(3_000)}`,
  ];
  const headers: Header[] = [];
  if (maybe(0.95)) headers.push(["Accept", accept]);
  if (maybe(0.95)) headers.push(["Content-Type", maybe(0.75) ? "application/json" : chance.pick(types)]);
  if (maybe(0.1)) {
    const origins = [
      "http://localhost:3000",
      "null",
      "http://evil.example",
      "",
      "http://127.0.0.1.evil",
      "\xff",
    ];
    headers.push(["Origin", chance.pick(origins)]);
  }
  if (maybe(0.05)) headers.push(["Access-Control-Request-Method", "POST"]);
  if (maybe(0.1)) {
    const versions = ["2025-06-18", "2025-11-25", "2024-11-05", "x", "", "2025-06-18, 2025-06-18"];
    headers.push(["MCP-Protocol-Version", chance.pick(versions)]);
  }
  return headers;
}

function sessionHeaders(chance: Chance, secret: () => string): Header[] {
  const maybe = (share: number): boolean => chance.fraction() < share;
  const headers: Header[] = [];
  if (maybe(0.05)) headers.push(["Mcp-Session-Id", chance.pick(["x", "\xff", "a".repeat(3_000), secret()])]);
  if (maybe(0.05)) headers.push(["Authorization", `Bearer ${secret()}`]);
  if (maybe(0.75)) return headers;
  const value = (): string =>
    chance.pick([
      "cli_x",
      "",
      " ",
      "a,b",
      "a b",
      "\xe9\xff",
      "x".repeat(257),
      secret(),
      secret(),
      "cli_\x80",
    ]);
  if (maybe(0.8)) headers.push(["X-Feishu-App-Id", value()]);
  if (maybe(0.8)) headers.push(["X-Feishu-App-Secret", value()]);
  if (maybe(0.3)) {
    headers.push(["X-Feishu-Brand", chance.pick(["lark", "feishu", "LARK", "x", secret(), ""])]);
  }
  if (maybe(0.1)) headers.push(["X-Feishu-App-Id", "a"]);
  return headers;
}
