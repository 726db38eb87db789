import { Resvg } from '@resvg/resvg-js';
import { describe, expect, it } from 'vitest';
import { annotations } from './annotations.ts';
import type { GateReport } from './judge.ts';
import { junitXml } from './junit.ts';
import { gateMarkdown } from './markdown.ts';
import type { GateVerdict } from './verdict.ts';

/** All that has a meaning in XML, Markdown, HTML or a workflow command, and what XML has no way to say. */
const nasty = `a<b> & "c" 'd' | \`e\` %0A ::x:: @you #1 ]]> \u0001\uFFFE\uD800\t\n_f_ *g* [h](i)`;

function verdict(change: Partial<GateVerdict> = {}): GateVerdict {
  return {
    gate: 'p(99) < 250 during recovery',
    name: null,
    status: 'passed',
    metric: 'p99',
    phase: 'recovery',
    node: null,
    fault: null,
    comparison: '<',
    limit: 250,
    unit: 'ms',
    measured: 198.25,
    at_least: false,
    uncertainty: null,
    margin: 51.75,
    margin_pct: 20.7,
    why: 'of 1,200 requests',
    place: 'scenarios/chaos.yaml:4:5',
    ...change,
  };
}

const failed = verdict({
  gate: 'error_rate < 1%',
  status: 'failed',
  unit: 'share',
  limit: 0.01,
  measured: 0.0312,
  margin: -0.0212,
  margin_pct: -212,
});
const unknown = verdict({
  gate: nasty,
  name: nasty,
  status: 'inconclusive',
  measured: null,
  margin: null,
  margin_pct: null,
  why: nasty,
  place: null,
});

function report(change: Partial<GateReport> = {}): GateReport {
  return {
    run_id: 'failure-1',
    baseline_id: 'calm-1',
    scenario: nasty,
    duration_sec: 80,
    status: 'failed',
    exit_code: 99,
    gates: [verdict(), failed, unknown],
    checks: [
      {
        of: 'fault',
        name: 'f1 (kill a) takes effect',
        status: 'inconclusive',
        why: 'no effect of it was seen',
      },
      { of: 'undo', name: 'f1 (kill a) is undone', status: 'skipped', why: 'there was nothing to undo' },
      { of: 'undo', name: nasty, status: 'failed', why: nasty },
    ],
    doubts: [],
    warnings: [nasty],
    ...change,
  };
}

describe('JUnit XML', () => {
  const xml = junitXml(report());

  it('is well-formed, whatever gates and nodes are called', () => {
    // What draws SVG parses XML strictly: as a part of a drawing it must stand.
    const drawn = (inner: string) =>
      new Resvg(
        `<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"><metadata>${inner}</metadata></svg>`,
      );
    expect(xml.startsWith('<?xml version="1.0" encoding="UTF-8"?>\n')).toBe(true);
    const body = xml.slice(xml.indexOf('\n'));
    expect(() => drawn(body)).not.toThrow();
    expect(() => drawn(body.replace('&lt;', '<'))).toThrow();
  });

  it('has a case for each gate, fault and undo, with what each came to', () => {
    const cases = [...xml.matchAll(/<testcase classname="([^"]+)" name="([^"]+)"[^>]*>\n<(\S+)/g)];
    expect(cases.map(([, suite, , outcome]) => [suite, outcome?.replace(/>.*/, '')])).toEqual([
      ['orch.gates', 'system-out'],
      ['orch.gates', 'failure'],
      ['orch.gates', 'error'],
      ['orch.faults', 'error'],
      ['orch.undo', 'skipped'],
      ['orch.undo', 'failure'],
    ]);
    expect(xml).toContain(
      '<testsuites name="orch: failure-1 against calm-1" tests="6" failures="2" errors="2" skipped="1" time="80.000">',
    );
    expect(xml).toContain('file="scenarios/chaos.yaml" line="4"');
  });

  it('has text in attributes come out as it went in, but for what XML cannot say', () => {
    const [, name = ''] = /<testcase classname="orch.gates" name="(a&lt;[^"]*)"/.exec(xml) ?? [];
    const read = name.replaceAll(/&(?:#(\d+)|(\w+));/g, (_, code?: string, word?: string) =>
      code === undefined
        ? { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }[word ?? '']!
        : String.fromCodePoint(Number(code)),
    );
    expect(read).toBe(nasty.replace('\u0001\uFFFE\uD800', '\uFFFD\uFFFD\uFFFD'));
  });
});

describe('annotations', () => {
  it('name what did not pass, at its line, with what would end a command escaped', () => {
    expect(annotations(report(), (file) => `repository/${file}`)).toEqual([
      '::error file=repository/scenarios/chaos.yaml,line=4,title=orch%3A failed::error_rate < 1%25: 3.12%25, of 1,200 requests',
      expect.stringMatching(
        /^::warning title=orch%3A inconclusive::a<b> & .* %250A ::x:: @you [^\n]*%0A_f_ [^\n]*$/,
      ),
      '::warning title=orch%3A inconclusive::f1 (kill a) takes effect: no effect of it was seen',
      expect.stringMatching(/^::error title=orch%3A failed::a<b> [^\n]*$/),
    ]);
  });

  it('say nothing of a run that passed, and why nothing can be concluded where there is no gate', () => {
    expect(annotations(report({ gates: [verdict()], checks: [], status: 'passed' }), String)).toEqual([]);
    const doubtful = report({
      gates: [],
      checks: [],
      status: 'inconclusive',
      doubts: ['the run was cut off'],
    });
    expect(annotations(doubtful, String)).toEqual([
      '::warning title=nothing can be concluded::the run was cut off',
    ]);
  });
});

describe('Markdown', () => {
  const lines = gateMarkdown(report()).split('\n');

  it('begins with what came of it, and has a row for each gate', () => {
    expect(lines.slice(0, 3)).toEqual([
      '<!-- orch: gates -->',
      '',
      '### ❌ 1 gate passed, 1 failed, 1 inconclusive',
    ]);
    expect(lines).toContain(
      '| ✅ | `p(99) < 250 during recovery` | 198.3 ms | +51.75 ms (+20.7%) | of 1,200 requests |',
    );
    expect(lines).toContain('| ❌ | `error_rate < 1%` | 3.12% | −2.12% (−212%) | of 1,200 requests |');
  });

  it('holds any name: no cell ends early, nothing becomes markup, nobody is told', () => {
    const rows = lines.filter((line) => line.startsWith('| ❔ | a'));
    expect(rows).toHaveLength(1);
    // Of the bars in a row, those that end a cell have no backslash.
    expect(rows[0]?.match(/(?<!\\)\|/g)).toHaveLength(6);
    expect(rows[0]).toContain(
      String.raw`a&lt;b&gt; &amp; "c" 'd' \| \`e\` %0A ::x:: @<!-- -->you #<!-- -->1`,
    );
    expect(rows[0]).toContain(String.raw`\_f\_ \*g\* \[h\](i)<br>`);
    // The same as code: the fence is longer than any within.
    expect(rows[0]).toContain('<br>`` a<b> & "c" \'d\' \\| `e` ');
  });
});
