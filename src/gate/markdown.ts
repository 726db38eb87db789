import type { GateReport } from './judge.ts';
import { headline, marginText, measuredText, titleOf } from './lines.ts';
import type { RunCheck } from './checks.ts';

/** By this line a workflow finds its own comment again. */
const commentMark = '<!-- orch: gates -->';

const signs: Readonly<Record<RunCheck['status'], string>> = {
  passed: '✅',
  failed: '❌',
  inconclusive: '❔',
  skipped: '➖',
};

/** The report for a pull request's comment or a step's summary, in GitHub's Markdown. */
export function gateMarkdown(report: GateReport): string {
  const { run_id: run, baseline_id: baseline, scenario, status, doubts, warnings, pairs } = report;
  const against = baseline === null ? '' : ` against ${code(baseline)}`;
  const of = scenario === null ? '' : `${code(scenario)}, `;
  const sections = [
    commentMark,
    `### ${signs[status]} ${headline(report)}`,
    pairs === undefined ? `${of}run ${code(run)}${against}` : `${of}series ${code(run)} of ${pairs} pairs`,
    doubts.length === 0 ? '' : `Nothing can be concluded:\n\n${list(doubts)}`,
    gateTable(report),
    checkTable(report),
    warnings.length === 0 ? '' : details(`${warnings.length} to know first`, list(warnings)),
  ];
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`;
}

function gateTable({ gates }: GateReport): string {
  const rows = gates.map((verdict) => [
    signs[verdict.status],
    verdict.name === null ? code(verdict.gate) : `${plain(titleOf(verdict))}<br>${code(verdict.gate)}`,
    plain(measuredText(verdict)),
    plain(marginText(verdict)),
    plain(verdict.why),
  ]);
  return table(['', 'gate', 'measured', 'margin', ''], rows);
}

function checkTable({ checks }: GateReport): string {
  const rows = checks.map(({ name, status, why }) => [signs[status], plain(name), plain(why)]);
  const isWell = checks.every(({ status }) => status === 'passed');
  const shown = table(['', 'fault', ''], rows);
  return isWell && shown !== '' ? details('faults', shown) : shown;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const lines = [head, head.map(() => '---'), ...rows];
  const escaped = (cell: string) => cell.replaceAll('|', String.raw`\|`);
  return lines.map((cells) => `| ${cells.map(escaped).join(' | ')} |`).join('\n');
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${plain(line)}`).join('\n');
}

function details(summary: string, content: string): string {
  return `<details><summary>${summary}</summary>\n\n${content}\n\n</details>`;
}

/** Text that Markdown and HTML take as it is, on one line. */
function plain(text: string): string {
  return (
    oneLine(text)
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll(/[\\`*_[\]~]/g, String.raw`\$&`)
      // Nobody is to be told who happens to be called like a node, nor an issue because of a number.
      .replaceAll(/[@#]/g, '$&<!-- -->')
  );
}

/** Code that holds anything: the fence is longer than every run of backticks in it. */
function code(text: string): string {
  const line = oneLine(text);
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = longest > 0 ? ' ' : '';
  return `${fence}${pad}${line}${pad}${fence}`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
