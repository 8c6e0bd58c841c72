import type { Brand } from "../brand.ts";
import type { Language } from "./language.ts";

/** Whom a failure is shown to. */
export interface Audience {
  /** What they read. */
  readonly language: Language;
  /** Of the app that the call was about, where that is known: decides which developer console is named. */
  readonly brand?: Brand | undefined;
}

/** The log and whoever is not known. */
export const ENGLISH: Audience = { language: "en" };
