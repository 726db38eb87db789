import { mkdirSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Workshop } from './support.ts';

/** Says at the end of a process how large its young generation is. */
const witness = `
  import { getHeapSpaceStatistics } from 'node:v8';
  process.on('exit', () => {
    const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
    process.stderr.write(\`young generation \${young.space_size}\\n\`);
  });`;

describe('analysing and drawing', () => {
  let shop: Workshop;
  beforeEach(() => {
    shop = new Workshop();
  });
  afterEach(() => shop.close());

  it.each(['analyze', 'plot', 'summarize'])(
    '%s keeps the young generation from growing with all that is loaded',
    async (command) => {
      const rows = Array.from({ length: 500 }, (_, n) => `${1000 + n / 50},a,200,12.5,\n`).join('');
      mkdirSync(shop.path('runs/calm'), { recursive: true });
      writeFileSync(
        shop.path('runs/calm/metrics.csv'),
        `timestamp,node,status_code,latency_ms,error\n${rows}`,
      );
      const { code, stderr } = await shop.orch([command, '--baseline', 'calm', '--run', 'calm'], {
        NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(witness)}`,
      });
      expect(code, stderr).toBe(0);
      const bytes = Number(/^young generation (\d+)$/m.exec(stderr)?.[1]);
      expect(bytes).toBeLessThan(32 << 20);
    },
  );
});
