/** The style sheet of the page. Both themes are one set of properties, which the chart is drawn with, too. */
export const style = /* css */ `
:root {
  color-scheme: light dark;
  --paper: light-dark(#ffffff, #0f1217);
  --raised: light-dark(#f7f8fa, #171b22);
  --rule: light-dark(#e2e5ea, #2a303a);
  --edge: light-dark(#1b202940, #e7eaef40);
  --text: light-dark(#1b2029, #e7eaef);
  --faint: light-dark(#5a6372, #9ba5b4);
  --accent: light-dark(#1d5fa8, #7cb4f0);
  --good: light-dark(#0a6347, #6fd3ab);
  --good-tint: light-dark(#e4f5ed, #12302a);
  --bad: light-dark(#a01f35, #ff9aa5);
  --bad-tint: light-dark(#fdecee, #3a1a21);
  --doubt: light-dark(#7a5000, #f0c469);
  --doubt-tint: light-dark(#fdf2d9, #33290f);
  --chart-answered: light-dark(#1f6fb2, #6db3f2);
  --chart-ok: light-dark(#0b8467, #4fc3a1);
  --chart-ok-tint: light-dark(#0b846720, #4fc3a130);
  --chart-due: light-dark(#6b7480, #a5afbd);
  --chart-p50: light-dark(#1f6fb2, #6db3f2);
  --chart-p95: light-dark(#b86200, #f0a050);
  --chart-errors: light-dark(#a8324a, #ff8fa0);
  --chart-errors-tint: light-dark(#a8324a28, #ff8fa030);
  --chart-fault: light-dark(#6a4c93, #b79be0);
  --chart-fault-tint: light-dark(#e6ddf3, #3a2f52);
  --chart-anomaly: light-dark(#a87400, #e0ac3c);
  --chart-anomaly-tint: light-dark(#fdf0d3, #372c12);
  --chart-uncounted: light-dark(#eef0f3, #1b2029);
  --chart-phase: light-dark(#eff1f4, #232933);
}
:root[data-theme='light'] { color-scheme: light; }
:root[data-theme='dark'] { color-scheme: dark; }
* { box-sizing: border-box; }
html { scroll-padding-top: 4rem; -webkit-text-size-adjust: 100%; }
body {
  margin: 0;
  background: var(--paper);
  color: var(--text);
  font: 15px/1.6 system-ui, -apple-system, 'Segoe UI', sans-serif;
  overflow-wrap: anywhere;
}
a { color: var(--accent); text-underline-offset: 3px; text-decoration-thickness: 1px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.skip { position: absolute; left: 1rem; top: -4rem; background: var(--paper); padding: 0.5rem 1rem; z-index: 3; }
.skip:focus { top: 0.5rem; }
.bar {
  position: sticky; top: 0; z-index: 2;
  display: flex; align-items: center; gap: 1.5rem;
  padding: 0.6rem max(1.25rem, calc((100vw - 68rem) / 2));
  background: var(--paper);
  border-bottom: 1px solid var(--rule);
}
.brand { font-weight: 650; letter-spacing: -0.01em; white-space: nowrap; }
.brand small { color: var(--faint); font-weight: 400; font-size: inherit; }
.bar nav { flex: 1; overflow-x: auto; scrollbar-width: none; }
.bar ul { display: flex; gap: 1.1rem; margin: 0; padding: 0.15rem; list-style: none; white-space: nowrap; }
.bar nav a { color: var(--faint); text-decoration: none; font-size: 13px; }
.bar nav a:hover { color: var(--text); }
button {
  font: inherit; font-size: 13px; line-height: 1; color: var(--text);
  background: var(--paper); border: 1px solid var(--rule); border-radius: 6px;
  min-width: 2rem; padding: 0.5rem 0.6rem; cursor: pointer;
}
button:hover { background: var(--raised); }
#theme[aria-pressed='true']::before { content: '☾'; }
#theme[aria-pressed='false']::before { content: '☀'; }
main, footer { max-width: 70.5rem; margin: 0 auto; padding: 0 1.25rem; }
section { margin: 3.5rem 0 0; }
h1 { font-size: clamp(1.4rem, 1rem + 1.6vw, 2rem); line-height: 1.25; letter-spacing: -0.02em; font-weight: 650; margin: 0.9rem 0 0.6rem; max-width: 52rem; text-wrap: balance; }
h2 { font-size: 1.2rem; letter-spacing: -0.01em; font-weight: 650; margin: 0 0 0.8rem; }
h3 { font-size: 0.95rem; font-weight: 650; margin: 1.6rem 0 0.4rem; }
p { margin: 0 0 0.6rem; max-width: 48rem; }
.note { color: var(--faint); font-size: 13px; margin: 0.5rem 0 0; }
.verdict { margin-top: 3rem; }
.verdict .more { color: var(--faint); max-width: 48rem; }
.verdict .figures { margin-top: 1.8rem; }
.eyebrow { color: var(--faint); font-size: 13px; margin: 0 0 0.9rem; max-width: none; }
.badge {
  display: inline-block; white-space: nowrap; border-radius: 99px; padding: 0.05rem 0.6rem;
  font-size: 12.5px; font-weight: 600; background: var(--raised); color: var(--faint);
}
.verdict .badge { font-size: 14px; padding: 0.2rem 0.8rem; }
.badge.passed { color: var(--good); background: var(--good-tint); }
.badge.failed { color: var(--bad); background: var(--bad-tint); }
.badge.inconclusive { color: var(--doubt); background: var(--doubt-tint); }
.notice { border-left: 3px solid var(--rule); background: var(--raised); border-radius: 0 8px 8px 0; padding: 0.9rem 1.2rem; margin: 1.6rem 0 0; }
.notice.doubts { border-color: var(--doubt); background: var(--doubt-tint); }
.notice h2 { font-size: 0.95rem; margin: 0 0 0.3rem; }
.notice ul { margin: 0; padding-left: 1.1rem; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr)); gap: 1rem 2rem; margin: 0; }
.figures dd { font-size: 1.25rem; letter-spacing: -0.01em; }
.figures small { display: block; letter-spacing: 0; }
.lines { margin: 0; }
.lines div { display: grid; grid-template-columns: 9rem 1fr; gap: 0 1.5rem; padding: 0.35rem 0; border-top: 1px solid var(--rule); }
.lines div:first-child { border-top: 0; }
dt { color: var(--faint); font-size: 13px; }
dd { margin: 0; font-variant-numeric: tabular-nums; }
.scroll {
  overflow-x: auto; margin: 0 0 1.4rem; border: 1px solid var(--rule); border-radius: 8px;
  /* A shadow stands at an edge beyond which there is more: at either end of the table, paper that moves with it covers it. */
  background:
    linear-gradient(to right, var(--paper) 50%, transparent) left / 2.5rem 100% no-repeat local,
    linear-gradient(to left, var(--paper) 50%, transparent) right / 2.5rem 100% no-repeat local,
    linear-gradient(to right, var(--edge), transparent) left / 0.9rem 100% no-repeat scroll,
    linear-gradient(to left, var(--edge), transparent) right / 0.9rem 100% no-repeat scroll,
    var(--paper);
}
table { border-collapse: collapse; width: 100%; font-size: 13.5px; line-height: 1.45; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
caption { text-align: left; font-weight: 600; padding: 0.7rem 0.9rem; overflow-wrap: anywhere; }
th, td { text-align: left; vertical-align: top; padding: 0.5rem 0.9rem; border-top: 1px solid var(--rule); max-width: 26rem; overflow-wrap: break-word; }
thead th { color: var(--faint); font-weight: 500; font-size: 12.5px; background: var(--raised); }
tbody .number { white-space: nowrap; }
.prose { min-width: 12rem; overflow-wrap: anywhere; }
tbody th { font-weight: 500; }
.note + .scroll { margin-top: 1.4rem; }
.number { text-align: right; }
tr.failed > th:first-child { box-shadow: inset 3px 0 var(--bad); }
tr.inconclusive > th:first-child { box-shadow: inset 3px 0 var(--doubt); }
td strong { font-weight: 650; color: var(--bad); }
small { color: var(--faint); font-size: 12px; }
.share { background: linear-gradient(to left, var(--chart-errors-tint) calc(var(--share) * 100%), transparent 0); display: block; margin: -0.15rem -0.3rem; padding: 0.15rem 0.3rem; border-radius: 3px; }
code, pre { font: 12.5px/1.55 ui-monospace, 'SF Mono', Menlo, Consolas, monospace; }
pre { background: var(--raised); border: 1px solid var(--rule); border-radius: 8px; padding: 0.9rem 1.1rem; overflow: auto; max-height: 32rem; margin: 0 0 1rem; overflow-wrap: normal; }
details { margin: 1rem 0; }
summary { cursor: pointer; font-weight: 600; font-size: 0.95rem; margin-bottom: 0.5rem; }
.timeline { position: relative; margin: 0; }
#tools { display: flex; flex-wrap: wrap; gap: 0.35rem; align-items: center; margin-bottom: 0.7rem; }
#tools[hidden], #theme[hidden] { display: none; }
#shown { color: var(--faint); font-size: 13px; margin-left: 0.5rem; font-variant-numeric: tabular-nums; }
#plot { touch-action: pan-y; cursor: crosshair; user-select: none; }
#plot svg { display: block; max-width: 100%; height: auto; }
#reading {
  position: absolute; z-index: 1; pointer-events: none; width: max-content; max-width: 17rem;
  background: var(--paper); border: 1px solid var(--rule); border-radius: 8px; padding: 0.6rem 0.8rem;
  box-shadow: 0 6px 24px light-dark(#1b202924, #000000a0); font-size: 12.5px; line-height: 1.45;
}
#reading p { font-weight: 650; margin: 0 0 0.3rem; }
#reading dl { display: grid; grid-template-columns: auto 1fr; gap: 0 0.9rem; margin: 0; }
#reading dd { text-align: right; }
.legend { display: flex; flex-wrap: wrap; gap: 0.2rem 1.1rem; margin: 0 0 0.8rem; padding: 0; list-style: none; color: var(--faint); font-size: 12.5px; }
.swatch { display: inline-block; width: 20px; height: 10px; margin-right: 0.4rem; text-align: center; font: 600 9px/9px system-ui, sans-serif; color: var(--text); }
.swatch.line { height: 0; vertical-align: middle; border-top: 2px solid; }
.swatch.answered, .swatch.p50 { border-color: var(--chart-answered); }
.swatch.due { border-top-style: dotted; border-color: var(--chart-due); }
.swatch.baseline { border-top-style: dashed; border-color: var(--faint); }
.swatch.p95 { border-top-style: dashed; border-color: var(--chart-p95); }
.swatch.limit { border-top-style: dotted; border-color: var(--chart-anomaly); }
.swatch.ok { background: var(--chart-ok-tint); border-top: 2px solid var(--chart-ok); }
.swatch.errors { background: var(--chart-errors-tint); border-top: 2px solid var(--chart-errors); }
.swatch.anomaly { background: var(--chart-anomaly-tint); }
.swatch.uncounted { background: var(--chart-uncounted); border: 1px solid var(--rule); }
.swatch.phase { background: var(--chart-phase); border-radius: 3px; }
.swatch.fault { background: var(--chart-fault-tint); border: 1px solid var(--chart-fault); }
.swatch.undone { border: 1px solid var(--chart-fault); }
.swatch.window { background: var(--chart-anomaly); opacity: 0.7; }
.swatch.unattributed { border: 1px dashed var(--chart-anomaly); }
.files { display: flex; flex-wrap: wrap; gap: 0.5rem 1.5rem; padding: 0; margin: 0; list-style: none; }
footer { color: var(--faint); font-size: 13px; margin-top: 4rem; padding-block: 1.5rem 3rem; border-top: 1px solid var(--rule); }
@media (max-width: 640px) {
  .bar { gap: 0.9rem; }
  .brand small { display: none; }
  section { margin-top: 2.5rem; }
  .verdict { margin-top: 1.8rem; }
  th, td, caption { padding-inline: 0.65rem; }
  th, td { max-width: 12rem; }
  tbody th { max-width: 9.5rem; }
  .prose { min-width: 9.5rem; }
  .lines div { grid-template-columns: 1fr; }
  .figures { grid-template-columns: 1fr 1fr; }
}
@media (hover: none) { #plot-keys { display: none; } }
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
@media print {
  :root, :root[data-theme] { color-scheme: light; }
  @page { margin: 14mm; }
  body { font-size: 10.5pt; }
  .bar, .skip, #tools, #plot-keys, #reading { display: none !important; }
  main, footer { max-width: none; padding: 0; }
  section { margin-top: 1.6rem; }
  .scroll, pre { overflow: visible; max-height: none; white-space: pre-wrap; }
  .scroll { white-space: normal; }
  .scroll { background: none; }
  .prose { min-width: 0; }
  table, thead th { font-size: 8pt; }
  th, td, caption { padding: 0.25rem 0.4rem; overflow-wrap: break-word; }
  .figures { grid-template-columns: repeat(4, 1fr); }
  h2, h3, caption { break-after: avoid; }
  tr, figure, .notice { break-inside: avoid; }
  details::details-content { content-visibility: visible; block-size: auto; }
  .badge, .share, .swatch, .notice { print-color-adjust: exact; }
}
`;
