import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Manifest } from '../model/manifest.ts';
import { buildAnalysis, faultSpan } from '../testing/analysis-builder.ts';
import { gateReport, gateVerdict, recoveryOf, reportFacts } from '../testing/report-builder.ts';
import { manifestOf } from '../testing/run-files.ts';
import type { ReportFacts } from './facts.ts';
import { makeReport } from './report.ts';

/** All that ends an element or an attribute. */
const nasty = `</script></style></title></pre><img src=x onerror="alert(1)"> ' " & <!--`;

/** The page without its scripts and its style sheet, which are ours. */
async function pageOf(facts: ReportFacts): Promise<string> {
  const page = await makeReport(facts);
  return page.replaceAll(/<script>[^]*?<\/script>|<style>[^]*?<\/style>/g, '');
}

describe('the report', () => {
  it('has one heading, and a title for each section that its menu leads to', async () => {
    const page = await pageOf(reportFacts());
    expect(page.match(/<h1/g)).toHaveLength(1);
    const targets = [...page.matchAll(/<li><a href="#([\w-]+)"/g)].map(([, id]) => id);
    expect(targets).toContain('timeline');
    for (const id of targets) expect(page).toContain(`<section id="${id}" aria-labelledby="${id}-title">`);
  });

  it('asks no network for anything, and names its scripts by their hashes', async () => {
    const page = await makeReport(reportFacts());
    const [, policy = ''] = /Content-Security-Policy" content="([^"]+)"/.exec(page) ?? [];
    expect(policy).toMatch(/^default-src &#39;none&#39;; /);
    const scripts = [...page.matchAll(/<script>([^]*?)<\/script>/g)].map(([, script]) => script ?? '');
    expect(scripts).toHaveLength(2);
    for (const script of scripts)
      expect(policy).toContain(`sha256-${createHash('sha256').update(script).digest('base64')}`);
    expect(await pageOf(reportFacts())).not.toMatch(/(?:src|href)="(?!#|metrics\.csv)/);
  });

  it('escapes whatever came from the run, in text and in data', async () => {
    const fault = faultSpan({ node: nasty, phase: nasty, effect: nasty, means: nasty });
    const analysis = buildAnalysis({
      nodes: [nasty, 'b'],
      faults: [fault],
      phases: [{ name: nasty, start_sec: 0, end_sec: 80 }],
    });
    const manifest: Manifest = JSON.parse(manifestOf({ reason: nasty })) as Manifest;
    const example = {
      due_sec: 1,
      node: nasty,
      outcome: 'fail',
      status: 503,
      latency_ms: 1,
      service_ms: 1,
      error: nasty,
      phase: nasty,
      op: nasty,
      trace_id: nasty,
      faults: [nasty],
    } as const;
    const page = await pageOf(
      reportFacts(
        {
          ...analysis,
          scenario: nasty,
          run_id: nasty,
          baseline_id: nasty,
          warnings: [nasty],
          recoveries: [recoveryOf('f1')],
        },
        {
          gates: gateReport({
            gates: [gateVerdict({ gate: nasty, name: nasty, why: nasty })],
            warnings: [nasty],
            doubts: [nasty],
          }),
          manifest: { ...manifest, scenario: { ...manifest.scenario, text: nasty, path: nasty } },
          examples: {
            slowest: [example],
            errors: [{ error: nasty, outcome: 'fail', status: 503, count: 1, first: [example] }],
            others: 0,
          },
        },
      ),
    );
    expect(page).not.toContain('<img');
    expect(page).not.toContain('</title></pre>');
    // What ends a script are the two that hold data, and nothing else.
    expect(page.match(/<\/script>/g)).toHaveLength(2);
    for (const [, data = ''] of page.matchAll(/<script type="application\/json"[^>]*>([^]*?)<\/script>/g))
      expect(JSON.parse(data)).toBeTypeOf('object');
  });

  it('says of a run of another origin what it knows, and what it does not', async () => {
    const { run, examples } = reportFacts({ scenario: null, mode: null, phases: [], faults: [] });
    const page = await pageOf(reportFacts({}, { run, examples, analysis: null, manifest: null }));
    expect(page).toContain('the run has rows, and no manifest');
    expect(page).toContain('No baseline');
    expect(page).not.toContain('NaN');
    expect(page).not.toContain('undefined');
  });

  it('shows doubts and warnings unfolded, before anything that they are about', async () => {
    const gates = gateReport({
      status: 'inconclusive',
      doubts: ['the generator lagged'],
      warnings: ['2 rows left out'],
    });
    const page = await pageOf(reportFacts({}, { gates }));
    const places = ['the generator lagged', '2 rows left out', 'id="timeline-title"'].map((text) =>
      page.indexOf(text),
    );
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places.every((place) => place > 0)).toBe(true);
    expect(page.slice(0, places[2])).not.toContain('<details');
  });

  it('says why it is not known whether writes were lost', async () => {
    const page = await pageOf(reportFacts({ correctness_reason: 'its nodes did not answer' }));
    expect(page).toContain('Whether acknowledged writes were lost is not known: its nodes did not answer.');
    expect(await pageOf(reportFacts())).not.toContain('Lost writes');
  });

  it('shows the first two hundred rows of a long table, and says so', async () => {
    const { run_tables } = buildAnalysis();
    const [node] = run_tables.per_node;
    const per_node = Array.from({ length: 1234 }, (_, index) => ({ ...node!, name: `node-${index}` }));
    const page = await pageOf(reportFacts({ run_tables: { ...run_tables, per_node } }));
    expect(page).toContain('<caption>Per node (the first 200 of 1,234)</caption>');
    expect(page).toContain('node-199<');
    expect(page).not.toContain('node-200<');
  });

  it('stays below 2 MB with a hundred nodes, thirty faults and five thousand seconds', async () => {
    const nodes = Array.from({ length: 100 }, (_, index) => `service-node-${index}`);
    const faults = Array.from({ length: 30 }, (_, index) =>
      faultSpan({
        id: `f${index}`,
        node: nodes[index]!,
        effective_sec: 100 + index * 160,
        undone_sec: 200 + index * 160,
      }),
    );
    const big = buildAnalysis({ nodes, faults, durationSec: 5000, rps: 20, phases: [] });
    const recoveries = faults.map(({ id }) => recoveryOf(id));
    const page = await makeReport(reportFacts({ ...big, recoveries }));
    expect(Buffer.byteLength(page)).toBeLessThan(2e6);
    expect(page).toContain('so that no spike is missing');
  });
});
