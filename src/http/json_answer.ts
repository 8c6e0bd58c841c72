import { SECURITY_HEADERS } from "./security_headers.ts";

const JSON_HEADERS = { ...SECURITY_HEADERS, "content-type": "application/json" };

/**
 * A JSON answer with status 200 that is made a response last, when all its headers are known: setting them one by one on
 * a finished response took a tenth of a whole call.
 */
export class JsonAnswer {
  readonly #json: string;

  /** `json` is the body, as it is sent. */
  constructor(json: string) {
    this.#json = json;
  }

  /** The response, with the headers that every answer of this server carries. */
  toResponse(requestId: string): Response {
    return new Response(this.#json, { headers: { ...JSON_HEADERS, "x-request-id": requestId } });
  }
}
