import type { ReportFacts } from './facts.ts';
import { count, ms, percent, rps, seconds } from './figures.ts';
import { type Content, html, type Markup } from './markup.ts';
import { badge, prose } from './section.ts';
import { factList } from './table.ts';
import type { Verdict } from './verdict.ts';

/** The head of the report: one sentence, and of what. */
export function verdictMarkup({ kind, badge: word, sentence, more }: Verdict, facts: ReportFacts): Markup {
  const { run, analysis } = facts;
  const { run_summary: summary } = run;
  return html`<section class="verdict" aria-labelledby="verdict">
    <p class="eyebrow">${whatItWas(facts)}</p>
    ${badge(kind, word)}
    <h1 id="verdict">${sentence}</h1>
    ${more.map((text) => html`<p class="more">${prose(text)}</p>`)}
    ${factList('figures', [
      ['Requests due', count(summary.due)],
      ['Error rate', [percent(summary.error_rate), beside(analysis?.baseline_summary.error_rate, percent)]],
      ['Goodput', [rps(summary.goodput_rps), beside(analysis?.baseline_summary.goodput_rps, rps)]],
      ['Latency p95', [ms(summary.p95_latency_ms), beside(analysis?.baseline_summary.p95_latency_ms, ms)]],
    ])}
  </section>`;
}

function beside<T>(baseline: T | undefined, show: (value: T) => string): Content {
  return baseline !== undefined && html` <small>baseline ${show(baseline)}</small>`;
}

function whatItWas({ run, analysis, manifest }: ReportFacts): Content {
  const { scenario, mode, run_id, run_summary } = run;
  const began =
    manifest === null
      ? null
      : new Date(manifest.started_at_sec * 1000).toISOString().slice(0, 16).replace('T', ' ');
  const words = [
    scenario ?? 'scenario unknown',
    mode,
    began === null ? null : `${began} UTC`,
    seconds(run_summary.duration_sec),
    `run ${run_id}`,
    analysis === null ? 'no baseline' : `baseline ${analysis.baseline_id}`,
  ];
  return words.filter((word) => word !== null).join(' · ');
}

/** What must be known before the numbers are trusted. It is never folded away. */
export function noticesMarkup({ gates: { doubts, warnings } }: ReportFacts): Content {
  return [
    doubts.length > 0 && notice('doubts', 'Nothing can be concluded from this run', doubts),
    warnings.length > 0 && notice('warnings', 'To be known before these numbers are trusted', warnings),
  ];
}

function notice(kind: string, title: string, lines: readonly string[]): Markup {
  return html`<section class="${`notice ${kind}`}" aria-labelledby="${kind}">
    <h2 id="${kind}">${title}</h2>
    <ul>${lines.map((line) => html`<li>${line}</li>`)}</ul>
  </section>`;
}
