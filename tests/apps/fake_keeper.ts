import { KeptApps } from "../../src/apps/kept_apps.ts";
import { APP_VALUES } from "../../src/apps/app_values.ts";
import type { AppList, KeptApp } from "../../src/ports/app_keeper.ts";
import type { PutOptions, SealedValues } from "../../src/ports/sealed_values.ts";
import type { Versioned, WriteOutcome } from "../../src/ports/store.ts";
import { Secret } from "../../src/secret.ts";
import { ManualClock } from "../support/manual_clock.ts";

/** An app with a secret of its own. */
export function app(name: string, more: Partial<KeptApp> = {}): Omit<KeptApp, "addedAtMs"> {
  return { name, brand: "feishu", appId: `cli_${name}`, appSecret: new Secret(`secret of ${name}`), ...more };
}

/** One value in memory, as it is after sealing. */
export class OneValue implements SealedValues<AppList> {
  stored: string | null = null;
  version = 0;
  /** What the next writes say, whether they land or not. */
  readonly outcomes: { readonly kind: WriteOutcome["kind"]; readonly lands: boolean }[] = [];
  reads = 0;
  error: Error | undefined;

  get(): Promise<Versioned<AppList>> {
    this.reads += 1;
    if (this.error !== undefined) return Promise.reject(this.error);
    const value = this.stored === null ? null : APP_VALUES.decode(JSON.parse(this.stored));
    return Promise.resolve({ value, version: this.stored === null ? null : String(this.version) });
  }

  put(_name: string, value: AppList, { check }: PutOptions): Promise<WriteOutcome> {
    const found = this.stored === null ? null : String(this.version);
    if (check !== found) return Promise.resolve({ kind: "conflict" });
    const { kind, lands } = this.outcomes.shift() ?? { kind: "ok", lands: true };
    if (lands) {
      this.stored = JSON.stringify(APP_VALUES.encode(value));
      this.version += 1;
    }
    return Promise.resolve(
      kind === "ok"
        ? { kind, version: String(this.version) }
        : { kind: kind === "unknown" ? kind : "conflict" },
    );
  }

  remove(): never {
    throw new Error("Not used");
  }

  consume(): never {
    throw new Error("Not used");
  }

  list(): never {
    throw new Error("Not used");
  }

  change(): never {
    throw new Error("Not used");
  }

  unchanged(): never {
    throw new Error("Not used");
  }
}

/** Kept apps on a value in memory. */
export function keptApps(): {
  readonly values: OneValue;
  readonly apps: KeptApps;
  readonly clock: ManualClock;
} {
  const values = new OneValue();
  const clock = new ManualClock();
  return { values, clock, apps: new KeptApps(values, clock) };
}
