import type { Brand } from "../brand.ts";
import type { Language } from "./language.ts";

/** Where a failure is met: in an answer of the server, over MCP or HTTP, or on the command line. */
export const DOORS = ["server", "cli"] as const;

/** One of {@linkcode DOORS}. */
export type Door = (typeof DOORS)[number];

/** Whom a failure is shown to. */
export interface Audience {
  /** What they read. */
  readonly language: Language;
  /** Brand of the app that the call was about, where it is known: decides which developer console is named. */
  readonly brand?: Brand | undefined;
  /** `server` by default. */
  readonly door?: Door;
}

/** The log, and readers whose language is not known. */
export const ENGLISH: Audience = { language: "en" };
