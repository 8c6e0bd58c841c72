import assert from "node:assert/strict";

const SOURCE = new URL("../../src/", import.meta.url);
const CHINESE = /\p{Script=Han}/u;

/** What is the same in every language: nothing, or a name as Feishu's API has it. */
const NEUTRAL = /^(["`])(?:[a-z]+(?:_[a-z]+)+)?\1$/;

/**
 * Phrases whose Chinese is a text of its own without a single Chinese character. The type `Phrase` already keeps a text
 * from having no Chinese at all; this keeps it from having English there.
 */
function englishOnly(found: string[]): Deno.lint.Plugin {
  return {
    name: "phrases",
    rules: {
      chinese: {
        create(context): Deno.lint.LintVisitor {
          return {
            ObjectExpression({ properties }): void {
              const values = new Map(
                properties.flatMap((property) =>
                  property.type === "Property" && property.key.type === "Identifier"
                    ? [[property.key.name, property.value] as const]
                    : []
                ),
              );
              const [en, zh] = [values.get("en"), values.get("zh")];
              if (en === undefined || zh === undefined) return;
              const text = context.sourceCode.getText(zh);
              // What is put together elsewhere is looked at there.
              const isWritten = zh.type === "Literal" || zh.type === "BinaryExpression" ||
                (zh.type === "TemplateLiteral" && zh.quasis.some(({ cooked }) => /\p{L}{2}/u.test(cooked)));
              if (isWritten && !NEUTRAL.test(text) && !CHINESE.test(text)) found.push(text);
            },
          };
        },
      },
    },
  };
}

async function sourcesIn(folder: URL): Promise<URL[]> {
  const found: URL[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const url = new URL(isDirectory ? `${name}/` : name, folder);
    if (isDirectory) found.push(...await sourcesIn(url));
    else if (name.endsWith(".ts")) found.push(url);
  }
  return found;
}

function englishPhrasesIn(text: string): string[] {
  const found: string[] = [];
  Deno.lint.runPlugin(englishOnly(found), "phrases.ts", text);
  return found;
}

Deno.test("every phrase of the program is Chinese in Chinese", async () => {
  let phrases = 0;
  for (const url of await sourcesIn(SOURCE)) {
    const text = await Deno.readTextFile(url);
    phrases += text.match(/\bzh: /g)?.length ?? 0;
    assert.deepEqual(englishPhrasesIn(text), [], url.pathname);
  }
  assert(phrases > 200, `only ${phrases} phrases were looked at`);
});

Deno.test.each([
  ['const phrase = { en: "The store is gone", zh: "The store is gone" };'],
  ["const phrase = { en: `${path} is gone`, zh: `${path} is gone` };"],
  ['const phrase = { en: "The store " + "is gone", zh: "The store " + "is gone" };'],
])("a phrase that is English in Chinese is found: %s", (source) => {
  assert.equal(englishPhrasesIn(source).length, 1);
});

Deno.test.each([
  ['const phrase = { en: "The store is gone", zh: "存储已不存在" };'],
  ["const phrase = { en: `${problem.en}: ${step.en}`, zh: `${problem.zh}：${step.zh}` };"],
  ["const phrase = { en: text, zh: text };"],
])("a phrase that is Chinese, or put together of others, is left alone: %s", (source) => {
  assert.deepEqual(englishPhrasesIn(source), []);
});
