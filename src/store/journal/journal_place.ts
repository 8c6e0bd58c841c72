import { base64url, utf8 } from "../files/bytes.ts";
import type { PlaceOptions } from "../files/place_options.ts";
import { type StorePlace, userDataDirectory } from "../files/store_place.ts";
import { storeFiles } from "../files/store_files.ts";

/**
 * The folder of the journal for a store at `place`: next to a KV file; for a database on the network in the user's
 * data directory, one for each URL; `null` where no disk outlives the process.
 *
 * @throws StartError when nothing tells where the user's data directory is.
 */
export async function journalPlace(
  place: StorePlace,
  options: Pick<PlaceOptions, "os" | "env">,
): Promise<string | null> {
  switch (place.kind) {
    case "memory":
    case "platform":
      return null;
    case "file":
      return storeFiles(place.path).journal;
    case "remote":
      return `${userDataDirectory(options)}/journal-${await urlHash(place.url)}`;
  }
}

/** A hash of the URL in its normal form: two spellings of one address share a journal. */
async function urlHash(url: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", utf8(new URL(url).href));
  return base64url(new Uint8Array(hash).slice(0, 9));
}
