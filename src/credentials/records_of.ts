import type { Brand } from "../brand.ts";
import type { AppCredentials } from "../ports/feishu.ts";

/**
 * Under which brand the records of an app of `brand` are named, where `isImplied`: an official host as the base URL told the
 * brand, and nobody else did. Version 0.1.0 took such an app for one of `feishu`, and a server of that version may still
 * share the store.
 */
export function recordsOf(brand: Brand, isImplied: boolean): Pick<AppCredentials, "recordBrand"> {
  return isImplied && brand !== "feishu" ? { recordBrand: "feishu" } : {};
}
