import type { Labels, Metric, NumberMetric } from './metric.ts';

/** What Prometheus is told the text below is: its exposition format, version 0.0.4. */
export const prometheusType = 'text/plain; version=0.0.4; charset=utf-8';

/** Metrics in Prometheus' text format. */
export function prometheusText(metrics: readonly Metric[]): string {
  return metrics.map((metric) => `${head(metric)}${samples(metric)}`).join('');
}

/** `orch.request_duration` in seconds → `orch_request_duration_seconds`; counters end in `_total`. */
export function prometheusName({ name, unit, kind }: Pick<Metric, 'name' | 'unit' | 'kind'>): string {
  const inUnit = `${name.replaceAll('.', '_')}${unit === 's' ? '_seconds' : ''}`;
  return kind === 'counter' ? `${inUnit}_total` : inUnit;
}

function head(metric: Metric): string {
  const name = prometheusName(metric);
  return `# HELP ${name} ${escaped(metric.help)}\n# TYPE ${name} ${metric.kind}\n`;
}

function samples(metric: Metric): string {
  const name = prometheusName(metric);
  return metric.kind === 'histogram' ? buckets(name, metric) : numbers(name, metric);
}

function numbers(name: string, { points }: NumberMetric): string {
  return points.map(({ labels, value }) => sample(name, labels, value)).join('');
}

function buckets(name: string, { bounds, points }: Extract<Metric, { kind: 'histogram' }>): string {
  return points
    .map(({ labels, upTo, count, sum }) =>
      [
        ...bounds.map((bound, index) =>
          sample(`${name}_bucket`, { ...labels, le: String(bound) }, upTo[index] ?? 0),
        ),
        sample(`${name}_bucket`, { ...labels, le: '+Inf' }, count),
        sample(`${name}_sum`, labels, sum),
        sample(`${name}_count`, labels, count),
      ].join(''),
    )
    .join('');
}

function sample(name: string, labels: Labels, value: number): string {
  const shown = Object.entries(labels).map(
    ([key, text]) => `${key}="${escaped(text).replaceAll('"', '\\"')}"`,
  );
  return `${name}${shown.length === 0 ? '' : `{${shown.join(',')}}`} ${value}\n`;
}

function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
