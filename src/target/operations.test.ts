import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Operations } from './operations.ts';

const weights = fc.array(fc.double({ min: 0.01, max: 100, noNaN: true }), { minLength: 1, maxLength: 6 });

test('each operation has its weight’s share of the picks, in each workload', () => {
  fc.assert(
    fc.property(weights, weights, (plain, named) => {
      const operations = new Operations();
      operations.add(
        null,
        plain.map((weight, index) => ({ name: `p${index}`, weight })),
      );
      operations.add(
        'named',
        named.map((weight, index) => ({ name: `n${index}`, weight })),
      );
      for (const [workload, mix] of [[null, plain] as const, ['named', named] as const]) {
        const total = mix.reduce((sum, weight) => sum + weight, 0);
        const counts = new Map<string, number>();
        for (let step = 0; step < 1000; step += 1) {
          const operation = operations.pick(step / 1000, workload);
          counts.set(operation.name, (counts.get(operation.name) ?? 0) + 1);
          expect(operations.at(operation).name).toBe(operation.name);
        }
        for (const [index, weight] of mix.entries()) {
          const name = `${workload === null ? 'p' : 'n'}${index}`;
          expect(Math.abs((counts.get(name) ?? 0) / 1000 - weight / total)).toBeLessThan(0.002);
        }
        expect(operations.pick(1 - Number.EPSILON / 2, workload).name).toMatch(
          new RegExp(`${mix.length - 1}$`),
        );
      }
    }),
  );
});
