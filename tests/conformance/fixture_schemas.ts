/** A schema for an object whose properties are all required. */
function objectOf(properties: Record<string, object>): FixtureSchema {
  return { type: "object", properties, required: Object.keys(properties) };
}

/** A JSON Schema of an object, as tools and elicitations take it. */
export interface FixtureSchema {
  readonly type: "object";
  readonly properties: Record<string, object>;
  readonly required?: string[];
  readonly [keyword: string]: unknown;
}

/** For a tool without arguments. */
export const NOTHING: FixtureSchema = { type: "object", properties: {} };

/** For the tool that has the client's model complete a prompt. */
export const PROMPT_ARGUMENT = objectOf({ prompt: { type: "string" } });

/** For the tool that shows the client's user a message. */
export const MESSAGE_ARGUMENT = objectOf({ message: { type: "string" } });

/** What that user is asked. */
export const CONTACT_FORM = objectOf({
  username: { type: "string", description: "User's response" },
  email: { type: "string", description: "User's email address" },
});

/** A form with a default of every primitive type (SEP-1034). */
export const DEFAULTS_FORM: FixtureSchema = {
  type: "object",
  properties: {
    name: { type: "string", default: "John Doe" },
    age: { type: "integer", default: 30 },
    score: { type: "number", default: 95.5 },
    status: { type: "string", enum: ["active", "inactive", "pending"], default: "active" },
    verified: { type: "boolean", default: true },
  },
};

/** A form with every kind of choice (SEP-1330). */
export const CHOICES_FORM: FixtureSchema = {
  type: "object",
  properties: {
    untitledSingle: { type: "string", enum: ["option1", "option2", "option3"] },
    titledSingle: { type: "string", oneOf: titled("Option") },
    legacyEnum: {
      type: "string",
      enum: ["opt1", "opt2", "opt3"],
      enumNames: ["Option One", "Option Two", "Option Three"],
    },
    untitledMulti: { type: "array", items: { type: "string", enum: ["option1", "option2", "option3"] } },
    titledMulti: { type: "array", items: { anyOf: titled("Choice") } },
  },
};

/** Keywords of JSON Schema 2020-12 that a server must pass on unchanged (SEP-1613, SEP-2106). */
export const JSON_SCHEMA_2020_12: FixtureSchema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  type: "object",
  $defs: {
    address: {
      $anchor: "addressDef",
      type: "object",
      properties: { street: { type: "string" }, city: { type: "string" } },
    },
  },
  properties: {
    name: { type: "string" },
    address: { $ref: "#/$defs/address" },
    contactMethod: { type: "string", enum: ["phone", "email"] },
    phone: { type: "string" },
    email: { type: "string" },
  },
  allOf: [{ anyOf: [{ required: ["phone"] }, { required: ["email"] }] }],
  if: { properties: { contactMethod: { const: "phone" } }, required: ["contactMethod"] },
  then: { required: ["phone"] },
  else: { required: ["email"] },
  additionalProperties: false,
};

function titled(word: string): object[] {
  return ["First", "Second", "Third"].map((ordinal, index) => ({
    const: `value${index + 1}`,
    title: `${ordinal} ${word}`,
  }));
}
