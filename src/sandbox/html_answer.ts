import type { Answer } from "./answer.ts";

/** A page, with Feishu's code for the record of calls: 0 for success. */
export function htmlAnswer(title: string, content: string, code = 0): Answer {
  return {
    status: 200,
    contentType: "text/html; charset=utf-8",
    headers: { "Cache-Control": "no-store", "Referrer-Policy": "no-referrer" },
    body:
      `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>${
        escapeHtml(title)
      }</title></head>` +
      `<body><h1>${escapeHtml(title)}</h1>${content}</body></html>`,
    code,
  };
}

/** A form with a button that posts the hidden `fields` to `action`. */
export function hiddenForm(
  action: string,
  button: string,
  fields: Readonly<Record<string, string | undefined>>,
): string {
  const inputs = Object.entries(fields).map(([name, value]) =>
    value === undefined ? "" : `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`
  );
  return `<form method="post" action="${escapeHtml(action)}">${inputs.join("")}` +
    `<button type="submit">${escapeHtml(button)}</button></form>`;
}

/** Escapes `text` for the content of an element or a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll(
    '"',
    "&quot;",
  );
}
