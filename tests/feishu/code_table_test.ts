import assert from "node:assert/strict";
import { ERROR_TABLE } from "../../src/errors/error_table.ts";
import {
  CODE_TABLE,
  ENDPOINT_FAMILIES,
  type EndpointFamily,
  findCode,
  findOAuthError,
  OAUTH_ERROR_TABLE,
} from "../../src/feishu/code_table.ts";

/** Feishu's documented codes of these endpoints, by where their pages list them. */
const DOCUMENTED: Readonly<Record<EndpointFamily, readonly number[]>> = {
  auth: [10003, 10005, 10014, 10015, 99991543, 2200, 99991400],
  oauth: [
    ...[
      20001,
      20002,
      20008,
      20009,
      20010,
      20024,
      20026,
      20036,
      20037,
      20048,
      20050,
      20063,
      20064,
      20066,
      20067,
    ],
    ...[20068, 20069, 20070, 20072, 20073, 20074, 99991400, 21000, 21001],
  ],
  legacy: [
    ...[
      20001,
      20002,
      20035,
      20007,
      20008,
      20021,
      20022,
      20023,
      20009,
      20013,
      20014,
      20024,
      20025,
      20028,
      20029,
    ],
    ...[20026, 20036, 20037, 20038, 20042, 20046, 20050],
    ...[99991661, 99991663, 99991664, 99991665, 99991668, 99991669, 99991671, 99991677, 99991676, 99991679],
    ...[
      99991672,
      99991662,
      99991673,
      99991543,
      99991401,
      99991403,
      99991400,
      1000004,
      1000005,
      99991201,
      99991301,
    ],
    ...[9499, 10001, 10003, 99992402, 2200, 5000],
  ],
  device: [20094, 20095, 20079, 20001, 20002, 20048, 20050, 20063, 20070, 20072, 99991400],
  code: [
    ...[20001, 20002, 20003, 20004, 20008, 20009, 20010, 20024, 20036, 20048, 20049, 20050, 20063, 20065],
    ...[20066, 20067, 20068, 20069, 20070, 20071, 20072, 99991400, 21000, 21001],
  ],
  user: [20001, 20005, 20008, 20021, 20022, 20023, 20050, 99991401, 99991661, 99991668, 99991677, 99991679],
  app: [
    10003,
    2200,
    99991400,
    99991401,
    99991661,
    99991662,
    99991663,
    99991664,
    99991665,
    99991668,
    99991671,
    99991672,
  ],
  revoke: [20002, 20026, 20037, 20048, 20050, 20064, 99991400],
};

Deno.test.each(Object.entries(DOCUMENTED) as [EndpointFamily, readonly number[]][])(
  "`CODE_TABLE` has a row for every code that Feishu documents for %s",
  (family, codes) => {
    assert.deepEqual(codes.filter((code) => findCode(code, family) === undefined), []);
  },
);

Deno.test("`CODE_TABLE` has one row at most for a code in a family", () => {
  const places = CODE_TABLE.flatMap(({ code, families }) =>
    (families ?? ENDPOINT_FAMILIES).map((family) => `${family} ${code}`)
  );
  assert.deepEqual(places.filter((place, at) => places.indexOf(place) !== at), []);
});

Deno.test("`CODE_TABLE` names errors that exist, and kinds that fit the verdict", () => {
  const kinds = {
    pending: ["transient"],
    transient: ["transient", "rate", "login"],
    ambiguous: ["login", "ambiguous"],
    permanent: ["login"],
    wrong_endpoint: ["login"],
    app_token: ["config"],
    config: ["config", "login", "transient", "internal"],
  };
  for (const row of CODE_TABLE) {
    assert(Object.hasOwn(ERROR_TABLE, row.errorCode), `${row.code}: ${row.errorCode}`);
    const { kind } = ERROR_TABLE[row.errorCode];
    assert(kinds[row.verdict].includes(kind), `${row.code}: ${row.verdict} with an error of kind ${kind}`);
  }
});

Deno.test("`CODE_TABLE` says that a token may be consumed only beside a refusal that is worth repeating", () => {
  const doubtful = CODE_TABLE.filter((row) => row.mayHaveConsumed);
  assert.deepEqual(doubtful.map((row) => row.code), [2200, 5000, 20007, 20050]);
  assert(doubtful.every((row) => row.verdict === "transient"));
});

Deno.test.each(
  [
    [10003, "auth", "config", "credentials_refused"],
    [10003, "oauth", "config", "refresh_token_invalid"],
    [10014, "auth", "config", "credentials_refused"],
    [20002, "oauth", "config", "credentials_refused"],
    [20074, "oauth", "config", "app_not_permitted"],
    [20064, "oauth", "ambiguous", "refresh_token_spent"],
    [20073, "oauth", "ambiguous", "refresh_token_spent"],
    [20026, "legacy", "wrong_endpoint", "refresh_token_invalid"],
    [20026, "oauth", "wrong_endpoint", "refresh_token_invalid"],
    [20038, "legacy", "ambiguous", "refresh_token_invalid"],
    [20037, "oauth", "permanent", "refresh_token_expired"],
    [20024, "oauth", "permanent", "refresh_token_foreign"],
    [20014, "legacy", "app_token", "credentials_refused"],
    [99991663, "legacy", "app_token", "credentials_refused"],
    [20066, "oauth", "transient", "user_unavailable"],
    [21000, "oauth", "transient", "authorization_required"],
    [20072, "oauth", "transient", "feishu_unavailable"],
    [20050, "legacy", "transient", "feishu_unavailable"],
    [1000004, "auth", "transient", "rate_limited"],
    [20063, "oauth", "config", "refresh_token_invalid"],
    [20094, "device", "pending", "login_pending"],
    [20095, "device", "pending", "login_pending"],
    [20079, "device", "ambiguous", "login_outcome_unknown"],
    [20002, "device", "config", "credentials_refused"],
    [20003, "code", "ambiguous", "login_code_invalid"],
    [20065, "code", "ambiguous", "login_code_invalid"],
    [20004, "code", "permanent", "login_expired"],
    [20024, "code", "permanent", "login_code_foreign"],
    [20049, "code", "wrong_endpoint", "login_code_invalid"],
    [20071, "code", "config", "redirect_uri_mismatch"],
    [20010, "code", "permanent", "user_unavailable"],
    [20010, "oauth", "transient", "user_unavailable"],
    [20063, "code", "config", "feishu_refused"],
    [20005, "user", "ambiguous", "not_logged_in"],
    [99991677, "user", "ambiguous", "not_logged_in"],
    [99991401, "user", "config", "app_not_permitted"],
    [99991679, "user", "permanent", "scope_not_granted"],
    [99991663, "app", "app_token", "credentials_refused"],
    [99991672, "app", "config", "app_not_permitted"],
    [10003, "app", "config", "feishu_refused"],
    [20064, "revoke", "ambiguous", "refresh_token_spent"],
    [20026, "revoke", "ambiguous", "refresh_token_invalid"],
  ] as const,
)("`findCode()` reads %i of %s as %s, %s", (code, family, verdict, errorCode) => {
  const row = findCode(code, family);
  assert.deepEqual([row?.verdict, row?.errorCode], [verdict, errorCode]);
});

Deno.test.each([20003, 20004, 20049, 20065, 20071, 20079, 20094, 20095])(
  "`findCode()` knows nothing of %i when a refresh token is presented",
  (code) => {
    for (const family of ["legacy", "oauth"] as const) assert.equal(findCode(code, family), undefined);
  },
);

Deno.test("`findCode()` knows nothing of refresh tokens when a code is presented", () => {
  for (const code of [20026, 20037, 20038, 20064, 20073, 99991669]) {
    for (const family of ["device", "code", "user"] as const) {
      assert.equal(findCode(code, family), undefined, `${code} of ${family}`);
    }
  }
});

Deno.test("`findCode()` knows nothing of app tokens when the endpoint takes none", () => {
  assert.equal(findCode(99991663, "oauth"), undefined);
  assert.equal(findCode(20014, "auth"), undefined);
});

Deno.test("`OAUTH_ERROR_TABLE` has one row at most for an error in a family", () => {
  const places = OAUTH_ERROR_TABLE.flatMap(({ error, families }) =>
    (families ?? ENDPOINT_FAMILIES).map((family) => `${family} ${error}`)
  );
  assert.deepEqual(places.filter((place, at) => places.indexOf(place) !== at), []);
});

Deno.test.each([
  "invalid_request",
  "invalid_client",
  "invalid_grant",
  "unauthorized_client",
  "unsupported_grant_type",
  "invalid_scope",
])(
  "`findOAuthError()` knows %s, as RFC 6749 lists it",
  (error) => {
    assert.notEqual(findOAuthError(error, "oauth"), undefined);
  },
);

Deno.test.each(
  [
    ["authorization_pending", "pending", "login_pending"],
    ["slow_down", "pending", "login_pending"],
    ["access_denied", "permanent", "login_denied"],
    ["expired_token", "permanent", "login_expired"],
    ["invalid_grant", "ambiguous", "login_outcome_unknown"],
    ["invalid_client", "config", "credentials_refused"],
    ["invalid_scope", "config", "scope_unknown"],
    ["invalid_request", "config", "feishu_refused"],
  ] as const,
)("`findOAuthError()` reads %s of the device flow as %s, %s", (error, verdict, errorCode) => {
  const row = findOAuthError(error, "device");
  assert.deepEqual([row?.verdict, row?.errorCode], [verdict, errorCode]);
});
