import type * as sdk from "../../../src/mcp/messages/sdk.ts";
import type * as sdkServer from "../../../src/mcp/sdk_server.ts";

/** True for `any` alone, which is what the SDK's types silently become without their directive. */
type IsAny<T> = 0 extends 1 & T ? true : false;

function assertTyped<T>(_isAny: IsAny<T> extends true ? never : false): void {}

Deno.test("sdk.ts and sdk_server.ts export real types", () => {
  assertTyped<typeof sdkServer.Server>(false);
  assertTyped<sdk.Transport>(false);
  assertTyped<sdk.JSONRPCMessage>(false);
  assertTyped<sdk.CallToolResult>(false);
});
