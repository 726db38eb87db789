import { argv, stdout } from 'node:process';

/**
 * `node bench/csv/measure.mjs DIST RUNS RUN`: what `orch analyze` does with the rows of a run, in a process of its own: reads
 * them and makes all figures of them, with as lean a heap. DIST is what was built; this file needs no building, which would be measured too.
 */
const [, , dist, runs, run] = argv;
(await import(`${dist}/cli/lean-heap.js`)).keepHeapLean();
const { measureRun } = await import(`${dist}/analyze/measure.js`);
const { runDir } = await import(`${dist}/store/run-dir.js`);
const { summary, seconds } = await measureRun(runDir(runs, run));
stdout.write(
  JSON.stringify({
    whole: [summary.due, summary.ok, summary.p50_latency_ms, summary.p95_latency_ms, summary.p99_latency_ms],
    seconds: seconds.map(({ counts, latency }) => [
      counts.due,
      counts.ok,
      latency?.p50Ms ?? null,
      latency?.p95Ms ?? null,
      latency?.p99Ms ?? null,
    ]),
  }),
);
