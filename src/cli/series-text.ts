import type { SeriesAnalysis } from '../model/series-analysis.ts';
import {
  boundsText,
  count,
  differenceText,
  metricNames,
  pText,
  valueText,
  verdictText,
} from './metric-text.ts';
import type { Paint } from './style.ts';
import { table } from './table.ts';

/** Runs against runs, as a readable page. */
export function seriesText(analysis: SeriesAnalysis, paint: Paint): string {
  const { baseline_ids: baselines, run_ids: runs, series_id: id, left_out: leftOut } = analysis;
  const title = id === null ? '' : `${paint('bold', id)}: `;
  const sections = [
    `${title}${count(runs.length, 'run')} against ${count(baselines.length, 'baseline')}, medians and differences`,
    comparisonTable(analysis, paint),
    missing(analysis, paint),
    writesText(analysis, paint),
    leftOut.map(({ run_id, why }) => `${paint('yellow', 'left out')}: ${run_id}: ${why}`).join('\n'),
    analysis.warnings.map((warning) => `${paint('yellow', 'warning')}: ${warning}`).join('\n'),
  ];
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`;
}

function comparisonTable({ metrics, confidence }: SeriesAnalysis, paint: Paint): string {
  const percentSure = `${Math.round(confidence * 100)}%`;
  return table(
    [
      '',
      '',
      'baseline',
      'run',
      'difference',
      `${percentSure} interval`,
      'bootstrap',
      'p',
      'p (Holm)',
      'verdict',
    ],
    metrics.map((comparison) => {
      const { metric, baseline_median, run_median, difference, interval, bootstrap_interval } = comparison;
      const { name, unit } = metricNames[metric];
      return [
        name,
        unit,
        valueText(metric, baseline_median),
        valueText(metric, run_median),
        differenceText(metric, difference),
        interval === null ? '–' : boundsText(metric, interval),
        boundsText(metric, bootstrap_interval),
        pText(comparison.p_value),
        pText(comparison.p_value_adjusted),
        verdictText(comparison.verdict, paint),
      ];
    }),
  );
}

/** What became of the writes of all runs, also of those that are left out. */
function writesText({ writes }: SeriesAnalysis, paint: Paint): string {
  const sides = (['baseline', 'run'] as const).flatMap((side) => {
    const found = writes[side];
    return found === null ? [] : [{ side, ...found }];
  });
  if (sides.length === 0) return '';
  const rows = sides.map(({ side, runs, acknowledged, lost_writes: lost, ...found }) => [
    side,
    String(runs),
    String(acknowledged),
    `${found.not_known.length > 0 ? 'at least ' : ''}${lost}`,
    String(found.duplicates ?? '–'),
    String(found.stale_reads),
  ]);
  const head = ['', 'runs', 'acknowledged', 'lost', 'duplicates', 'stale reads'];
  const notKnown = sides.flatMap((side) => side.not_known);
  return [
    paint('cyan', 'writes, read back when all was undone'),
    table(head, rows),
    ...notKnown.map(({ run_id, why }) => `  ${paint('yellow', 'not known')}: ${run_id}: ${why}`),
  ].join('\n');
}

/** What is to be done about the metrics that nothing can be said of. */
function missing({ metrics, pairs_missing: pairs }: SeriesAnalysis, paint: Paint): string {
  const undecided = metrics.filter(({ verdict }) => verdict === 'undecided');
  if (pairs > 0) {
    const why = `so few runs could show no difference in any of ${metrics.length} metrics`;
    return `  ${paint('yellow', 'no verdict')}: ${why}; at least ${count(pairs, 'more pair')}`;
  }
  return undecided
    .map((comparison) => {
      const { metric, more_pairs: more, margin } = comparison;
      const { name, unit } = metricNames[metric];
      const needs =
        more === null
          ? 'no number of pairs is likely to settle it at the observed spread'
          : `${count(more, 'more pair')} at the observed spread`;
      const sought = `a difference of more than ${valueText(metric, margin)} ${unit} can neither be shown nor ruled out`;
      return `  ${paint('yellow', name)}: ${sought}; ${needs}`;
    })
    .join('\n');
}
