import { createHash } from 'node:crypto';
import { breakdownSection } from './breakdown-section.ts';
import { pageScript } from './browser/script.ts';
import { comparisonSection } from './comparison-section.ts';
import { examplesSection } from './examples-section.ts';
import type { ReportFacts } from './facts.ts';
import { faultsSection } from './faults-section.ts';
import { gatesSection } from './gates-section.ts';
import { howSection } from './how-section.ts';
import { html, type Markup, raw } from './markup.ts';
import { type Section, sectionMarkup } from './section.ts';
import { style } from './style.ts';
import { type TimelineChart, timelineSection } from './timeline-section.ts';
import { verdictOf } from './verdict.ts';
import { noticesMarkup, verdictMarkup } from './verdict-section.ts';
import { windowsSection } from './windows-section.ts';
import { writesSection } from './writes-section.ts';

/**
 * The report as a page by itself: it asks for nothing, from no network. What came from the run is text in it, and were it ever
 * more than that, the policy lets no script run but the two that are named by their hashes, and no request go anywhere. Vega
 * makes functions of the expressions in a chart, hence `unsafe-eval`; they are ours.
 * @param vega The script that defines `vega`.
 */
export function reportPage(facts: ReportFacts, chart: TimelineChart, vega: string): string {
  const verdict = verdictOf(facts);
  const sections = sectionsOf(facts, chart);
  const scripts = [vega, pageScript()].map(inElement);
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src ${scripts.map(hashOf).join(' ')} 'unsafe-eval'; base-uri 'none'; form-action 'none'`;
  return html`<!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="referrer" content="no-referrer">
    <title>${verdict.badge}: ${facts.run.scenario ?? facts.run.run_id}</title>
    <style>${raw(style)}</style>
    </head>
    <body>
    <a class="skip" href="#main">To the report</a>
    <header class="bar">
      <span class="brand">orch <small>report</small></span>
      <nav aria-label="Sections"><ul>${sections.map(({ id, menu }) => html`<li><a href="${`#${id}`}">${menu}</a></li>`)}</ul></nav>
      <button type="button" id="theme" aria-label="Dark theme" aria-pressed="false" hidden></button>
    </header>
    <main id="main">
      ${verdictMarkup(verdict, facts)}
      ${noticesMarkup(facts)}
      ${sections.map(sectionMarkup)}
    </main>
    <footer>Made by orch ${facts.version}, of ${facts.run.run_id}. The chart is drawn by Vega (BSD-3-Clause), which is part of this file.</footer>
    ${scripts.map((script) => html`<script>${raw(script)}</script>`)}
    </body>
    </html>
    `.text;
}

function sectionsOf(facts: ReportFacts, chart: TimelineChart): readonly Section[] {
  return [
    gatesSection(facts),
    timelineSection(facts, chart),
    comparisonSection(facts),
    faultsSection(facts),
    windowsSection(facts),
    writesSection(facts),
    breakdownSection(facts),
    examplesSection(facts),
    howSection(facts),
    filesSection(facts),
  ].filter((section) => section !== null);
}

function filesSection({ files }: ReportFacts): Section {
  return {
    id: 'files',
    title: 'Files',
    menu: 'Files',
    body: html`<ul class="files">${files.map(fileLink)}</ul>`,
  };
}

function fileLink({ name, path }: ReportFacts['files'][number]): Markup {
  const address = path.split('/').map(encodeURIComponent).join('/');
  return html`<li><a href="${address}">${name}</a></li>`;
}

/** A script as it may stand in its element, which its own text would otherwise end. */
function inElement(script: string): string {
  return script.replaceAll('</script', String.raw`<\/script`);
}

function hashOf(script: string): string {
  return `'sha256-${createHash('sha256').update(script).digest('base64')}'`;
}
