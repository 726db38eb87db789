import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkSchema } from '../model/check.ts';
import {
  type Condition,
  conditionOf,
  conditionOfCheck,
  conditionSchema,
  nodesNamed,
} from '../model/condition.ts';
import { decide, type SimpleCondition } from './decide.ts';

/** Nodes named `y…` are healthy, others are not. */
const asked: string[] = [];
function ask(condition: SimpleCondition): Promise<{ holds: boolean; evidence: string }> {
  if (condition.kind !== 'node') throw new Error('only nodes are asked here');
  asked.push(condition.node);
  return Promise.resolve({ holds: condition.node.startsWith('y'), evidence: `saw ${condition.node}` });
}
const condition = (given: unknown) => conditionOf(conditionSchema.parse(given));

describe('a condition', () => {
  it('is read into one form', () => {
    expect(condition('p95_latency_ms > 1s for 5s')).toMatchObject({
      kind: 'metric',
      metric: { metric: 'p95_latency_ms', limit: 1000, forSec: 5 },
    });
    const given = { any: ['a is down', { not: { tcp: '127.0.0.1:1' } }, { all: ['b is healthy'] }] };
    expect(condition(given)).toEqual({
      kind: 'any',
      of: [
        { kind: 'node', node: 'a', is: 'down' },
        {
          kind: 'not',
          of: {
            kind: 'look',
            look: { probe: { kind: 'tcp', host: '127.0.0.1', port: 1, timeoutMs: 5000 }, expect: undefined },
          },
        },
        { kind: 'all', of: [{ kind: 'node', node: 'b', is: 'healthy' }] },
      ],
    });
    expect(nodesNamed(condition(given))).toEqual(['a', 'b']);
  });

  it('is what a steady-state check wants to hold', () => {
    const check = (given: object) => conditionOfCheck(checkSchema.parse({ name: 'c', ...given }));
    expect(check({ metric: 'error_rate < 1%' })).toMatchObject({ kind: 'metric', metric: { limit: 0.01 } });
    expect(check({ command: ['ls'], expect: { exit: 2 } })).toEqual({
      kind: 'look',
      look: {
        probe: { kind: 'command', run: ['ls'], env: {}, cwd: undefined, timeoutMs: 5000 },
        expect: { exit: 2 },
      },
    });
  });

  it.each([
    [{ all: ['y1 is healthy', 'n1 is healthy', 'y2 is healthy'] }, false, 'saw n1', ['y1', 'n1']],
    [{ all: ['y1 is healthy', 'y2 is healthy'] }, true, 'saw y1; saw y2', ['y1', 'y2']],
    [{ any: ['n1 is healthy', 'y1 is healthy', 'y2 is healthy'] }, true, 'saw y1', ['n1', 'y1']],
    [{ any: ['n1 is healthy', 'n2 is healthy'] }, false, 'saw n1; saw n2', ['n1', 'n2']],
    [{ not: { any: ['n1 is healthy'] } }, true, 'saw n1', ['n1']],
  ])('%j is asked no more than it takes', async (given, holds, evidence, nodes) => {
    asked.length = 0;
    expect(await decide(condition(given), ask)).toEqual({ holds, evidence });
    expect(asked).toEqual(nodes);
  });

  it('holds as logic has it', async () => {
    const leaf = fc.constantFrom('y', 'n').map((node): Condition => ({ kind: 'node', node, is: 'healthy' }));
    const { tree } = fc.letrec<{ tree: Condition }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        leaf,
        fc.record({ kind: fc.constant('not' as const), of: tie('tree') }),
        fc.record({
          kind: fc.constantFrom('all' as const, 'any' as const),
          of: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
        }),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(tree, async (given) => {
        expect((await decide(given, ask)).holds).toBe(truth(given));
      }),
    );
  });
});

function truth(given: Condition): boolean {
  switch (given.kind) {
    case 'all':
      return given.of.every(truth);
    case 'any':
      return given.of.some(truth);
    case 'not':
      return !truth(given.of);
    case 'node':
      return given.node === 'y';
    case 'metric':
    case 'look':
      throw new Error('there is none here');
  }
}
