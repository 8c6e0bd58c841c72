import { pause } from "../../harness/pause.ts";
import type { Chance } from "../../harness/chance.ts";
import { type NoAnswer, type RawAnswer, RawConnection } from "../raw_connection.ts";
import { GOOD_REQUEST, type HttpCase } from "./http_case.ts";

/** A whole request is answered long before. */
const ANSWER_WITHIN_MS = 15_000;
/** For the end of what no server can parse a server may wait in silence, for as long as it likes. */
const UNPARSABLE_WITHIN_MS = 1_500;
const PIECES = 6;

/** What came back: `ours` where the case broke the connection off itself. */
export type Outcome = RawAnswer | NoAnswer | "ours" | "refused";

/** Sends a case on a connection of its own; everything that came back, in order. */
export async function sendCase(port: number, attack: HttpCase, chance: Chance): Promise<Outcome[]> {
  using connection = await RawConnection.open(port);
  if (connection === null) return ["refused"];
  const { bytes, delivery, method, isParsable } = attack;
  const isToHead = method === "HEAD";
  const withinMs = isParsable ? ANSWER_WITHIN_MS : UNPARSABLE_WITHIN_MS;
  switch (delivery) {
    case "whole":
      await connection.write(bytes);
      return [await connection.answer(isToHead, withinMs)];
    case "misframed":
      await connection.write(bytes);
      if (chance.fraction() < 0.7) connection.endWriting();
      return [await connection.answer(isToHead, withinMs)];
    case "half closed":
      await connection.write(bytes);
      connection.endWriting();
      return [await connection.answer(isToHead, withinMs)];
    case "reset":
    case "cut":
      await connection.write(bytes.subarray(0, Math.floor(chance.between(0, bytes.length))));
      await pause(chance.between(0, 10));
      if (delivery === "reset") connection.reset();
      return ["ours"];
    case "dripped": {
      const size = Math.max(1, Math.ceil(bytes.length / PIECES));
      for (let at = 0; at < bytes.length; at += size) {
        await connection.write(bytes.subarray(at, at + size));
        await pause(4);
      }
      return [await connection.answer(isToHead, withinMs)];
    }
    case "pipelined": {
      const count = chance.pick([2, 5, 20]);
      for (let index = 0; index < count; index++) await connection.write(GOOD_REQUEST);
      await connection.write(bytes);
      const outcomes: Outcome[] = [];
      for (let index = 0; index <= count; index++) {
        const isLast = index === count;
        outcomes.push(await connection.answer(isLast && isToHead, isLast ? withinMs : ANSWER_WITHIN_MS));
      }
      return outcomes;
    }
  }
}
