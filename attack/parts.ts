import { connectionsPart } from "./connections/connections_part.ts";
import { diskPart } from "./disk/disk_part.ts";
import { feishuPart } from "./feishu/feishu_part.ts";
import { httpPart } from "./http/http_part.ts";
import { outagePart } from "./outage/outage_part.ts";
import type { Part } from "./part.ts";
import { pipesPart } from "./pipes/pipes_part.ts";
import { secretsPart } from "./secrets/secrets_part.ts";
import { storePart } from "./store/store_part.ts";

/** Every part of the suite, in the order in which they run. */
export const PARTS: readonly Part[] = [
  httpPart,
  feishuPart,
  storePart,
  pipesPart,
  secretsPart,
  outagePart,
  connectionsPart,
  diskPart,
];
