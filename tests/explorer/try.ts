import { Workbench } from "./workbench.ts";
import { walk } from "./walk.ts";
import { planOf } from "./walk_plan.ts";
await using bench = await Workbench.make();
const from = Number(Deno.args[0] ?? 1), n = Number(Deno.args[1] ?? 100);
const [kind, slot] = (Deno.args[2] ?? "").split("/");
const drop: any = kind ? { kind, slot } : undefined;
const start = performance.now();
let steps = 0;
const kinds = new Map<string, number[]>();
for (let seed = from; seed < from + n; seed++) {
  const r = await walk(bench, planOf(seed, drop), seed);
  steps += r.steps;
  if (n === 1) console.log(r.trace, JSON.stringify(planOf(seed, drop)));
  if (r.violation) kinds.set(r.violation.invariant, [...kinds.get(r.violation.invariant) ?? [], seed]);
  if (n === 1 && r.violation) console.log(r.violation.message);
}
console.log(n, "walks", steps, "steps", Math.round(performance.now() - start), "ms");
for (const [k, v] of kinds) console.log(k, v.length, v.slice(0, 10).join(" "));
