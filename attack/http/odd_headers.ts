import type { Chance } from "../../harness/chance.ts";
import type { Header } from "./header.ts";
import { oddText } from "./odd_json.ts";

/** Headers that a server may refuse to parse, or to serve. */
export function oddHeaders(chance: Chance): Header[] {
  const many = chance.pick([50, 99, 101, 2_000]);
  return chance.pick<Header[]>([
    [["Host", "evil.example"]],
    [["Content-Encoding", chance.pick(["gzip", "br", "deflate", "zstd", "x", "gzip, gzip"])]],
    [["Expect", chance.pick(["100-continue", "x", "200-ok"])]],
    Array.from({ length: many }, (_, index): Header => [`X-${index}`, "y"]),
    [["X-Long", "z".repeat(chance.pick([8_000, 60_000, 500_000]))]],
    [[chance.pick(["X Y", "X:Y", "", "X\x00", "\xff", ":"]), "v"]],
    [["X-Odd", oddText(chance).replaceAll(/[\r\n\0]/g, "")]],
    [["X-Inj", "a\r\nX-B: c\r\n\r\nGET / HTTP/1.1"]],
    [["Upgrade", chance.pick(["websocket", "h2c", "x"])], ["Connection", "Upgrade, HTTP2-Settings"]],
    [["Connection", "x"]],
  ]);
}
