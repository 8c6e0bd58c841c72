import { createHash } from "node:crypto";
import type { Language, Phrase } from "../../errors/language.ts";
import type { Brand } from "../../brand.ts";
import { LANDING_STYLE } from "./landing_style.ts";
import { type LandingTexts, textsIn } from "./landing_texts.ts";

/** A tool as the page lists it. */
export interface LandingTool {
  /** For clients. */
  readonly name: string;
  /** For people. */
  readonly title: Phrase;
}

/** The facts that differ by request. */
export interface LandingFacts {
  /** The one under which the reader opened this server. */
  readonly origin: string;
  /** Whether callers need a key. Then nothing is told of the app. */
  readonly needsKey?: boolean;
  /** That of the app whose credentials count; absent where there are none. */
  readonly brand: Brand | undefined;
  /** Whether Feishu is simulated, so that no token works anywhere else. */
  readonly isSandbox: boolean;
  /** For a reader on this machine alone; absent for every other. */
  readonly forThisMachine?: { readonly appId: string | undefined; readonly store: Phrase };
}

/** The facts that are the same for every request. */
export interface LandingPageOptions {
  /** The program's version. */
  readonly version: string;
  /** In the order of the page. */
  readonly tools: readonly LandingTool[];
  /** Of the page. */
  readonly language: Language;
}

/** Makes the function that answers `/`: a page without scripts on what this server is and how to connect to it. */
export function createLandingPage(
  { version, tools, language }: LandingPageOptions,
): (facts: LandingFacts) => Response {
  const text = textsIn(language);
  const styleHash = createHash("sha256").update(LANDING_STYLE).digest("base64");
  const pageHeaders = {
    "content-type": "text/html; charset=utf-8",
    "vary": "accept-language",
    "content-security-policy":
      `default-src 'none'; style-src 'sha256-${styleHash}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`,
  };
  const toolRows = tools.map(({ name, title }) =>
    `<dt><code>${escapeHtml(name)}</code></dt><dd>${escapeHtml(title[language])}</dd>`
  ).join("\n");

  return (facts) => {
    const { origin, needsKey = false, isSandbox, forThisMachine } = facts;
    const endpoint = `${origin}/mcp`;
    const headerFlag = needsKey ? ' --header "Authorization: Bearer …"' : "";
    const headers = needsKey ? ', "headers": {"Authorization": "Bearer …"}' : "";
    const page = `<!doctype html>
<html lang="${language === "zh" ? "zh-CN" : "en"}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text.title}</title>
<style>${LANDING_STYLE}</style>
<main>
<h1>${text.title}</h1>
<p class="lead">${text.lead}</p>
<ul class="status">
<li><span class="good"><span class="dot"></span></span><b>${text.running}</b></li>
${credentialStatus(facts, text)}
${isSandbox ? `<li><span class="wait"><span class="dot"></span></span>${text.worthless}</li>` : ""}
</ul>
${forThisMachine === undefined ? "" : ownFacts(forThisMachine, text, language)}
<section>
<h2>${text.tools}</h2>
<dl>
${toolRows}
</dl>
</section>
<section>
<h2>${text.overHttp}</h2>
<p>${text.everyHttpClient}</p>
${code(endpoint)}
<p>${text.claudeCode}</p>
${code(`claude mcp add --transport http feishu-token ${endpoint}${headerFlag}`)}
<p>${text.otherClients}</p>
${code(`{"mcpServers": {"feishu-token": {"url": "${endpoint}"${headers}}}}`)}
</section>
<section>
<h2>${text.overStdio}</h2>
<p>${text.putYourOwn}</p>
${code(JSON.stringify({ mcpServers: { "feishu-token": STDIO_CLIENT } }, null, 2))}
</section>
<footer>feishu-token-mcp ${
      escapeHtml(version)
    } · ${text.state} <a href="/healthz">/healthz</a>, <a href="/readyz">/readyz</a></footer>
</main>
</html>
`;
    return new Response(page, { headers: pageHeaders });
  };
}

const STDIO_CLIENT = {
  command: "deno",
  args: [
    "run",
    "--quiet",
    "--no-prompt",
    "-P=serve",
    "/absolute/path/to/feishu-token-mcp/main.ts",
    "--stdio",
  ],
  env: { FEISHU_APP_ID: "cli_…", FEISHU_APP_SECRET: "…" },
};

function credentialStatus({ needsKey, brand, isSandbox }: LandingFacts, text: LandingTexts): string {
  if (needsKey) return `<li><span class="wait"><span class="dot"></span></span>${text.needsKey}</li>`;
  if (brand === undefined) {
    return `<li><span class="wait"><span class="dot"></span></span>${text.notConfigured}</li>`;
  }
  const whose = isSandbox ? text.sandboxApp : text[brand];
  return `<li><span class="good"><span class="dot"></span></span><b>${text.configured}</b>${whose}</li>`;
}

function ownFacts(
  { appId, store }: NonNullable<LandingFacts["forThisMachine"]>,
  text: LandingTexts,
  language: Language,
): string {
  const app = appId === undefined ? "" : fact("App ID", appId);
  return `<dl class="own">\n${app}${
    fact(text.store, store[language])
  }</dl>\n<p class="note">${text.onlyHere}</p>`;
}

function fact(name: string, value: string): string {
  return `<dt>${name}</dt><dd><code>${escapeHtml(value)}</code></dd>\n`;
}

function code(text: string): string {
  return `<pre><code>${escapeHtml(text)}</code></pre>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll(
    '"',
    "&quot;",
  );
}
