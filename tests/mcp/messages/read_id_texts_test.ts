import assert from "node:assert/strict";
import { readIdTexts } from "../../../src/mcp/messages/read_id_texts.ts";

const NONE = { id: undefined, requestId: undefined };

Deno.test.each<[text: string, id: string | undefined, requestId: string | undefined]>([
  ['{"id":1.50}', "1.50", undefined],
  [' { "x" : 1 , "id" : -0 } ', "-0", undefined],
  ['{"id":1e400,"params":{"requestId":9007199254740993}}', "1e400", "9007199254740993"],
  ['{"\\u0069d":1.0}', "1.0", undefined],
  ['{"id":"1.0","params":[1.0]}', undefined, undefined],
  ['{"id":[1.0],"params":{"requestId":{"requestId":1.0}}}', undefined, undefined],
  ['{"requestId":1.0,"params":{"id":2.0}}', undefined, undefined],
  ['{"result":{"id":1.0},"a":[{"id":2.0}],"id":3.0}', "3.0", undefined],
  ['{"x":"\\"id\\":1.0","y\\\\":"\\\\","id":3.0}', "3.0", undefined],
  ['{"x":"}]{[,","id":3.0}', "3.0", undefined],
  ['{"id":1.0,"id":2.0}', "2.0", undefined],
  ['{"id":1.0,"id":"a"}', undefined, undefined],
  ['{"params":{"requestId":1.0},"params":{}}', undefined, undefined],
  ["{}", undefined, undefined],
  ["1.0", undefined, undefined],
])("readIdTexts() reads the ids of %s", (text, id, requestId) => {
  assert.deepEqual(readIdTexts(text), [{ id, requestId }]);
});

Deno.test("readIdTexts() reads the ids of a batch in its order", () => {
  const batch = '[ {"id":1.0} , [{"id":2.0}], "x", 5 ,{"params":{"requestId":3.0}}, {"id":4.0,"x":[[],{}]} ]';
  assert.deepEqual(readIdTexts(batch), [
    { ...NONE, id: "1.0" },
    NONE,
    NONE,
    NONE,
    { ...NONE, requestId: "3.0" },
    { ...NONE, id: "4.0" },
  ]);
  assert.deepEqual(readIdTexts("[]"), []);
});

Deno.test("readIdTexts() passes what is nested deeper than a stack reaches", () => {
  const deep = "[".repeat(60_000) + "]".repeat(60_000);
  assert.deepEqual(readIdTexts(`{"x":${deep},"id":1.50}`), [{ ...NONE, id: "1.50" }]);
});
