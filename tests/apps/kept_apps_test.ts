import assert from "node:assert/strict";
import type { AppList } from "../../src/ports/app_keeper.ts";
import { Secret } from "../../src/secret.ts";
import { app, keptApps } from "./fake_keeper.ts";

function names({ apps, defaultName }: AppList): [string[], string | undefined] {
  return [apps.map(({ name }) => name), defaultName];
}

Deno.test("`KeptApps` keeps apps in the order in which they came; the first is the default", async () => {
  const { apps } = keptApps();
  assert.deepEqual(names(await apps.read()), [[], undefined]);
  await apps.add(app("work"));
  await apps.add(app("home"));
  assert.deepEqual(names(await apps.read()), [["work", "home"], "work"]);
  await apps.use("home");
  assert.deepEqual(names(await apps.read()), [["work", "home"], "home"]);
});

Deno.test("`KeptApps` refuses the name of another app, and another name for the same app", async () => {
  const { apps } = keptApps();
  await apps.add(app("work"));
  await assert.rejects(apps.add({ ...app("home"), name: "work" }), { code: "app_name_taken" });
  await assert.rejects(apps.add({ ...app("work"), name: "home" }), { code: "app_kept_already" });
  // The same app at another Feishu is another app.
  await apps.add({ ...app("work", { at: "https://feishu.example" }), name: "private" });
  assert.deepEqual(names(await apps.read()), [["work", "private"], "work"]);
});

Deno.test("`KeptApps` takes the same app under the same name again, with its new secret", async () => {
  const { apps } = keptApps();
  await apps.add(app("work"));
  await apps.add(app("work", { appSecret: new Secret("a newer one") }));
  const { apps: [kept] } = await apps.read();
  assert.equal(kept?.appSecret.reveal(), "a newer one");
});

Deno.test("`KeptApps` renames the default app, which stays the default", async () => {
  const { apps } = keptApps();
  await apps.add(app("work"));
  await apps.add(app("home"));
  await apps.rename("work", "office");
  assert.deepEqual(names(await apps.read()), [["office", "home"], "office"]);
  await assert.rejects(apps.rename("office", "home"), { code: "app_name_taken" });
  await assert.rejects(apps.rename("work", "other"), { code: "app_not_found" });
});

Deno.test("`KeptApps` makes the oldest other app the default when that is removed", async () => {
  const { apps } = keptApps();
  await apps.add(app("work"));
  await apps.add(app("home"));
  assert.equal((await apps.remove("work")).appId, "cli_work");
  assert.deepEqual(names(await apps.read()), [["home"], "home"]);
  await apps.remove("home");
  assert.deepEqual(names(await apps.read()), [[], undefined]);
});

Deno.test("`KeptApps` makes both of two changes at once", async () => {
  const { apps } = keptApps();
  await Promise.all([apps.add(app("work")), apps.add(app("home"))]);
  assert.deepEqual((await apps.read()).apps.map(({ name }) => name).toSorted(), ["home", "work"]);
});

Deno.test("`KeptApps` finds a write that landed although the store did not say so", async () => {
  const { apps, values } = keptApps();
  await apps.add(app("work"));
  values.outcomes.push({ kind: "unknown", lands: true });
  assert.equal((await apps.rename("work", "office")).name, "office");
  assert.deepEqual(names(await apps.read()), [["office"], "office"]);
});

Deno.test("`KeptApps` repeats a write that did not land", async () => {
  const { apps, values } = keptApps();
  values.outcomes.push({ kind: "unknown", lands: false });
  await apps.add(app("work"));
  assert.deepEqual(names(await apps.read()), [["work"], "work"]);
});

Deno.test("`KeptApps` shows no secret when it is looked at", async () => {
  const { apps } = keptApps();
  await apps.add(app("work"));
  assert.doesNotMatch(JSON.stringify(await apps.read()) + Deno.inspect(await apps.read()), /secret of work/);
});
