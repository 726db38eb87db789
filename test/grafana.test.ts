import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { freePort } from '../src/control/ports.ts';
import { needs } from '../src/testing/requirements.ts';
import { root, scenarioText, Workshop } from './support.ts';

interface Dashboard {
  readonly annotations: { readonly list: readonly { readonly name: string; readonly expr: string }[] };
  readonly templating: { readonly list: readonly { readonly definition?: string }[] };
  readonly panels: readonly {
    readonly title: string;
    readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[];
  }[];
}

interface Series {
  readonly metric: Readonly<Record<string, string>>;
  /** Unix seconds, and the value as text. */
  readonly values: readonly (readonly [number, string])[];
}

const dashboard: Dashboard = JSON.parse(
  readFileSync(join(root, 'deploy/grafana/orch.json'), 'utf8'),
) as Dashboard;
const queries = [
  ...dashboard.panels.flatMap(({ title, targets }) =>
    targets.map(({ expr, legendFormat }) => ({ title, expr, legend: legendFormat })),
  ),
  ...dashboard.annotations.list.map(({ name, expr }) => ({
    title: name,
    expr,
    legend: '{{fault}} {{node}}',
  })),
];

/** As Grafana puts in the values of its variables. */
function filledIn(expr: string): string {
  return expr.replaceAll('$__rate_interval', '4s').replaceAll('$instance', '.*');
}

describe.skipIf(!needs('prometheus'))('the dashboard for Grafana', () => {
  let shop: Workshop;
  let prometheus: ChildProcess;
  let base: string;
  let metricsPort: number;

  beforeEach(async () => {
    shop = new Workshop();
    metricsPort = await freePort();
    const port = await freePort();
    base = `http://127.0.0.1:${port}`;
    const job = `{ job_name: orch, scrape_interval: 1s, scrape_timeout: 1s, static_configs: [{ targets: ['127.0.0.1:${metricsPort}'] }] }`;
    const config = shop.write('prometheus.yml', `scrape_configs: [${job}]\n`);
    prometheus = spawn(
      'prometheus',
      [
        `--config.file=${config}`,
        `--storage.tsdb.path=${shop.path('tsdb')}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      { stdio: 'ignore' },
    );
    await vi.waitFor(async () => expect((await fetch(`${base}/-/ready`)).status).toBe(200), {
      timeout: 60_000,
      interval: 200,
    });
  });
  afterEach(async () => {
    const ended = new Promise((resolve) => prometheus.once('exit', resolve));
    prometheus.kill('SIGKILL');
    await ended;
    shop.close();
  });

  async function ask(path: string, parameters: Readonly<Record<string, string>>): Promise<unknown> {
    const answer = await fetch(`${base}/api/v1/${path}?${String(new URLSearchParams(parameters))}`);
    const { status, data, error } = (await answer.json()) as {
      status: string;
      data: unknown;
      error?: string;
    };
    expect(error ?? status).toBe('success');
    return data;
  }

  async function series(expr: string, fromSec: number, toSec: number): Promise<readonly Series[]> {
    const data = await ask('query_range', {
      query: filledIn(expr),
      start: String(fromSec),
      end: String(toSec),
      step: '1',
    });
    return (data as { result: readonly Series[] }).result;
  }

  it('asks what a real Prometheus that scraped a run has data for, in every panel and for its annotations', async () => {
    shop.write(
      's.yaml',
      scenarioText('s', [4, 5, 4], { type: 'kill_node', undo: 'restart_node', node: 'service-node-2' }),
    );
    const args = ['run', '--scenario', 's.yaml', '--run-id', 'r', '--driver', 'process', '--seed', '1'];
    const { code, stderr } = await shop.orch([...args, '--prometheus', String(metricsPort)]);
    expect(code, stderr).toBe(0);
    const { started_at_sec: fromSec, ended_at_sec: endedSec } = shop.manifest('r');
    const toSec = (endedSec ?? 0) + 5;
    const seen = await Promise.all(
      queries.map(async ({ title, expr, legend }) => {
        const result = await series(expr, fromSec, toSec);
        const isData = ([, value]: readonly [number, string]) => Number.isFinite(Number(value));
        const labels = [...legend.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? '');
        return {
          title,
          expr,
          hasData: result.some(({ values }) => values.some(isData)),
          hasLabels: result.every(({ metric }) => labels.every((label) => label in metric)),
        };
      }),
    );
    expect(seen.length).toBeGreaterThan(12);
    expect(seen.filter(({ hasData, hasLabels }) => !hasData || !hasLabels)).toEqual([]);

    // The mark of a fault lies where the run's own journal has it, to within a scrape or two.
    const [faults] = dashboard.annotations.list;
    const marks = await series(faults?.expr ?? '', fromSec, toSec);
    expect(marks.map(({ metric }) => [metric['fault'], metric['node']])).toEqual([
      ['kill', 'service-node-2'],
    ]);
    const times = marks.flatMap(({ values }) => values.map(([sec]) => sec));
    const eventSec = (state: string) =>
      shop.events('r').find((event) => event.type === 'fault' && event.state === state)?.wall_sec ?? 0;
    expect(Math.abs((times[0] ?? 0) - eventSec('effective'))).toBeLessThan(3);
    expect(Math.abs((times.at(-1) ?? 0) - eventSec('undone'))).toBeLessThan(3);

    // What is summed up over the run is what it recorded.
    const total = await ask('query', {
      query: 'sum(last_over_time(orch_requests_total[1m]))',
      time: String(toSec),
    });
    const [sum] = (total as { result: readonly { value: readonly [number, string] }[] }).result;
    expect(Number(sum?.value[1])).toBe(shop.manifest('r').counts.due);
    expect(dashboard.templating.list.map(({ definition }) => definition)).toContain(
      'label_values(orch_run_info, instance)',
    );
    expect(await ask('label/instance/values', { 'match[]': 'orch_run_info' })).toEqual([
      `127.0.0.1:${metricsPort}`,
    ]);
  }, 90_000);
});
