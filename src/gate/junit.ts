import type { RunCheck } from './checks.ts';
import type { GateReport } from './judge.ts';
import { placeOf, sentenceOf, titleOf } from './lines.ts';

/** A case as JUnit has it. */
interface Case {
  readonly suite: string;
  readonly name: string;
  readonly status: RunCheck['status'];
  readonly message: string;
  readonly file: string | null;
  readonly line: string | null;
}

/**
 * The report as JUnit XML: a case for each gate, for each fault that was to take effect, and for each undo. What failed is a
 * `failure`; what cannot be told is an `error`, for CI takes what was `skipped` for well; `skipped` is only an undo of nothing.
 */
export function junitXml(report: GateReport): string {
  const cases = casesOf(report);
  const suites = [...Map.groupBy(cases, ({ suite }) => suite)].map(([name, own]) =>
    element('testsuite', { name, ...countsOf(own), time: '0' }, own.map(caseXml)),
  );
  const { run_id: name, duration_sec: time, baseline_id: baseline } = report;
  const title = baseline === null ? `orch: ${name}` : `orch: ${name} against ${baseline}`;
  const attributes = { name: title, ...countsOf(cases), time: time.toFixed(3) };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', attributes, suites)}\n`;
}

function casesOf({ gates, checks }: GateReport): readonly Case[] {
  return [
    ...gates.map((verdict) => ({
      suite: 'gates',
      name: titleOf(verdict),
      status: verdict.status,
      message: sentenceOf(verdict),
      ...placeOf(verdict.place),
    })),
    ...checks.map(({ of, name, status, why }) => ({
      suite: suites[of],
      name,
      status,
      message: why,
      file: null,
      line: null,
    })),
  ];
}

const suites = { fault: 'faults', undo: 'undo', steady_state: 'steady state' } as const;

function countsOf(cases: readonly Case[]): Readonly<Record<string, string>> {
  const count = (of: Case['status']) => String(cases.filter(({ status }) => status === of).length);
  return {
    tests: String(cases.length),
    failures: count('failed'),
    errors: count('inconclusive'),
    skipped: count('skipped'),
  };
}

function caseXml({ suite, name, status, message, file, line }: Case): string {
  const place = { ...(file === null ? {} : { file }), ...(line === null ? {} : { line }) };
  const attributes = { classname: `orch.${suite.replace(' ', '-')}`, name, time: '0', ...place };
  switch (status) {
    case 'passed':
      return element('testcase', attributes, [element('system-out', {}, [escaped(message)])]);
    case 'failed':
      return element('testcase', attributes, [
        element('failure', { message, type: 'failed' }, [escaped(message)]),
      ]);
    case 'inconclusive':
      return element('testcase', attributes, [
        element('error', { message, type: 'inconclusive' }, [escaped(message)]),
      ]);
    case 'skipped':
      return element('testcase', attributes, [element('skipped', { message }, [])]);
  }
}

function element(
  name: string,
  attributes: Readonly<Record<string, string>>,
  content: readonly string[],
): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
  const head = `<${name}${written.join('')}`;
  if (content.length === 0) return `${head}/>`;
  const isText = content.length === 1 && !content[0]!.startsWith('<');
  return isText ? `${head}>${content[0]}</${name}>` : `${head}>\n${content.join('\n')}\n</${name}>`;
}

const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  // As they are, a parser would make blanks of them in an attribute.
  '\n': '&#10;',
  '\r': '&#13;',
  '\t': '&#9;',
};

/** Text as it may stand in XML 1.0, which has no way to say most control characters, nor half of a pair of surrogates. */
function escaped(text: string): string {
  return (
    text
      .toWellFormed()
      // oxlint-disable-next-line no-control-regex -- they are what is to go.
      .replaceAll(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '\uFFFD')
      .replaceAll(/[&<>"'\n\r\t]/g, (mark) => references[mark] ?? mark)
  );
}
