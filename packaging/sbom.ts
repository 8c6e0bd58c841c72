import { createHash } from "node:crypto";
import { OUTSIDE_NAMES } from "../src/outside_names.ts";
import { VERSION } from "../src/version.ts";
import { DENO_VERSION } from "./deno_version.ts";
import { DESCRIPTION } from "./npm/npm_manifest.ts";

/** What is read of `deno.lock`. Its keys are a name, a version, and behind a `_` those of the package's peers. */
export interface DenoLock {
  readonly version: string;
  readonly specifiers: Readonly<Record<string, string>>;
  readonly npm: Readonly<
    Record<string, { readonly integrity?: string; readonly dependencies?: readonly string[] }>
  >;
}

interface Package {
  readonly name: string;
  readonly version: string;
  readonly key: string;
}

/**
 * The bill of materials of a release, as CycloneDX 1.6: every package of `lock`, with its hash and what it depends on, and
 * the Deno that runs the program. Two builds of one commit give the same.
 *
 * @throws TypeError where the lock file is of a form that is not known here.
 * @see https://cyclonedx.org/docs/1.6/json/
 */
export function sbom(lock: DenoLock): Readonly<Record<string, unknown>> {
  if (lock.version !== "5") throw new TypeError(`deno.lock is of version ${lock.version}`);
  const packages = Object.keys(lock.npm).map(packageOf);
  const root = `pkg:npm/${OUTSIDE_NAMES.npmPackage}@${VERSION}`;
  const deno = `pkg:github/denoland/deno@v${DENO_VERSION}`;
  const direct = Object.entries(lock.specifiers).map(([specifier, resolved]) => {
    const [, name = ""] = /^npm:(@?[^@]+)@/.exec(specifier) ?? [];
    return purl(found(`${name}@${resolved}`, packages));
  });
  const parts = {
    metadata: {
      component: {
        type: "application",
        "bom-ref": root,
        name: OUTSIDE_NAMES.npmPackage,
        version: VERSION,
        description: DESCRIPTION,
        licenses: [{ license: { id: "MIT" } }],
        purl: root,
      },
    },
    components: [
      { type: "platform", "bom-ref": deno, name: "deno", version: DENO_VERSION, purl: deno },
      ...packages.map((each) => ({
        type: "library",
        "bom-ref": purl(each),
        name: each.name,
        version: each.version,
        purl: purl(each),
        ...hashesOf(lock.npm[each.key]?.integrity),
      })),
    ],
    dependencies: [
      { ref: root, dependsOn: [deno, ...direct] },
      ...packages.map((each) => ({
        ref: purl(each),
        dependsOn: (lock.npm[each.key]?.dependencies ?? []).map((name) => purl(found(name, packages))),
      })),
    ],
  };
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: serialNumber(parts),
    version: 1,
    ...parts,
  };
}

function packageOf(key: string): Package {
  const [, name, version] = /^(@?[^@]+)@([^_]+)(?:_.*)?$/.exec(key) ?? [];
  if (name === undefined || version === undefined) throw new TypeError(`deno.lock has a package ${key}`);
  return { name, version, key };
}

/** The package that the lock file means by `reference`, which has a version only where there are several. */
function found(reference: string, packages: readonly Package[]): Package {
  const exact = packages.filter(({ key, name, version }) =>
    key === reference || name === reference || `${name}@${version}` === reference
  );
  const [first] = exact;
  if (first === undefined) throw new TypeError(`deno.lock has no package ${reference}`);
  return first;
}

function purl({ name, version }: Package): string {
  return `pkg:npm/${name.replace(/^@/, "%40")}@${version}`;
}

/** Npm's `sha512-BASE64` as CycloneDX has it. */
function hashesOf(integrity: string | undefined): { readonly hashes?: unknown } {
  const [, base64] = /^sha512-(.+)$/.exec(integrity ?? "") ?? [];
  if (base64 === undefined) return {};
  return { hashes: [{ alg: "SHA-512", content: Uint8Array.fromBase64(base64).toHex() }] };
}

/** A UUID of the contents, of the version for one's own schemes (RFC 9562, section 5.8). */
function serialNumber(parts: unknown): string {
  const hex = createHash("sha256").update(JSON.stringify(parts)).digest("hex");
  const groups = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return `urn:uuid:${groups.join("-")}`;
}
