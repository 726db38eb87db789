import type { RunCheck } from '../gate/checks.ts';
import type { GateReport } from '../gate/judge.ts';
import { headline, marginText, measuredText, titleOf } from '../gate/lines.ts';
import type { Paint } from './style.ts';
import { table } from './table.ts';

const looks = { passed: 'green', failed: 'red', inconclusive: 'yellow', skipped: 'dim' } as const;

/** What a run came to, gate by gate, as a readable page. */
export function gateText(report: GateReport, paint: Paint): string {
  const { run_id: run, baseline_id: baseline, gates, checks, doubts, warnings } = report;
  const against = baseline === null ? '' : ` against ${paint('bold', baseline)}`;
  const painted = (status: RunCheck['status']) => paint(looks[status], status);
  const sections = [
    `${paint('bold', run)}${against}: ${paint(looks[report.status], headline(report))}`,
    gates.length === 0
      ? ''
      : table(
          ['', 'gate', 'measured', 'margin', ''],
          gates.map((verdict) => [
            painted(verdict.status),
            titleOf(verdict),
            measuredText(verdict),
            marginText(verdict),
            verdict.why,
          ]),
          false,
        ),
    // What is as it is to be needs no telling here.
    checks
      .filter(({ status }) => status === 'failed' || status === 'inconclusive')
      .map(({ name, status, why }) => `${painted(status)}: ${name}: ${why}`)
      .join('\n'),
    doubts.map((doubt) => `${paint('yellow', 'nothing can be concluded')}: ${doubt}`).join('\n'),
    warnings.map((warning) => `${paint('yellow', 'warning')}: ${warning}`).join('\n'),
  ];
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`;
}
