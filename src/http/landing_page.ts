import { createHash } from "node:crypto";
import { CREDENTIAL_HEADERS } from "./header_source.ts";
import { LANDING_STYLE } from "./landing_style.ts";

/** A tool as the page names it. */
export interface LandingTool {
  /** As clients call it. */
  readonly name: string;
  /** As people read it. */
  readonly title: string;
}

/** What the page says besides what never changes. */
export interface LandingFacts {
  /** Where the reader opened this server. */
  readonly origin: string;
  /** Whether there are app credentials: the page says yes or no and never more. */
  readonly isConfigured: boolean;
}

/** Makes the function that answers `/`: one page without script that says what this is and how to connect to it. */
export function createLandingPage(
  { version, tools }: { readonly version: string; readonly tools: readonly LandingTool[] },
): (facts: LandingFacts) => Response {
  const styleHash = createHash("sha256").update(LANDING_STYLE).digest("base64");
  const headers = {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy":
      `default-src 'none'; style-src 'sha256-${styleHash}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`,
  };
  const toolRows = tools.map(({ name, title }) =>
    `<dt><code>${escapeHtml(name)}</code></dt><dd>${escapeHtml(title)}</dd>`
  ).join("\n");

  return ({ origin, isConfigured }) => {
    const endpoint = `${origin}/mcp`;
    const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Feishu tokens</title>
<style>${LANDING_STYLE}</style>
<main>
<h1>Feishu tokens</h1>
<p class="lead">An MCP server that gives AI agents, scripts and services a Feishu or Lark token that works now.</p>
<ul class="status">
<li><span class="good"><span class="dot"></span></span><b>Running</b></li>
${credentialStatus(isConfigured)}
</ul>
<section>
<h2>Tools</h2>
<dl>
${toolRows}
</dl>
</section>
<section>
<h2>Connect over HTTP</h2>
<p>For every client that takes a Streamable HTTP address.</p>
${code(endpoint)}
<p>Claude Code:</p>
${code(`claude mcp add --transport http feishu-token ${endpoint}`)}
<p>Cursor and other clients that read <code>mcpServers</code>:</p>
${code(`{"mcpServers": {"feishu-token": {"url": "${endpoint}"}}}`)}
</section>
<section>
<h2>Connect over stdio</h2>
<p>The client starts the server itself. Put your own path and credentials in.</p>
${code(JSON.stringify({ mcpServers: { "feishu-token": STDIO_CLIENT } }, null, 2))}
</section>
<footer>feishu-token-mcp ${
      escapeHtml(version)
    } · state: <a href="/healthz">/healthz</a>, <a href="/readyz">/readyz</a></footer>
</main>
</html>
`;
    return new Response(page, { headers });
  };
}

const STDIO_CLIENT = {
  command: "deno",
  args: ["run", "-P=serve", "--no-prompt", "/path/to/feishu-token-mcp/main.ts", "--stdio"],
  env: { FEISHU_APP_ID: "cli_…", FEISHU_APP_SECRET: "…" },
};

function credentialStatus(isConfigured: boolean): string {
  return isConfigured
    ? `<li><span class="good"><span class="dot"></span></span><b>App credentials configured</b></li>`
    : `<li><span class="wait"><span class="dot"></span></span><b>No app credentials</b>: set <code>FEISHU_APP_ID</code> and <code>FEISHU_APP_SECRET</code> and restart, or let clients send <code>${CREDENTIAL_HEADERS.app_id}</code> and <code>${CREDENTIAL_HEADERS.app_secret}</code></li>`;
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
