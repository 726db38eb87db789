import { describe, expect, it } from 'vitest';
import {
  action,
  http,
  imported,
  messages,
  type Loose,
  probe,
  process,
} from '../testing/experiment-builder.ts';

/** The actions of the method, in groups or not. */
function methodOf(...method: Loose[]): { actions: unknown; durationSec: unknown } {
  const { phases } = imported({ method }).scenario;
  const [phase] = phases as Loose[];
  return { actions: names(phase?.['actions']), durationSec: phase?.['duration_sec'] };
}

/** Actions by the last word of their command, waits by their length, groups as lists under their type. */
function names(actions: unknown): unknown {
  return (actions as Loose[]).map((one) =>
    one['type'] === 'run_command'
      ? (one['run'] as string[]).at(-1)
      : one['type'] === 'wait'
        ? one['duration_sec']
        : { [String(one['type'])]: names(one['actions']) },
  );
}

describe('a method', () => {
  const step = (name: string, more: Loose = {}) => action(name, process('run', { arguments: [name] }), more);

  it('is a sequence, with its pauses', () => {
    expect(methodOf(step('a', { pauses: { before: 2, after: 0.5 } }), step('b'))).toEqual({
      actions: [{ sequence: [2, 'a', 0.5, 'b'] }],
      durationSec: 9,
    });
    expect(methodOf(step('a'))).toEqual({ actions: ['a'], durationSec: 3 });
    expect(methodOf()).toEqual({ actions: [], durationSec: 1 });
  });

  it('goes on beside what is in the background', () => {
    const background = { background: true };
    expect(
      methodOf(step('a'), step('b', { ...background, pauses: { after: 10 } }), step('c'), step('d')),
    ).toEqual({
      actions: [{ sequence: ['a', { parallel: [{ sequence: ['b', 10] }, { sequence: ['c', 'd'] }] }] }],
      durationSec: 16,
    });
    expect(
      methodOf(step('a', background), step('b', background), step('c'), step('d', background), step('e'))
        .actions,
    ).toEqual([{ parallel: ['a', 'b', { sequence: ['c', { parallel: ['d', 'e'] }] }] }]);
    expect(methodOf(step('a'), step('b', background)).actions).toEqual([{ sequence: ['a', 'b'] }]);
  });

  it('repeats what it refers to', () => {
    const { scenario, remarks } = imported({
      'steady-state-hypothesis': {
        title: 'well',
        probes: [probe('up', http('http://h/'), { tolerance: 200 })],
      },
      method: [{ ref: 'up' }, step('a', { background: true }), { ref: 'a' }],
    });
    expect(scenario).toMatchObject({
      phases: [
        { actions: [{ type: 'sequence', actions: [{ type: 'http_request' }, { type: 'parallel' }] }] },
      ],
    });
    expect(remarks).toEqual([]);
  });

  it('may pause for as long as a variable says', () => {
    const { scenario, remarks } = imported({
      configuration: { short: 2, long: { type: 'env', key: 'LONG' } },
      method: [step('a', { pauses: { before: '${short}', after: '${long}' } })],
    });
    expect(scenario).toMatchObject({
      phases: [
        {
          duration_sec: 5,
          actions: [{ actions: [{ duration_sec: '${short}' }, {}, { duration_sec: '${long}' }] }],
        },
      ],
    });
    expect(messages(remarks)).toEqual([expect.stringContaining('not known beforehand')]);
  });

  it('tells how long what has no limit may take', () => {
    const { scenario, yaml } = imported({ method: [action('a', { type: 'process', path: 'x' })] });
    expect(scenario).toMatchObject({ phases: [{ duration_sec: 60, actions: [{ timeout_sec: 60 }] }] });
    expect(yaml).toContain('no time limit');
  });
});

describe('rollbacks', () => {
  it('are carried out one after the other', () => {
    const { scenario, unsupported, remarks } = imported({
      rollbacks: [
        action('a', process('a'), { pauses: { after: 1 } }),
        action('b', http('http://h/', { method: 'DELETE' }), { background: true }),
      ],
    });
    expect(scenario).toMatchObject({
      rollbacks: [
        { type: 'run_command', run: ['a'] },
        { type: 'http_request', method: 'DELETE' },
      ],
    });
    expect(messages(unsupported)).toEqual(['there are no pauses between rollbacks']);
    expect(messages(remarks)).toEqual([expect.stringContaining('not in the background')]);
  });
});
