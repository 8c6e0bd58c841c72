import assert from "node:assert/strict";
import { StartError } from "../../../src/errors/start_error.ts";
import { TokenError } from "../../../src/errors/token_error.ts";
import { openKvAt, startError } from "../../../src/store/kv/open_kv_at.ts";
import type { StorePlace } from "../../../src/store/files/store_place.ts";
import { ManualClock } from "../../support/manual_clock.ts";
import { TEST_RANDOM } from "../../support/test_random.ts";

const FILE: StorePlace = { kind: "file", path: "/srv/tokens.kv" };
const REMOTE: StorePlace = { kind: "remote", url: "https://user:planted@kv.example:4010/db?key=planted" };

Deno.test.each<[StorePlace, string | undefined]>([
  [FILE, "/srv/tokens.kv"],
  [{ kind: "memory" }, ":memory:"],
  [REMOTE, "https://user:planted@kv.example:4010/db?key=planted"],
  [{ kind: "platform" }, undefined],
])("openKvAt() opens %j by its path", async (place, path) => {
  const asked: (string | undefined)[] = [];
  const openKv = (given?: string): Promise<Deno.Kv> => {
    asked.push(given);
    return Deno.openKv(":memory:");
  };
  using _kv = await openKvAt({ place, openKv, clock: new ManualClock(), random: TEST_RANDOM });
  assert.deepEqual(asked, [path]);
});

Deno.test("openKvAt() tries again when another process is opening the same file", async () => {
  const clock = new ManualClock();
  const failures = [new Error("database is locked"), new Error("database is locked")];
  const openKv = async (): Promise<Deno.Kv> => {
    const failure = failures.shift();
    if (failure !== undefined) throw failure;
    return await Deno.openKv(":memory:");
  };
  const opening = openKvAt({ place: FILE, openKv, clock, random: TEST_RANDOM });
  for (let round = 0; round < 2; round++) {
    await clock.untilDueWithin(50);
    clock.pass(50);
  }
  using _kv = await opening;
  assert.equal(failures.length, 0);
});

Deno.test("openKvAt() gives up a file that stays locked, in time for a start to fail within 5 s", async () => {
  const clock = new ManualClock();
  const openKv = (): Promise<Deno.Kv> => Promise.reject(new Error("database is locked"));
  const opening = assert.rejects(openKvAt({ place: FILE, openKv, clock, random: TEST_RANDOM }), {
    name: "StartError",
    message:
      "The token store /srv/tokens.kv is locked by another program: end what keeps it open, a backup for instance",
  });
  await clock.untilDueWithin(50);
  clock.pass(4_000);
  await opening;
});

Deno.test("openKvAt() gives up a database that does not answer, and closes it when it opens after all", async () => {
  const clock = new ManualClock();
  const late = Promise.withResolvers<Deno.Kv>();
  const opening = assert.rejects(
    openKvAt({ place: REMOTE, openKv: () => late.promise, clock, random: TEST_RANDOM }),
    {
      name: "StartError",
      message: "The token store at https://kv.example:4010 does not answer: check FEISHU_TOKEN_KV",
    },
  );
  await clock.untilSleeping(1);
  clock.pass(4_000);
  await opening;
  const kv = await Deno.openKv(":memory:");
  late.resolve(kv);
  await late.promise.then(() => {});
  await assert.rejects(kv.get(["key"]), Deno.errors.BadResource);
});

// The texts are those of Deno 2.9.6, as it gave them for such places.
Deno.test.each<[string, StorePlace, string, string]>([
  [
    "a file that is none of KV",
    FILE,
    "file is not a database",
    "is not a Deno KV file: name another with --kv PATH",
  ],
  ["a damaged file", FILE, "database disk image is malformed", "is damaged: restore it from a backup"],
  [
    "a full disk",
    FILE,
    "disk I/O error",
    "cannot be opened: disk I/O error; check its disk and the free space there",
  ],
  [
    "a folder",
    FILE,
    "unable to open database file: /srv/tokens.kv",
    "cannot be opened: unable to open database file: /srv/tokens.kv",
  ],
  [
    "no access token",
    REMOTE,
    "Missing DENO_KV_ACCESS_TOKEN environment variable. Please set it to your access token from https://console.deno.com",
    "needs an access token: set DENO_KV_ACCESS_TOKEN",
  ],
  [
    "a refused access token",
    REMOTE,
    `Could not open Deno KV database: the metadata endpoint at '${
      urlOf(REMOTE)
    }' responded with status 401 Unauthorized: no`,
    "refused the access token: correct DENO_KV_ACCESS_TOKEN",
  ],
  [
    "nobody listening on a port that contains 401",
    REMOTE,
    `Could not open Deno KV database: failed to connect to '${
      urlOf(REMOTE)
    }': error sending request for url ` +
    `(${urlOf(REMOTE)}): client error (Connect): tcp connect error: Connection refused (os error 111)`,
    "cannot be reached: check FEISHU_TOKEN_KV",
  ],
  [
    "no such name",
    REMOTE,
    `Could not open Deno KV database: failed to connect to '${
      urlOf(REMOTE)
    }': client error (Connect): dns error`,
    "cannot be reached: check FEISHU_TOKEN_KV",
  ],
  [
    "a web page",
    REMOTE,
    `Could not open Deno KV database: '${urlOf(REMOTE)}' is not a valid KV Connect endpoint (failed to read)`,
    "is not a KV database: check FEISHU_TOKEN_KV",
  ],
  [
    "a server that does not speak its protocol",
    REMOTE,
    `Could not open Deno KV database: failed to connect to '${urlOf(REMOTE)}': error sending request for ` +
    `${
      urlOf(REMOTE)
    }: client error (SendRequest): http2 error: connection error detected: frame with invalid size`,
    "is not a KV database, or is behind a proxy that does not speak HTTP/2, which Deno KV needs: check FEISHU_TOKEN_KV, " +
    "and switch HTTP/2 on in the proxy",
  ],
  [
    "a proxy without HTTP/2",
    REMOTE,
    `Could not open Deno KV database: failed to connect to '${
      urlOf(REMOTE)
    }': error sending request for url ` +
    `(${urlOf(REMOTE)}): client error (Connect): received fatal alert: NoApplicationProtocol`,
    "is behind a proxy that does not speak HTTP/2, which Deno KV needs: switch HTTP/2 on in the proxy",
  ],
  [
    "a path that it does not serve",
    REMOTE,
    `Could not open Deno KV database: the metadata endpoint at '${
      urlOf(REMOTE)
    }' responded with status 404 Not Found: no`,
    "is not a KV database: check FEISHU_TOKEN_KV",
  ],
  [
    "a certificate of nobody known",
    REMOTE,
    `Could not open Deno KV database: failed to connect to '${
      urlOf(REMOTE)
    }': error sending request for url ` +
    `(${urlOf(REMOTE)}): client error (Connect): invalid peer certificate: UnknownIssuer`,
    "has a certificate that is not trusted: name its authority's file in DENO_CERT, or set DENO_TLS_CA_STORE=system",
  ],
  [
    "something unheard of",
    REMOTE,
    `Could not do it at '${urlOf(REMOTE)}'\nwith more lines`,
    "cannot be opened: Could not do it at 'https://kv.example:4010'; check FEISHU_TOKEN_KV",
  ],
])(
  "startError() says of %s in one line what to do, without the URL's secrets",
  (_name, place, text, problem) => {
    const { message } = startError(place, new TypeError(text));
    assert(message.endsWith(` ${problem}`), message);
    assert.doesNotMatch(message, /planted|\n/);
  },
);

Deno.test("startError() tells what a failed call was about", () => {
  const noAnswer = new TokenError("store_unavailable", {
    detail: { en: "no answer in time", zh: "未能及时响应" },
  });
  assert.equal(
    startError(FILE, noAnswer).message,
    "The token store /srv/tokens.kv cannot be opened: no answer in time",
  );
  const damaged = new TokenError("store_unavailable", {
    cause: new Error("database disk image is malformed"),
  });
  assert.equal(
    startError(FILE, damaged).message,
    "The token store /srv/tokens.kv is damaged: restore it from a backup",
  );
});

Deno.test("startError() leaves a StartError as it is", () => {
  const error = new StartError({ en: "Already in one line", zh: "已是一行" });
  assert.equal(startError(FILE, error), error);
});

function urlOf(place: StorePlace): string {
  return place.kind === "remote" ? place.url : "";
}
