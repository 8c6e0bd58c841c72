import { SECURITY_HEADERS } from "./security/security_headers.ts";

const JSON_HEADERS = { ...SECURITY_HEADERS, "content-type": "application/json" };

/**
 * A JSON answer that is made a response last, when all its headers are known: setting them one by one on a finished
 * response took a tenth of a whole call.
 */
export class JsonAnswer {
  /** Whether clients cause it in the ordinary course of connecting. */
  readonly isRoutine: boolean;
  readonly #json: string;
  readonly #status: number;

  /** `json` is the body, as it is sent. */
  constructor(json: string, { status = 200, isRoutine = false }: JsonAnswerOptions = {}) {
    this.#json = json;
    this.#status = status;
    this.isRoutine = isRoutine;
  }

  /** The response, with the headers that every answer of this server carries. */
  toResponse(requestId: string): Response {
    return new Response(this.#json, {
      status: this.#status,
      headers: { ...JSON_HEADERS, "x-request-id": requestId },
    });
  }
}

/** What {@linkcode JsonAnswer} may be besides a success. */
export interface JsonAnswerOptions {
  /** The HTTP status; 200 unless given. */
  readonly status?: number;
  /** Whether clients cause it in the ordinary course of connecting, so that it is no news for the log. */
  readonly isRoutine?: boolean | undefined;
}
