import type { ComposedServer } from "../../compose.ts";

/** Who asks Feishu for the outcome of a login after this command has ended. */
export type Poller = "nobody" | "server";

/**
 * Who will. Another process of this machine that has the store open counts as a server: it also takes over logins that
 * others have started. Not seen are servers on other machines, which share a store over the network, and not told apart
 * are commands that run at the same moment, and servers without this app's secret.
 */
export async function polledBy(server: Pick<ComposedServer, "hasOtherProcesses">): Promise<Poller> {
  return await server.hasOtherProcesses() ? "server" : "nobody";
}
