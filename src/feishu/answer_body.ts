import { parseCutJson } from "./parse_cut_json.ts";
import { type Fields, readFields } from "./lenient_fields.ts";

/** The body of an answer, as far as it could be read. */
export interface AnswerBody {
  /** Empty where the body is not even the beginning of a JSON object. */
  readonly fields: Fields;
  /** Whether the body is one whole JSON object. Otherwise any field may be missing. */
  readonly whole: boolean;
}

/** Reads the body as a JSON object, as far as possible. */
export function readAnswerBody(text: string): AnswerBody {
  try {
    const fields = readFields(JSON.parse(text));
    return { fields: fields ?? {}, whole: fields !== undefined };
  } catch {
    return { fields: readFields(parseCutJson(text)) ?? {}, whole: false };
  }
}
