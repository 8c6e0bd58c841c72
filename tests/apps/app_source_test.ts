import assert from "node:assert/strict";
import { AppSource, type AppSourceOptions } from "../../src/apps/app_source.ts";
import { TokenError } from "../../src/errors/token_error.ts";
import { Secret } from "../../src/secret.ts";
import { app, keptApps } from "./fake_keeper.ts";

const CONFIGURED = { brand: "feishu", appId: "cli_configured", appSecret: new Secret("configured") } as const;

function missing(): never {
  throw new TokenError("credentials_missing");
}

type World = ReturnType<typeof keptApps> & { readonly source: AppSource };

function world(options: Partial<AppSourceOptions> = {}): World {
  const kept = keptApps();
  const source = new AppSource({
    keeper: kept.apps,
    configured: missing,
    isConfigured: false,
    clock: kept.clock,
    onSecret: () => {},
    ...options,
  });
  return { ...kept, source };
}

async function appIdOf({ credentials }: AppSource): Promise<string> {
  await credentials.refresh?.();
  return credentials().appId;
}

Deno.test("`AppSource` takes the default app where nothing is configured", async () => {
  const { source, apps } = world();
  await apps.add(app("work"));
  await apps.add(app("home"));
  assert.equal(await appIdOf(source), "cli_work");
  assert.equal(source.usesKept, true);
});

Deno.test("`AppSource` takes the configured pair before the default app, and reads no store for it", async () => {
  const { source, apps, values } = world({ configured: () => CONFIGURED, isConfigured: true });
  await apps.add(app("work"));
  values.reads = 0;
  assert.equal(await appIdOf(source), "cli_configured");
  assert.deepEqual([values.reads, source.usesKept], [0, false]);
});

Deno.test("`AppSource` takes the app that is named before the configured pair", async () => {
  const { source, apps } = world({ wanted: "home", configured: () => CONFIGURED, isConfigured: true });
  await apps.add(app("work"));
  await apps.add(app("home"));
  assert.equal(await appIdOf(source), "cli_home");
  // Nobody gets the pair that is overridden.
  assert.throws(() => source.withoutKept(), { code: "credentials_missing" });
});

Deno.test("`AppSource` says that the app that is named is not there, and takes no other", async () => {
  const { source, apps } = world({ wanted: "gone" });
  await apps.add(app("work"));
  await assert.rejects(appIdOf(source), { code: "app_not_found" });
});

Deno.test("`AppSource` says that a store cannot keep the app that is named", async () => {
  const { source } = world({ wanted: "work", keeper: null });
  await assert.rejects(appIdOf(source), { code: "store_cannot_keep_apps" });
});

Deno.test("`AppSource` finds an app that is added later, and the one that becomes the default", async () => {
  const { source, apps, clock } = world();
  await assert.rejects(appIdOf(source), { code: "credentials_missing" });
  await apps.add(app("work"));
  await apps.add(app("home"));
  clock.pass(2_000);
  assert.equal(await appIdOf(source), "cli_work");
  await apps.use("home");
  clock.pass(2_000);
  assert.equal(await appIdOf(source), "cli_home");
});

Deno.test("`AppSource` reads the store at most once in two seconds, and gives the same object", async () => {
  const { source, apps, clock, values } = world();
  await apps.add(app("work"));
  await appIdOf(source);
  const first = source.credentials();
  values.reads = 0;
  await appIdOf(source);
  assert.equal(values.reads, 0);
  clock.pass(2_000);
  await appIdOf(source);
  assert.deepEqual([values.reads, source.credentials() === first], [1, true]);
});

Deno.test("`AppSource` goes on with what it knows when the store does not answer", async () => {
  const { source, apps, clock, values } = world();
  await apps.add(app("work"));
  await appIdOf(source);
  values.error = new TokenError("store_unavailable");
  clock.pass(2_000);
  assert.equal(await appIdOf(source), "cli_work");
});

Deno.test("`AppSource` says why it knows nothing when the store has never answered", async () => {
  const { source, values } = world();
  values.error = new TokenError("store_unreadable");
  await assert.rejects(appIdOf(source), { code: "store_unreadable" });
});

Deno.test("`AppSource` does not send an app of one Feishu to another", async () => {
  const { source, apps, clock } = world();
  await apps.add(app("work", { at: "https://feishu.example" }));
  await assert.rejects(appIdOf(source), { code: "app_elsewhere" });
  source.at = source.chosen?.at;
  clock.pass(2_000);
  assert.equal(await appIdOf(source), "cli_work");
  assert.deepEqual((await source.all()).map(({ appId }) => appId), ["cli_work"]);
});

Deno.test("`AppSource` finds the new secret of an app, and nothing for any other", async () => {
  const { source, apps } = world();
  await apps.add(app("work"));
  await appIdOf(source);
  const refused = source.credentials();
  assert.equal(await source.renewed(refused), undefined);
  await apps.replaceSecret("work", new Secret("a newer one"));
  assert.equal((await source.renewed(refused))?.appSecret.reveal(), "a newer one");
  assert.equal(await source.renewed(CONFIGURED), undefined);
});

Deno.test("`AppSource` tells of every secret that it reads", async () => {
  const told: string[] = [];
  const { source, apps } = world({ onSecret: (secret) => told.push(secret.reveal()) });
  await apps.add(app("work"));
  await appIdOf(source);
  assert.ok(told.includes("secret of work"));
});
