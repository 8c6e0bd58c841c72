import type { Chance } from "../../harness/chance.ts";
import { ODD_FRAGMENTS, ODD_NUMBERS, ODD_TEXTS } from "./odd_values.ts";

const DEEPEST = 4;
const NAMES = [
  "jsonrpc",
  "id",
  "method",
  "params",
  "__proto__",
  "constructor",
  "name",
  "arguments",
  "_meta",
  "a",
];

/** A text that no caller would mean. */
export function oddText(chance: Chance): string {
  if (chance.fraction() < 0.8) return chance.pick(ODD_TEXTS);
  const length = Math.floor(chance.between(0, 60));
  const codes = Array.from(
    { length },
    () => Math.floor(chance.fraction() < 0.5 ? chance.between(32, 127) : chance.between(0x80, 0x2fff)),
  );
  return String.fromCharCode(...codes);
}

/** JSON, mostly: nested at random, its values odd or broken. */
export function oddJson(chance: Chance, depth = 0): string {
  const draw = chance.fraction();
  if (draw < 0.25) return JSON.stringify(oddText(chance));
  if (draw < 0.45) return chance.pick(ODD_NUMBERS);
  if (draw < 0.6) return chance.pick(ODD_FRAGMENTS);
  if (depth > DEEPEST) return "1";
  const length = Math.floor(chance.between(0, 5));
  const values = Array.from({ length }, () => oddJson(chance, depth + 1));
  if (draw < 0.8) return `[${values.join(",")}]`;
  const fields = values.map((value) =>
    `${JSON.stringify(chance.pick([...NAMES, oddText(chance)]))}:${value}`
  );
  return `{${fields.join(",")}}`;
}
