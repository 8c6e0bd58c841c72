import os from "node:os";

/** The machine on which figures were measured: processors, memory, system, Deno. */
export function machine(): string {
  const [cpu] = os.cpus();
  const memoryGib = Math.round(os.totalmem() / 2 ** 30);
  return `${os.cpus().length} × ${cpu?.model.trim()}, ${memoryGib} GiB, ${os.type()} ${os.release()}, ` +
    `Deno ${Deno.version.deno}`;
}
