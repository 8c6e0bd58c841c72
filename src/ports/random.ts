/** Unpredictable values. The real source is the platform's cryptographic generator; tests pass a seeded one. */
export interface Random {
  /** `length` random bytes. */
  bytes(length: number): Uint8Array<ArrayBuffer>;
  /** A number in [0, 1), for jitter only, never for a secret. */
  fraction(): number;
}
