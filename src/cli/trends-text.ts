import type { Trend } from '../model/run-trends.ts';
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

/** How metrics went over runs, and what is missing for a verdict. */
export function trendsText(trends: readonly Trend[], confidence: number, paint: Paint): string {
  const percentSure = `${Math.round(confidence * 100)}%`;
  const rows = trends.map((trend) => {
    const { metric, values, slope, interval, p_value_adjusted: pValue } = trend;
    return [
      nameOf(trend),
      metricNames[metric].unit,
      valueText(metric, values[0]!),
      valueText(metric, values.at(-1)!),
      changeText(trend),
      slope === null ? '–' : differenceText(metric, slope),
      interval === null ? '–' : boundsText(metric, interval),
      pValue === null ? '–' : pText(pValue),
      verdictText(trend.verdict, paint),
    ];
  });
  const head = ['', '', 'first', 'last', 'change', 'a run', `${percentSure} interval`, 'p (Holm)', 'verdict'];
  return [table(head, rows), ...openLines(trends, paint)].join('\n');
}

function nameOf({ metric, fault }: Trend): string {
  const { name } = metricNames[metric];
  return fault === null ? name : `${name} ${fault.id}`;
}

/** Of what is a percentage itself, in points. */
function changeText({ metric, values, change_pct: percent }: Trend): string {
  if (metric === 'error_rate') return `${differenceText(metric, values.at(-1)! - values[0]!)} pt`;
  if (percent === null) return '–';
  const text = Math.abs(percent).toFixed(1);
  return Number(text) === 0 ? '0%' : `${percent > 0 ? '+' : '−'}${text}%`;
}

/** Why metrics are undecided, those with the same reason together. */
function openLines(trends: readonly Trend[], paint: Paint): readonly string[] {
  const told = trends.flatMap((trend) => {
    const why = whyOf(trend);
    return why === null ? [] : [{ name: nameOf(trend), why }];
  });
  return [...Map.groupBy(told, ({ why }) => why)].map(([why, those]) => {
    const names = those.length === trends.length ? 'no verdict' : those.map(({ name }) => name).join(', ');
    return `  ${paint('yellow', names)}: ${why}`;
  });
}

function whyOf({ metric, margin, runs_missing: missing, values, why, verdict }: Trend): string | null {
  if (why !== null) return why;
  if (missing > 0) {
    const so = `any order of ${count(values.length, 'run')} may be chance`;
    return `${so}; it needs ${missing} more`;
  }
  if (verdict !== 'undecided') return null;
  const most = `${valueText(metric, margin)} ${metricNames[metric].unit}`;
  return `a change of more than ${most} over the runs can neither be shown nor ruled out`;
}
