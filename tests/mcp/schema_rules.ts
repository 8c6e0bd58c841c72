import { z } from "zod";

/** A JSON Schema, or a part of one. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What of a schema a model's API refuses, one line each, with the place. */
export type SchemaRules = (schema: JsonSchema) => readonly string[];

const Parts = z.looseObject({
  properties: z.record(z.string(), z.looseObject({})).optional(),
  items: z.looseObject({}).optional(),
});

/**
 * OpenAI's strict function schemas, after what its libraries do to a tool that they are given: objects are closed, every
 * property is required. Refused are then open objects, defaults, lengths of texts, and combinations other than `anyOf`.
 *
 * @see https://platform.openai.com/docs/guides/structured-outputs#supported-schemas
 */
export const OPENAI_STRICT: SchemaRules = (schema) =>
  walk(schema, (part, place) => {
    const unknown = Object.keys(part).filter((keyword) => !OPENAI_KEYWORDS.has(keyword));
    const isOpen = part.additionalProperties !== undefined && part.additionalProperties !== false;
    return [
      ...unknown.map((keyword) => `${place}: ${keyword}`),
      ...(isOpen ? [`${place}: an object that is open`] : []),
      ...(typeof part.type === "string" || Array.isArray(part.anyOf) ? [] : [`${place}: no type`]),
    ];
  });

/**
 * google-genai, which takes an MCP tool's schema apart keyword by keyword: it goes into `additionalProperties` as into a
 * schema, which `false` is not, and its `Schema` has no keyword for a boolean there, for `default` in the Gemini API, for
 * `const`, exclusive bounds or references.
 *
 * @see https://ai.google.dev/api/caching#Schema
 */
export const GEMINI: SchemaRules = (schema) =>
  walk(schema, (part, place) => {
    const unknown = Object.keys(part).filter((keyword) => !GEMINI_KEYWORDS.has(keyword));
    return [
      ...unknown.map((keyword) => `${place}: ${keyword}`),
      ...(typeof part.type === "string" ? [] : [`${place}: a type that is no single name`]),
    ];
  });

/** Azure OpenAI and .NET's `Microsoft.Extensions.AI`: no `default`, and whole numbers within 64 bits. */
export const AZURE_AND_DOTNET: SchemaRules = (schema) =>
  walk(schema, (part, place) => "default" in part ? [`${place}: default`] : []);

const OPENAI_KEYWORDS: ReadonlySet<string> = new Set([
  ...["type", "description", "title", "enum", "const", "anyOf", "$ref", "$defs"],
  ...["properties", "required", "additionalProperties", "items", "minItems", "maxItems"],
  ...["pattern", "format", "multipleOf", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"],
]);
const GEMINI_KEYWORDS: ReadonlySet<string> = new Set([
  ...["type", "description", "title", "enum", "format", "nullable", "anyOf", "example"],
  ...["properties", "required", "propertyOrdering", "minProperties", "maxProperties"],
  ...["items", "minItems", "maxItems", "minLength", "maxLength", "pattern", "minimum", "maximum"],
]);

function walk(
  schema: JsonSchema,
  judge: (part: JsonSchema, place: string) => string[],
  place = "#",
): string[] {
  const { properties = {}, items } = Parts.parse(schema);
  return [
    ...judge(schema, place),
    ...Object.entries(properties).flatMap(([name, part]) => walk(part, judge, `${place}/${name}`)),
    ...(items === undefined ? [] : walk(items, judge, `${place}/items`)),
  ];
}
