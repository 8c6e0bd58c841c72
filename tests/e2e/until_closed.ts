import { eventually } from "../support/eventually.ts";

/** Waits until nothing listens at `url` any more. */
export async function untilClosed(url: string): Promise<void> {
  await eventually(() => `${url} is closed`, async () => {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port: Number(new URL(url).port) })).close();
      return false;
    } catch {
      return true;
    }
  });
}
