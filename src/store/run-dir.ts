import { join } from 'node:path';

/** Where everything of one run stands. */
export interface RunDir {
  readonly id: string;
  readonly path: string;
  readonly manifest: string;
  readonly metrics: string;
  /** The name that some older runs use in place of metrics.csv. */
  readonly redisMetrics: string;
  readonly events: string;
  /** What was written by checks, where there are any. */
  readonly writes: string;
  /** Where embedded nodes have their homes while the run goes on. */
  readonly nodes: string;
  readonly analysis: string;
  readonly gates: string;
  readonly summary: string;
  readonly report: string;
}

export function runDir(runsRoot: string, id: string): RunDir {
  const path = join(runsRoot, id);
  return {
    id,
    path,
    manifest: join(path, 'manifest.json'),
    metrics: join(path, 'metrics.csv'),
    redisMetrics: join(path, 'redis_metrics.csv'),
    events: join(path, 'events.jsonl'),
    writes: join(path, 'writes.jsonl'),
    nodes: join(path, 'nodes'),
    analysis: join(path, 'analysis.json'),
    gates: join(path, 'gates.json'),
    summary: join(path, 'summary.md'),
    report: join(path, 'report.html'),
  };
}
