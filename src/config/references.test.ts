import { expect, it } from 'vitest';
import { configSchema } from '../model/config.ts';
import { wrongReferences } from './references.ts';

const wrongIn = (config: object) =>
  wrongReferences(configSchema.parse(config)).map(({ path, message }) => `${path.join('.')}: ${message}`);
const replicas = (pairs: Readonly<Record<string, string>>) =>
  wrongIn({ control: { process: { replicas: pairs } } });

it('lets a Redis node replicate another', () => {
  expect(replicas({ 'redis-node-2': 'redis-node-1' })).toEqual([]);
});

it('refuses replicas that are no Redis nodes, follow none, or follow a replica', () => {
  expect(replicas({ 'redis-node-3': 'redis-node-1' })).toEqual([
    expect.stringContaining('control.process.replicas.redis-node-3: there is no node `redis-node-3`'),
  ]);
  expect(replicas({ 'redis-node-2': 'service-node-1' })).toEqual([
    expect.stringContaining('control.process.replicas.redis-node-2: there is no node `service-node-1`'),
  ]);
  expect(replicas({ 'redis-node-1': 'redis-node-1' })).toEqual([
    'control.process.replicas.redis-node-1: redis-node-1 is a replica itself',
  ]);
  expect(replicas({ 'redis-node-1': 'redis-node-2', 'redis-node-2': 'redis-node-1' })).toHaveLength(2);
});
