import { resolve } from "node:path";
import type { Phrase } from "../../errors/language.ts";
import { verbatim } from "../../errors/verbatim.ts";
import type { StorePlace } from "./store_place.ts";

/** An absolute path of any system. */
const ABSOLUTE = /^(?:[/\\]|[A-Za-z]:)/;

/** Where a store is, in words or as its path. Of a URL only the origin: the rest may hold a password or a key. */
export function shownPlace(place: StorePlace): Phrase {
  switch (place.kind) {
    case "file":
      // A relative path says nothing to a reader who does not know the working directory.
      return verbatim(ABSOLUTE.test(place.path) ? place.path : resolve(place.path));
    case "memory":
      return { en: "in memory", zh: "在内存中" };
    case "remote": {
      const { origin } = new URL(place.url);
      return { en: `the database at ${origin}`, zh: `位于 ${origin} 的数据库` };
    }
    case "platform":
      return { en: "the platform's database", zh: "托管平台的数据库" };
  }
}
