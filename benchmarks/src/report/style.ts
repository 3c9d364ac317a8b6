/** The page's style sheet: one column of text, quiet rules, figures and tables that scroll by themselves. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #fdfdfb; --ink: #1d1f21; --muted: #63676b; --rule: #e3e3de; --notice: #fbf3df; --notice-rule: #d9a514;
  --series-1: #0b66a8; --series-2: #c8500b; --series-3: #13805c; --series-4: #a33e82;
  --series-5: #8a6a00; --series-6: #4f52b8; --series-7: #b3263c; --series-8: #4a5358;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15171a; --ink: #e7e7e3; --muted: #a0a4a8; --rule: #30343a; --notice: #2b2515; --notice-rule: #b88d1c;
    --series-1: #64b0ec; --series-2: #f28d4c; --series-3: #4fc79a; --series-4: #dd86be;
    --series-5: #d8b740; --series-6: #9a9df2; --series-7: #f27c8b; --series-8: #b4bcc2;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0 auto; max-width: 56rem; padding: 3rem 1.25rem 4rem;
  background: var(--paper); color: var(--ink);
  font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; -webkit-text-size-adjust: 100%;
}
h1 { margin: 0 0 .75rem; font-size: 1.9rem; line-height: 1.2; font-weight: 650; letter-spacing: -.01em; text-wrap: balance; }
h2 { margin: 3rem 0 1rem; font-size: 1.2rem; font-weight: 650; }
.kicker, .lead, figcaption, .small { color: var(--muted); }
.kicker { margin: 0 0 .5rem; font-size: .875rem; letter-spacing: .02em; }
figcaption, .small { font-size: .875rem; line-height: 1.5; }
.notice {
  margin: 1.5rem 0 0; padding: .75rem 1rem; border-left: 3px solid var(--notice-rule); background: var(--notice);
}
.notice + .notice { margin-top: .5rem; }
.scroll { overflow-x: auto; margin: 0 0 1rem; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; }
table, thead { border-bottom: 1px solid var(--ink); }
table { border-top: 1px solid var(--ink); }
th, td { padding: .4rem .5rem; text-align: left; vertical-align: top; }
th, .number { white-space: nowrap; }
td { min-width: 5.5rem; }
td.number { min-width: 0; }
thead th { font-weight: 500; color: var(--muted); vertical-align: bottom; }
thead th, thead .number { white-space: normal; }
tbody th { font-weight: 600; position: sticky; left: 0; background: var(--paper); }
tbody tr + tr { border-top: 1px solid var(--rule); }
.number { text-align: right; }
figure { margin: 0; }
figcaption { margin-top: .75rem; }
figure svg { display: block; width: 100%; height: auto; }
.narrow { display: none; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.5rem; margin: 0 0 1.5rem; font-size: .9rem; }
dt { color: var(--muted); }
dd { margin: 0; overflow-wrap: anywhere; }
.exact td { min-width: 11rem; overflow-wrap: anywhere; font: .8rem/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
code { font: .85em ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
@media (max-width: 36rem) {
  body { padding-top: 2rem; }
  h1 { font-size: 1.5rem; }
  .wide { display: none; }
  .narrow { display: block; }
  dl { gap: .25rem 1rem; }
}
@media (min-width: 66rem) { .scroll { margin-inline: -4rem; } }
@media print { body { max-width: none; padding: 0; } figure, tr { break-inside: avoid; } }
`;
