import type { Brand } from "../brand.ts";
import type { AppCredentials } from "../ports/feishu.ts";

/**
 * The brand under which the store names the records of an app, if it is not `brand`. Where only an official host as
 * the base URL implied the brand, version 0.1.0 named them under `feishu`, and a server of that version may share the
 * store.
 *
 * @param isImplied whether only the base URL told the brand.
 */
export function recordsOf(brand: Brand, isImplied: boolean): Pick<AppCredentials, "recordBrand"> {
  return isImplied && brand !== "feishu" ? { recordBrand: "feishu" } : {};
}
