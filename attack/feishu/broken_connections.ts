import { type AnswerStep, httpAnswer, type IssuedPair, pairJson, replaced } from "./feishu_answer.ts";
import type { HostileCase } from "./hostile_case.ts";

const PIECE_BYTES = 10;

/** Answers that come in pieces, late, or not to their end. */
export function brokenConnections(): HostileCase[] {
  return [
    { name: "dripped_for_6_s", holdsPair: true, isSlow: true, answer: (pair) => dripped(pair, 200) },
    // It is given up after 30 s.
    { name: "dripped_for_40_s", holdsPair: false, isSlow: true, answer: (pair) => dripped(pair, 1_100) },
    {
      name: "pair_and_then_silence",
      holdsPair: true,
      isSlow: true,
      answer: (
        pair,
      ) => [replaced(httpAnswer(pairJson(pair)), "Content-Length: ", "Content-Length: 9"), 45_000],
    },
    {
      name: "head_without_end",
      holdsPair: false,
      isSlow: true,
      answer: () => repeated("HTTP/1.1 200 OK\r\nX: ", "a", 400, 100),
    },
    {
      name: "early_hints_without_end",
      holdsPair: false,
      isSlow: true,
      answer: () => repeated("", "HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\n", 4_000, 10),
    },
    broken("at_once", () => 0),
    broken("in_status_line", () => 12),
    broken("in_headers", () => 30),
    { ...broken("after_headers", (text) => text.indexOf("\r\n\r\n") + 4), isSlow: false },
    { ...broken("in_pair", (text) => text.indexOf("refresh_token") - 5), isSlow: false },
    { ...broken("after_pair", (text) => text.length - 3), isSlow: false, holdsPair: true },
    { name: "ended_at_once", holdsPair: false, isSlow: true, answer: () => [] },
    {
      name: "ended_in_pair",
      holdsPair: false,
      answer: (pair) => [upTo(httpAnswer(pairJson(pair)), (text) => text.indexOf("refresh_token") - 5)],
    },
  ];
}

/** A connection that is reset after so many bytes. */
function broken(where: string, at: (text: string) => number): HostileCase {
  return {
    name: `reset_${where}`,
    holdsPair: false,
    isSlow: true,
    answer: (pair) => [upTo(httpAnswer(pairJson(pair)), at), 50, "reset"],
  };
}

function upTo(bytes: Uint8Array<ArrayBuffer>, at: (text: string) => number): Uint8Array<ArrayBuffer> {
  return bytes.slice(0, at(new TextDecoder().decode(bytes)));
}

function dripped(pair: IssuedPair, gapMs: number): AnswerStep[] {
  const bytes = httpAnswer(pairJson(pair));
  const count = Math.ceil(bytes.length / PIECE_BYTES);
  return Array.from({ length: count }, (_, index) => index * PIECE_BYTES)
    .flatMap((at) => [bytes.slice(at, at + PIECE_BYTES), gapMs]);
}

function repeated(first: string, text: string, times: number, gapMs: number): AnswerStep[] {
  const encoder = new TextEncoder();
  return [
    encoder.encode(first),
    ...Array.from({ length: times }, () => [encoder.encode(text), gapMs]).flat(),
  ];
}
