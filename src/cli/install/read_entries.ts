import type { Platform } from "../../platform.ts";
import type { FileEdit } from "../client_files/edit_file.ts";
import { decodeFile } from "../client_files/file_text.ts";
import { linkTarget } from "../client_files/link_target.ts";
import { readClientFile } from "../client_files/read_client_file.ts";
import { clientFileError } from "../client_files/unfit_client_file.ts";
import type { McpClient } from "../clients/mcp_client.ts";

/** A client's file as it is. */
export interface ClientEntries {
  /** Its entries by their names. */
  readonly entries: ReadonlyMap<string, unknown>;
  /** A change of the file that has changed nothing. */
  readonly edit: FileEdit;
}

/**
 * Reads the entries of a client's file. Where there is no file, there are none.
 *
 * @throws StartError in one line.
 */
export async function readEntries(
  client: McpClient,
  path: string,
  os: Platform["os"],
): Promise<ClientEntries> {
  try {
    const target = await linkTarget(path);
    const { bytes, mode } = await readClientFile(target, os);
    const content = bytes ?? new Uint8Array();
    const entries = client.format.entries(decodeFile(content).text);
    return { entries, edit: { path: target, before: bytes, after: content, mode } };
  } catch (error) {
    throw clientFileError(path, error);
  }
}
