import type { Brand } from "../brand.ts";
import type { TokenError } from "../errors/token_error.ts";
import type { KeptApp } from "./app_keeper.ts";

/** A registration that waits for a person, for showing it. The code that fetches its outcome is not in it. */
export interface WaitingRegistration {
  /** Name that the app is to have. */
  readonly name: string;
  /** Brand whose page it is. */
  readonly brand: Brand;
  /** Page on which the person makes the app. */
  readonly pageUrl: string;
  /** The code that the page shows. */
  readonly userCode: string;
  /** Unix milliseconds. */
  readonly expiresAtMs: number;
}

/** How a registration stands. One that has failed is thrown as the error that says why. */
export type RegistrationProgress =
  | {
    readonly kind: "pending";
    /** When to ask again, in milliseconds. */
    readonly retryAfterMs: number;
    /** Whether an administrator has to agree first. */
    readonly isAwaitingApproval: boolean;
    /** What keeps it from going on, although it will be tried again. */
    readonly problem?: TokenError;
  }
  | { readonly kind: "done"; readonly app: KeptApp };

/**
 * Registration of apps by scan. Every method throws `TokenError`: what the store and Feishu do, and the codes
 * `registration_…`.
 */
export interface AppRegistrar {
  /** The registration of this name that waits for a person; `null` where there is none. */
  waiting(name: string): Promise<WaitingRegistration | null>;
  /** Starts one, stored before this resolves, or returns the one of this name that waits. */
  start(request: {
    readonly name: string;
    readonly brand: Brand;
    /** Of user tokens. */
    readonly scopes: readonly string[];
  }): Promise<WaitingRegistration>;
  /**
   * Asks once how the registration of this name stands. An app is kept, under this name or, where that was taken
   * meanwhile, one like it, before this resolves.
   */
  poll(name: string): Promise<RegistrationProgress>;
  /**
   * Proves that the app works, which may take a moment after it was made.
   *
   * @throws TokenError why it does not; the reason of `signal`.
   */
  prove(app: KeptApp, signal: AbortSignal): Promise<void>;
}
