import assert from "node:assert/strict";

const INIT = { headers: { connection: "close" } };

/**
 * Opens the link as a browser does, and presses a button of the page that it leads to: the one of the first form agrees,
 * the one of the second declines. Returns what the program says in the browser.
 */
export async function decideInBrowser(link: string, decision: "approve" | "deny"): Promise<string> {
  const page = await fetch(link, INIT);
  const html = await page.text();
  const forms = [...html.matchAll(/<form method="post" action="([^"]*)">(.*?)<\/form>/g)];
  const [, action = "", inputs = ""] = forms.at(decision === "approve" ? 0 : 1) ?? assert.fail(html);
  const body = new URLSearchParams();
  for (const [, name = "", value = ""] of inputs.matchAll(/name="([^"]*)" value="([^"]*)"/g)) {
    body.append(name, value.replaceAll("&quot;", '"').replaceAll("&amp;", "&"));
  }
  return await (await fetch(new URL(action, page.url), { ...INIT, method: "POST", body })).text();
}
