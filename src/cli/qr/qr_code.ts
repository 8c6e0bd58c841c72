import type { Platform } from "../../platform.ts";
import { drawnWidth, drawQr } from "./draw_qr.ts";
import { qrStyle } from "./qr_style.ts";

/** Width of the light frame that scanners need, in modules (ISO/IEC 18004, 9.1). */
const QUIET_ZONE = 4;

/**
 * `link` as lines of text that a phone can scan from the terminal on standard error; `undefined` where there is none, or
 * where it is too narrow, or has no colours.
 */
export async function qrCode(
  link: string,
  platform: Pick<Platform, "isTerminal" | "env" | "os" | "columns">,
): Promise<string | undefined> {
  const style = qrStyle(platform);
  const columns = platform.columns("stderr");
  if (style === "none" || columns === undefined) return undefined;
  // Loaded on demand: a server never needs it.
  const { encode } = await import("uqr");
  const { data } = encode(link, { border: QUIET_ZONE, ecc: "L" });
  return drawnWidth(data, style) <= columns ? drawQr(data, style) : undefined;
}
