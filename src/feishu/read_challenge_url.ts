import { isLoopbackHost } from "../net/is_loopback_host.ts";
import { type Fields, readFields, readText } from "./lenient_fields.ts";

/** Domains of Feishu's and Lark's own pages. */
const DOMAINS: readonly string[] = ["feishu.cn", "larksuite.com", "larkoffice.com"];

/** Longest address that is believed, in characters. It is stored, and shown to people. */
const LONGEST_URL = 2_048;

/**
 * The page on which a person passes a security check. Feishu's answers have it in one of three places: flat from the
 * token endpoints, in `data` from the gateway, in `error.data` from MCP servers; sometimes between blanks or backticks.
 * A person is sent there, so that only `https` pages of Feishu or Lark count, and `http` pages on this machine, where the
 * sandbox listens.
 */
export function readChallengeUrl(fields: Fields): string | undefined {
  return [fields, readFields(fields.data), readFields(readFields(fields.error)?.data)]
    .map((each) => readPage(each?.challenge_url))
    .find((url) => url !== undefined);
}

function readPage(value: unknown): string | undefined {
  const url = URL.parse(readText(value)?.replaceAll(/^[\s`]+|[\s`]+$/g, "") ?? "");
  if (url === null || url.username !== "" || url.password !== "") return undefined;
  const isFit = url.protocol === "https:" && isOfFeishu(url) ||
    url.protocol === "http:" && isLoopbackHost(url.hostname);
  return isFit && url.href.length <= LONGEST_URL ? url.href : undefined;
}

function isOfFeishu({ hostname, port }: URL): boolean {
  return port === "" && DOMAINS.some((domain) => hostname === domain || hostname.endsWith(`.${domain}`));
}
