import type { LoginRecord } from "../../../src/login/login_record.ts";
import type { Tamper } from "../process_kv.ts";
import type { KvOperation } from "../shared_kv.ts";

/** Takes the checks of sealed values of one kind out of every write. */
export function withoutChecksOf(namespace: string): Tamper {
  return (_plain, operation) => ({
    ...operation,
    checks: operation.checks.filter(({ key }) => key[2] !== namespace),
  });
}

/** Destroys the pair of a login as soon as the login is told to have it. */
export function forgetsIssuedPairs(): Tamper {
  const pairs: Deno.KvKey[] = [];
  return ({ values }, operation): KvOperation => {
    pairs.push(
      ...operation.sets.map(({ key }) => key).filter(([, slot, kind]) =>
        slot === "token" && kind === "login"
      ),
    );
    const isIssued = values.some(({ value }) => (value as LoginRecord | null)?.phase === "issued");
    return isIssued ? { ...operation, deletes: [...operation.deletes, ...pairs] } : operation;
  };
}

/** Ends a grant, and leaves its entry in the index. */
export const LEAVES_ENTRY: Tamper = (plain, operation) => ({
  ...operation,
  deletes: operation.deletes.filter(({ 1: slot }) => plain.kind !== "log out" || slot !== "value"),
});
