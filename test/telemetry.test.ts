import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { said, scenarioText, Workshop } from './support.ts';

let shop: Workshop;
beforeEach(() => {
  shop = new Workshop();
  shop.write(
    's.yaml',
    scenarioText('s', [2, 3, 2], { type: 'kill_node', undo: 'restart_node', node: 'service-node-2' }),
  );
});
afterEach(() => shop.close());
const args = ['run', '--scenario', 's.yaml', '--run-id', 'r', '--driver', 'process', '--seed', '1'];

/** The samples of Prometheus' text, by name and labels. */
async function scrape(url: string): Promise<Map<string, number>> {
  const text = await (await fetch(url)).text();
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.replace(/ \S+$/, ''), Number(/\S+$/.exec(line)?.[0])]));
}

describe('orch run --prometheus', () => {
  it('tells of a run while it goes on, and in the end of every request that it recorded', async () => {
    const { child, done } = shop.start([...args, '--prometheus', '0']);
    let told = '';
    child.stderr?.on('data', (text: Buffer) => {
      told += text.toString();
    });
    await said(child, /kill service-node-2: effective/);
    const url = /metrics: (\S+)/.exec(told)?.[1] ?? '';
    const during = await scrape(url);
    expect(during.get('orch_fault_active{fault="kill",node="service-node-2"}')).toBe(1);
    expect(during.get('orch_phase{phase="failure"}')).toBe(1);
    expect(during.get('orch_target_rps')).toBe(50);
    await said(child, /waiting up to 19 s for Prometheus to read the last figures/);
    const last = await scrape(url);
    const { code, stderr } = await done;
    expect(code, stderr).toBe(0);
    const { counts } = shop.manifest('r');
    const total = (outcome: string) =>
      [1, 2, 3]
        .map((nth) => last.get(`orch_requests_total{node="service-node-${nth}",outcome="${outcome}"}`) ?? 0)
        .reduce((sum, count) => sum + count, 0);
    expect({
      due: last.get('orch_requests_due_total'),
      ok: total('ok'),
      fail: total('fail'),
      unknown: total('unknown'),
      dropped: total('dropped'),
    }).toEqual(counts);
    expect(last.get('orch_fault_active{fault="kill",node="service-node-2"}')).toBe(0);
    expect(last.get('orch_in_flight')).toBe(0);
    await expect(fetch(url)).rejects.toThrow();
  });

  it('refuses what is no port before anything is touched', async () => {
    const { code, stderr } = await shop.orch([...args, '--prometheus', '70000']);
    expect(code).toBe(104);
    expect(stderr).toContain('--prometheus 70000 is not a port');
    expect((await shop.orch(['runs'])).stdout).toContain('no runs');
  });
});
