import type { Random } from "../ports/random.ts";
import type { Authorization } from "./authorization_codes.ts";

/** The claim `auth_id` of each authorization: decimal digits that grow with time, as Feishu's seem to do. */
export class AuthorizationIds {
  readonly #random: Random;
  readonly #ids = new WeakMap<Authorization, string>();

  /** Builds ids from the time and from `random`, so that no two runs of the sandbox make the same. */
  constructor(random: Random) {
    this.#random = random;
  }

  /** The id of `authorization`, the same for each call. */
  of(authorization: Authorization): string {
    const id = this.#ids.get(authorization) ?? this.next(authorization.atMs);
    this.#ids.set(authorization, id);
    return id;
  }

  /** A new id. */
  next(atMs: number): string {
    const [a = 0, b = 0, c = 0] = this.#random.bytes(3);
    return String((BigInt(Math.floor(atMs)) << 21n) + BigInt(((a & 31) << 16) + (b << 8) + c));
  }
}
