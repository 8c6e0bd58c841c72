import { parseCutJson } from "./parse_cut_json.ts";
import { type Fields, readFields } from "./lenient_fields.ts";

/** What could be read of an answer's body. */
export interface AnswerBody {
  /** Empty when the body is no JSON object, not even the beginning of one. */
  readonly fields: Fields;
  /** Whether the whole body is one JSON object; otherwise `fields` may lack anything. */
  readonly whole: boolean;
}

/** Reads the body as a JSON object, as far as it goes. */
export function readAnswerBody(text: string): AnswerBody {
  try {
    const fields = readFields(JSON.parse(text));
    return { fields: fields ?? {}, whole: fields !== undefined };
  } catch {
    return { fields: readFields(parseCutJson(text)) ?? {}, whole: false };
  }
}
