import assert from "node:assert/strict";
import {
  decodeHead,
  decodeLease,
  decodeStatus,
  decodeToken,
  encodeToken,
} from "../../../src/store/records/record_codec.ts";
import { appRecord, lease, PLANTED, revealed, status, userRecord } from "../samples.ts";

/** As a sealed value goes: through JSON. */
function throughJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

Deno.test.each([
  ["a user's pair with everything", userRecord()],
  ["an app token, without any optional field", appRecord()],
  ["the pair of a login with everything", {
    ...userRecord(),
    auth: { id: "an-id", timeS: 1, endsS: 2 },
    isLogin: true,
    isPlaced: true,
    began: "00000000000000000001",
    wall: "00000000000000000002",
  }],
  ["an app token that was handed out again", { ...appRecord(), earlier: ["fp-a", "fp-b"], unchanged: true }],
])("decodeToken() gives back %s", (_name, record) => {
  const { head, body } = encodeToken(record, 1);
  const decoded = decodeToken(throughJson(head), throughJson(body));
  assert.deepEqual(revealed(decoded), revealed(record));
  assert.deepEqual(Object.keys(decoded.token).sort(), Object.keys(record.token).sort());
});

Deno.test("encodeToken() puts no token into the head, which the server key opens by itself", () => {
  const { head } = encodeToken(userRecord(), 1);
  const text = JSON.stringify(head);
  assert(!text.includes(PLANTED.accessToken) && !text.includes(PLANTED.refreshToken));
  assert.equal(decodeHead(head).keepUntilMs, 1);
});

Deno.test.each([
  ["a head without its generation", { ...encodeToken(userRecord(), 1).head, gen: undefined }],
  ["a generation 0", { ...encodeToken(userRecord(), 1).head, gen: 0 }],
  ["text", "head"],
])("decodeHead() throws for %s", (_name, head) => {
  assert.throws(() => decodeHead(head), { name: /ZodError/ });
});

Deno.test("decodeToken() shows no token in what it throws", () => {
  const { head, body } = encodeToken(userRecord(), 1);
  assert.throws(() => decodeToken(head, { ...body, lifetimeMs: body.accessToken }), (error: Error) => {
    assert(!Deno.inspect(error).includes(PLANTED.accessToken));
    return true;
  });
});

Deno.test.each([["held", lease()], ["released, its outcome unknown", lease({ nonce: null, unknown: true })]])(
  "decodeLease() gives back a lease that is %s",
  (_name, value) => {
    assert.deepEqual(decodeLease(throughJson(value)), value);
  },
);

Deno.test("decodeLease() throws when a field is missing", () => {
  const { fp: _fp, ...rest } = lease();
  assert.throws(() => decodeLease(rest), { name: /ZodError/ });
});

Deno.test("decodeStatus() gives back every field, and no others", () => {
  assert.deepEqual(decodeStatus(throughJson(status())), status());
  const bare = { fp: "f", mark: "needs_login", errorCode: "refresh_token_spent", atMs: 1 } as const;
  assert.deepEqual(decodeStatus(throughJson(bare)), bare);
});

Deno.test.each(["code_of_a_newer_program", "toString"])(
  "decodeStatus() reads the unknown code %s as one that can be reported",
  (errorCode) => {
    assert.equal(decodeStatus({ ...status(), errorCode }).errorCode, "feishu_refused");
  },
);
