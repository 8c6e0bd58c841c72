/** Lines over stdio that are no requests, or hardly, without their newlines. `secret` is looked for in the log. */
export function malformedLines(secret: string): (string | Uint8Array<ArrayBuffer>)[] {
  const open = `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"refresh_feishu_user_token",`;
  return [
    ...["", " ", "{", "[]", "null", "1", '"x"', "\r", "\r\r", "\0".repeat(100)],
    Uint8Array.of(0xff, 0xfe),
    Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b, 0x7d),
    '{"jsonrpc":"2.0"}',
    '{"jsonrpc":"2.0","id":null,"method":"x"}',
    '{"jsonrpc":"1.0","id":"old","method":"tools/list"}',
    '{"id":"none","method":"tools/list"}',
    '{"jsonrpc":"2.0","id":1.5,"method":"tools/list"}',
    '{"jsonrpc":"2.0","id":"odd","method":17}',
    '{"jsonrpc":"2.0","id":"bad","method":"tools/list","params":[]}',
    '{"__proto__":{"x":1},"jsonrpc":"2.0","id":"pp","method":"ping"}',
    '{"jsonrpc":"2.0","id":{},"method":"tools/list"}',
    '[{"jsonrpc":"2.0","id":5,"method":"tools/list"}]',
    '{"jsonrpc":"2.0","id":7,"result":{}}',
    '{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":[1]}}',
    '{"jsonrpc":"2.0","method":"notifications/cancelled"}',
    "[".repeat(100_000),
    '{"a":'.repeat(20_000),
    `{"refresh_token":"${secret}"`,
    `ur-${secret}`,
    `${open}"arguments":{"refresh_token":"${secret}`,
    `{"jsonrpc":"2.0","id":"name","method":"${secret}"}`,
  ];
}
