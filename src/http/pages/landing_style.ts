/** The page's style sheet. It loads nothing: system fonts, no images. */
export const LANDING_STYLE = `
:root {
  color-scheme: light dark;
  --ground: light-dark(#f6f7f9, #101318);
  --card: light-dark(#ffffff, #181c23);
  --line: light-dark(#e1e4ea, #2a303a);
  --text: light-dark(#1b2029, #e6e9ef);
  --soft: light-dark(#596273, #9aa4b5);
  --accent: light-dark(#245bdb, #7ba4ff);
  --code: light-dark(#f1f3f7, #0f1217);
  --good: light-dark(#0f7b4c, #5fd6a2);
  --wait: light-dark(#955f00, #f0bd62);
}
* { box-sizing: border-box; }
body {
  margin: 0;
  padding: clamp(1.25rem, 5vw, 4rem) 1.25rem;
  background: var(--ground);
  color: var(--text);
  font: 1rem/1.6 system-ui, "Segoe UI", "PingFang SC", "Microsoft YaHei", sans-serif;
}
main { max-width: 46rem; margin: 0 auto; }
h1 { margin: 0; font-size: 1.75rem; line-height: 1.25; letter-spacing: -0.015em; }
h2 { margin: 0 0 0.25rem; font-size: 1.05rem; }
p { margin: 0.5rem 0 0; }
.lead { margin-top: 0.75rem; color: var(--soft); font-size: 1.0625rem; }
.status { display: flex; flex-wrap: wrap; gap: 0.5rem 1.5rem; margin: 1.5rem 0 0; padding: 0; list-style: none; }
.status b { font-weight: 600; }
.status code { white-space: nowrap; }
.status li { padding-left: 1.05rem; text-indent: -1.05rem; }
.dot { display: inline-block; width: 0.55rem; height: 0.55rem; margin-right: 0.5rem; border-radius: 50%; background: currentColor; }
.good { color: var(--good); }
.wait { color: var(--wait); }
section {
  margin-top: 1.25rem;
  padding: 1.25rem 1.5rem;
  border: 1px solid var(--line);
  border-radius: 0.75rem;
  background: var(--card);
}
section p { color: var(--soft); }
pre {
  margin: 0.5rem 0 0;
  padding: 0.75rem 1rem;
  border: 1px solid var(--line);
  border-radius: 0.5rem;
  background: var(--code);
  font-size: 0.875rem;
  line-height: 1.5;
  white-space: pre-wrap;
  overflow-wrap: anywhere;
}
pre + p { margin-top: 1rem; }
code { font: 0.875rem/1.5 ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace; }
dl { display: grid; grid-template-columns: auto 1fr; gap: 0.35rem 1.25rem; margin: 0.75rem 0 0; }
dt code { color: var(--accent); }
dd { margin: 0; color: var(--soft); }
dl.own { margin-top: 1rem; gap: 0.15rem 1.25rem; font-size: 0.9375rem; }
dl.own dd { min-width: 0; overflow-wrap: anywhere; }
.note { margin-top: 0.25rem; color: var(--soft); font-size: 0.875rem; }
footer { margin-top: 1.5rem; color: var(--soft); font-size: 0.875rem; }
a { color: var(--accent); }
@media (max-width: 34rem) { dl { grid-template-columns: 1fr; gap: 0; } dd { margin-bottom: 0.6rem; } }
`;
