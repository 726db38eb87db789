import { expect, it } from 'vitest';
import type { DriverName } from '../control/driver.ts';
import type { NodeSpec } from '../model/node.ts';
import { linkName } from '../proxy/link-spec.ts';
import { scenario } from '../testing/memory-run.ts';
import { linksFor, type ProxyUse } from './links.ts';
import { makePlan } from './make-plan.ts';

const redis = (name: string, replicaOf?: string): NodeSpec => ({
  name,
  kind: 'redis',
  url: `redis://127.0.0.1:7${name.length}`,
  managed: true,
  ...(replicaOf === undefined ? {} : { replicaOf }),
});
const web: NodeSpec = { name: 'web', kind: 'http', url: 'http://127.0.0.1:8001', managed: true };
const nodes = [web, redis('first'), redis('second', 'first'), redis('third', 'first'), redis('alone')];
const auto: ProxyUse = { way: 'auto', proxy: 'embedded' };

async function links(partition: object, name: DriverName = 'process', use = auto) {
  const load = { type: 'start_load', target: 'web', rps: 1 };
  const actions = [load, { type: 'partition', ...partition }];
  const phases = [{ name: 'only', duration_sec: 10, actions }];
  const plan = makePlan({
    scenario: scenario(phases),
    mode: 'http',
    nodes,
    seed: 1,
    blastRadius: {},
    where: String,
  });
  const found = await linksFor(plan, { driver: { name }, disturbers: [] }, use);
  return found && found.map(linkName);
}

it.each([
  [{ target: 'web' }, ['clients → web']],
  [{ target: 'second', from: ['first'] }, ['first → second', 'second → first']],
  [{ target: 'second', from: ['third'] }, ['third → second', 'second → third']],
  [
    { target: 'first', from: ['third', 'second'] },
    ['second → first', 'first → second', 'third → first', 'first → third'],
  ],
  [{ target: 'first', from: ['alone', 'web'] }, []],
  [{ target: 'first', from: ['first'] }, []],
])('a partition of %j goes by the links %j', async (partition, expected) => {
  expect((await links(partition))?.toSorted()).toEqual(expected.toSorted());
});

it('between nodes, there are links only of the embedded proxy, and of nodes that the run starts', async () => {
  const parted = { target: 'second', from: ['first'] };
  expect(await links(parted, 'docker', { ...auto, way: 'proxy' })).toEqual([]);
  expect(await links(parted, 'process', { ...auto, proxy: 'toxiproxy://127.0.0.1:8474' })).toEqual([]);
  expect(await links(parted, 'process', { ...auto, way: 'kernel' })).toBeNull();
});
