import { writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { metricsFile } from '../testing/metrics-fuzz.ts';
import { runOf } from '../testing/run-files.ts';
import { readMetrics } from './metrics-reader.ts';
import { groupOf } from './metrics-reader-table.ts';
import { outcomes } from '../model/record.ts';
import { eachRow } from './request-rows.ts';

test('whatever a file holds, the rows that are shown one by one are those that tables are made of', async () => {
  const run = await runOf({ 'metrics.csv': '' });
  let compared = 0;
  await fc.assert(
    fc.asyncProperty(metricsFile, async (bytes) => {
      await writeFile(run.metrics, bytes);
      const metrics = await readMetrics(run).catch(() => null);
      if (metrics === null) return;
      const { cells, nodes, span } = metrics.table;
      const counted = new Map<string, number>();
      for (let cell = 0; cell < cells.count; cell += 1) {
        const group = cells.groupOf(cell);
        const key = `${cells.secOf(cell)} ${nodes[groupOf.node(group)]} ${outcomes[groupOf.outcome(group)]}`;
        counted.set(key, (counted.get(key) ?? 0) + cells.rowsOf(cell));
      }
      const seen = new Map<string, number>();
      await eachRow(run, { fromSec: span.firstSec, toSec: span.lastSec }, (row) => {
        const key = `${Math.floor(row.timestamp)} ${row.node} ${row.outcome}`;
        seen.set(key, (seen.get(key) ?? 0) + 1);
      });
      expect(seen).toEqual(counted);
      compared += span.rows;
    }),
    { numRuns: 300 },
  );
  expect(compared).toBeGreaterThan(100);
});
