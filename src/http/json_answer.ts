import { SECURITY_HEADERS } from "./security/security_headers.ts";

const JSON_HEADERS = { ...SECURITY_HEADERS, "content-type": "application/json" };

/**
 * A JSON answer that becomes a response when all of its headers are known: setting them one by one on a finished
 * response took a tenth of a whole call.
 */
export class JsonAnswer {
  /** As in {@linkcode JsonAnswerOptions}. */
  readonly isRoutine: boolean;
  readonly #json: string;
  readonly #status: number;

  /** Has `json` as its body. */
  constructor(json: string, { status = 200, isRoutine = false }: JsonAnswerOptions = {}) {
    this.#json = json;
    this.#status = status;
    this.isRoutine = isRoutine;
  }

  /** Makes the response, with the headers that every answer of this server has. */
  toResponse(requestId: string): Response {
    return new Response(this.#json, {
      status: this.#status,
      headers: { ...JSON_HEADERS, "x-request-id": requestId },
    });
  }
}

/** Options of a {@linkcode JsonAnswer}. */
export interface JsonAnswerOptions {
  /** 200 by default. */
  readonly status?: number;
  /** Whether well-behaved clients cause it when they connect, so that it is logged at debug level. */
  readonly isRoutine?: boolean | undefined;
}
