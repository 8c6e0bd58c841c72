import type { Chance } from "../../harness/chance.ts";
import type { Header } from "./header.ts";
import { type Delivery, requestBytes } from "./http_case.ts";

const ODD_LENGTHS = [
  "-1",
  "1e3",
  "99999999999999999999",
  "abc",
  "",
  " 5 ",
  "5, 5",
  "0x5",
  "1048577",
  "2000000",
];
const CODINGS = ["chunked", "Chunked", "gzip, chunked", "xchunked", "chunked, identity", " chunked"];
const CHUNK_ENDS = [
  "0\r\n\r\n",
  "",
  "0\r\nTrailer: x\r\n\r\n",
  "-1\r\n\r\n",
  "ffffffffffffffff\r\n",
  "zz\r\n",
];
const BROKEN_OFF = ["half closed", "reset", "cut", "dripped", "pipelined"] as const;

/** A body as it goes over the wire. */
export interface FramedBody {
  /** Those that say how long it is. */
  readonly headers: readonly Header[];
  readonly body: Uint8Array<ArrayBuffer>;
  readonly delivery: Delivery;
}

/**
 * Frames a body.
 *
 * @param odd told of a framing that no HTTP server need understand.
 */
export function fuzzedFraming(
  body: Uint8Array<ArrayBuffer>,
  chance: Chance,
  odd: (framed: FramedBody) => FramedBody,
): FramedBody {
  const length: Header = ["Content-Length", String(body.length)];
  const draw = chance.fraction();
  if (draw < 0.85) return { headers: [length], body, delivery: "whole" };
  if (draw < 0.88) {
    return odd({
      headers: [["Transfer-Encoding", chance.pick(CODINGS)]],
      body: chunked(body, chance),
      delivery: "misframed",
    });
  }
  if (draw < 0.90) {
    const other = String(chance.pick([0, 1, body.length, body.length + 1]));
    return odd({ headers: [length, ["Content-Length", other]], body, delivery: "misframed" });
  }
  if (draw < 0.92) {
    const lengths = ["0", "5", String(body.length)];
    return odd({
      headers: [["Content-Length", chance.pick(lengths)], ["Transfer-Encoding", "chunked"]],
      body: chunked(body, chance),
      delivery: "misframed",
    });
  }
  if (draw < 0.94) {
    const near = [String(body.length + 100), String(Math.max(0, body.length - 5))];
    const claimed = chance.pick([...ODD_LENGTHS, ...near]);
    return odd({ headers: [["Content-Length", claimed]], body, delivery: "misframed" });
  }
  if (draw < 0.95) return odd({ headers: [], body, delivery: "misframed" });
  return { headers: [length], body, delivery: chance.pick(BROKEN_OFF) };
}

function chunked(body: Uint8Array<ArrayBuffer>, chance: Chance): Uint8Array<ArrayBuffer> {
  const size = chance.pick([1, 7, 1_000, 70_000]);
  const extension = chance.pick(["", "", ";ext=1", " ", `;${"x".repeat(50)}`]);
  const count = Math.min(50, Math.ceil(body.length / size));
  const parts = Array.from({ length: count }, (_, index) => {
    const part = body.subarray(index * size, (index + 1) * size);
    const text = Array.from(part, (byte) => String.fromCharCode(byte)).join("");
    return `${part.length.toString(16)}${extension}\r\n${text}\r\n`;
  });
  return requestBytes(parts.join("") + chance.pick(CHUNK_ENDS), new Uint8Array());
}
