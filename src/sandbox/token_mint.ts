import { Buffer } from "node:buffer";
import type { Random } from "../ports/random.ts";
import { AUTHORIZATION_LIFE_MS, type Generation } from "./token_lifetimes.ts";

const TENANT_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const TENANT_RANDOM_LENGTH = 36;

/** Makes a signed token 1 to 2 KB long, like Feishu's. */
const PADDING_BYTES = 600;

/** Lifetime of every access token of the newer generations, in seconds. */
const SIGNED_LIFE_SECONDS = 7200;

/** Names the signing key in each head: decimal digits, as Feishu's. */
const KEY_ID = "7000000000000000001";

/** A claim that user tokens have had since May 2026. Its names were seen, and no values. */
const SESSION_EXTRA = {
  is_anonymous: false,
  need_auth: false,
  valid_for_app_id: "",
  dpop_thumbprint: "",
  tenant_create_source: "",
};

/** Claims of a signed token. */
export interface TokenClaims {
  /** Of the app to which it is issued. */
  readonly appId: string;
  /** Space-separated. */
  readonly scope: string;
  /** Unix milliseconds. */
  readonly issuedAtMs: number;
  /** Of user tokens: source of the claims about the authorization. */
  readonly authorization?: { readonly id: string; readonly atMs: number };
}

/** The texts of a new pair. */
export interface MintedPair {
  /** Of the user token. */
  readonly accessToken: string;
  /** Of the refresh token. */
  readonly refreshToken: string;
}

/** Makes the texts of tokens in Feishu's forms. Does not record them. */
export class TokenMint {
  readonly #random: Random;
  #signingKey: Promise<CryptoKey> | undefined;

  /** Makes its signing key when the first signed token is made. */
  constructor(random: Random) {
    this.#random = random;
  }

  /** An app or tenant token: `t-g1044` and 36 upper-case letters or digits. */
  tenantToken(): string {
    const letters = Array.from(
      this.#random.bytes(TENANT_RANDOM_LENGTH),
      (byte) => TENANT_ALPHABET.charAt(byte % TENANT_ALPHABET.length),
    );
    return `t-g1044${letters.join("")}`;
  }

  /** An authorization code: 64 of `[A-Za-z0-9_-]`. */
  code(): string {
    return this.#base64url(48);
  }

  /** The code that a person types in the device flow: 4 and 4 upper-case letters and digits. */
  userCode(): string {
    const letters = Array.from(
      this.#random.bytes(8),
      (byte) => TENANT_ALPHABET.charAt(byte % TENANT_ALPHABET.length),
    );
    return `${letters.slice(0, 4).join("")}-${letters.slice(4).join("")}`;
  }

  /** A user's pair: `u-…` and `ur-…` for the older generations, signed tokens for the newer. */
  async pair(generation: Generation, claims: TokenClaims): Promise<MintedPair> {
    if (generation === "v1" || generation === "oidc") {
      return { accessToken: `u-${this.#base64url(33)}`, refreshToken: `ur-${this.#base64url(33)}` };
    }
    return {
      accessToken: await this.signed("access_token", claims),
      refreshToken: await this.signed("refresh_token", claims),
    };
  }

  /**
   * A JSON Web Token, signed with ES256, 1 to 2 KB long, with the claims that samples of Feishu's have. Nothing in it
   * names the person: at Feishu that is in `enc`, encrypted, and here `enc` is random.
   */
  async signed(use: string, claims: TokenClaims): Promise<string> {
    const head = { alg: "ES256", typ: "JWT", kid: KEY_ID, feature_code: "FeatureOAuthJWTSign_CN" };
    const { authorization } = claims;
    const issuedAtS = Math.floor(claims.issuedAtMs / 1000);
    const authorizedAtS = Math.floor((authorization?.atMs ?? 0) / 1000);
    const body = {
      jti: this.#digits(),
      iat: issuedAtS,
      // Whether refresh tokens have this claim is not known: no sample was found.
      ...(use === "refresh_token" ? {} : { exp: issuedAtS + SIGNED_LIFE_SECONDS }),
      ver: "v1",
      typ: use,
      client_id: claims.appId,
      scope: claims.scope,
      ...(authorization === undefined ? {} : {
        auth_id: authorization.id,
        auth_time: authorizedAtS,
        auth_exp: authorizedAtS + AUTHORIZATION_LIFE_MS / 1000,
      }),
      unit: "sandbox",
      tenant_unit: "sandbox",
      opaque: true,
      enc: this.#base64url(PADDING_BYTES),
      enc_ver: "v1",
      ...(use === "access_token" ? { session_extra: SESSION_EXTRA } : {}),
    };
    const content = `${encode(JSON.stringify(head))}.${encode(JSON.stringify(body))}`;
    this.#signingKey ??= createSigningKey();
    const signature = await crypto.subtle.sign(
      { name: "ECDSA", hash: "SHA-256" },
      await this.#signingKey,
      new TextEncoder().encode(content),
    );
    return `${content}.${Buffer.from(signature).toString("base64url")}`;
  }

  /** A decimal number of 19 digits. */
  #digits(): string {
    const digits = Array.from(this.#random.bytes(18), (byte) => String(byte % 10));
    return `7${digits.join("")}`;
  }

  #base64url(byteLength: number): string {
    return Buffer.from(this.#random.bytes(byteLength)).toString("base64url");
  }
}

function encode(text: string): string {
  return Buffer.from(text).toString("base64url");
}

async function createSigningKey(): Promise<CryptoKey> {
  const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, [
    "sign",
    "verify",
  ]);
  return pair.privateKey;
}
