import { Buffer } from "node:buffer";
import type { Random } from "../ports/random.ts";

/** A value for `X-Tt-Logid`: UTC time to the second in 14 digits, then 20 upper-case hex digits. */
export function createLogId(nowMs: number, random: Random): string {
  const digits = new Date(nowMs).toISOString().replaceAll(/\D/g, "").slice(0, 14);
  return digits + Buffer.from(random.bytes(10)).toString("hex").toUpperCase();
}

/** A value for `X-Request-Id`: a random UUID. */
export function createRequestId(random: Random): string {
  const bytes = Buffer.from(random.bytes(16));
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
