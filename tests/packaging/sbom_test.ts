import assert from "node:assert/strict";
import { type DenoLock, sbom } from "../../packaging/sbom.ts";
import { PROJECT_FOLDER } from "../../tools/project_folder.ts";

interface Bom {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly serialNumber: string;
  readonly metadata: { readonly component: { readonly "bom-ref": string } };
  readonly components: readonly {
    readonly "bom-ref": string;
    readonly name: string;
    readonly version: string;
    readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

const lock = JSON.parse(await Deno.readTextFile(`${PROJECT_FOLDER}/deno.lock`)) as DenoLock;

Deno.test("sbom() has every package of deno.lock with its version and hash, and Deno", () => {
  const { components } = sbom(lock) as unknown as Bom;
  const packages = components.filter(({ name }) => name !== "deno");
  assert.equal(components.length, packages.length + 1);
  assert.deepEqual(
    packages.map(({ name, version }) => `${name}@${version}`).sort(),
    Object.keys(lock.npm).map((key) => key.replace(/(?<!^)_.*$/, "")).sort(),
  );
  for (const { name, hashes = [] } of packages) {
    assert.match(hashes[0]?.content ?? "", /^[0-9a-f]{128}$/, name);
    assert.equal(hashes[0]?.alg, "SHA-512");
  }
});

Deno.test("sbom() says of each part what it depends on, each part once, and names no other", () => {
  const { metadata, components, dependencies } = sbom(lock) as unknown as Bom;
  const refs = [metadata.component["bom-ref"], ...components.map((each) => each["bom-ref"])];
  assert.equal(new Set(refs).size, refs.length);
  const named = dependencies.flatMap(({ ref, dependsOn }) => [ref, ...dependsOn]);
  assert.deepEqual(named.filter((ref) => !refs.includes(ref)), []);
  // Whatever is in the lock file is there because something depends on it.
  const [root] = dependencies;
  const reached = new Set<string>();
  const reach = (ref: string): void => {
    if (reached.has(ref)) return;
    reached.add(ref);
    for (const next of dependencies.find((each) => each.ref === ref)?.dependsOn ?? []) reach(next);
  };
  reach(root?.ref ?? "");
  assert.deepEqual(refs.filter((ref) => !reached.has(ref)), []);
});

Deno.test("sbom() is the same twice, and another for another lock file", () => {
  const [first, second] = [sbom(lock), sbom(lock)] as unknown as Bom[];
  assert.deepEqual(first, second);
  assert.match(
    first?.serialNumber ?? "",
    /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  const { "zod@4.6.7": _left, ...npm } = lock.npm;
  const other = sbom({
    version: "5",
    specifiers: {},
    npm: Object.fromEntries(
      Object.entries(npm).slice(0, 1).map(
        ([key, value]) => [key, { ...value, dependencies: [] }],
      ),
    ),
  }) as unknown as Bom;
  assert.notEqual(other.serialNumber, first?.serialNumber);
});

Deno.test("sbom() refuses a lock file of a form that it does not know", () => {
  assert.throws(() => sbom({ ...lock, version: "6" }), { name: "TypeError", message: /version 6/ });
});
