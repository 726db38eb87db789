import { describe, expect, it } from 'vitest';
import { faultSpec } from '../../model/fault-spec.ts';
import type { ToxicKind, ToxicSpec } from '../toxic.ts';
import { toxicsFor } from './toxics.ts';

const spec = (kind: ToxicKind, parameters: object = {}) => faultSpec(kind, parameters) as ToxicSpec;

describe('a fault in the words of Toxiproxy', () => {
  it.each([
    [
      spec('latency', { latency_ms: 100, jitter_ms: 20 }),
      ['latency downstream 1 {"latency":100,"jitter":20}'],
    ],
    [spec('latency', { latency_ms: 1.6 }), ['latency downstream 1 {"latency":2,"jitter":0}']],
    [spec('bandwidth', { rate_kbit: 800 }), ['bandwidth downstream 1 {"rate":100}']],
    [spec('bandwidth', { rate_kbit: 100 }), ['bandwidth downstream 1 {"rate":13}']],
    [
      spec('slow_close', { delay_ms: 50 }),
      ['slow_close upstream 1 {"delay":50}', 'slow_close downstream 1 {"delay":50}'],
    ],
    [spec('reset', { share: 0.1 }), ['reset_peer upstream 0.1 {"timeout":0}']],
    [spec('black_hole', { share: 0 }), ['timeout upstream 0 {"timeout":0}']],
    [spec('partition'), ['timeout upstream 1 {"timeout":0}', 'timeout downstream 1 {"timeout":0}']],
    [spec('partition', { direction: 'in' }), ['timeout upstream 1 {"timeout":0}']],
    [spec('partition', { direction: 'out' }), ['timeout downstream 1 {"timeout":0}']],
  ])('%j is %j', (asked, expected) => {
    const translated = toxicsFor(asked, 'm');
    if ('refusal' in translated) throw new Error(translated.refusal);
    const shown = translated.toxics.map(
      ({ type, stream, toxicity, attributes }) =>
        `${type} ${stream} ${toxicity} ${JSON.stringify(attributes)}`,
    );
    expect(shown).toEqual(expected);
    expect(translated.toxics.map(({ name, stream }) => name === `m-${stream}`)).not.toContain(false);
  });

  it.each([
    [spec('loss', { share: 0.1 }), 'Toxiproxy loses no packets'],
    [spec('http_status'), 'Toxiproxy does not know HTTP'],
    [spec('http_corrupt'), 'Toxiproxy does not know HTTP'],
    [spec('http_abort'), 'Toxiproxy does not know HTTP'],
    [spec('partition', { from: ['db'] }), 'Toxiproxy stands between load and nodes, not between nodes'],
    [
      spec('reset', { after_bytes: 10 }),
      'Toxiproxy resets a connection as the client first sends, and not after so many bytes',
    ],
    [
      spec('latency', { latency_ms: 0.4 }),
      'Toxiproxy knows whole milliseconds only, and 0.4 ms would be none',
    ],
    [
      spec('slow_close', { delay_ms: 0.4 }),
      'Toxiproxy knows whole milliseconds only, and 0.4 ms would be none',
    ],
    [
      spec('bandwidth', { rate_kbit: 12 }),
      'Toxiproxy knows whole kilobytes a second only, and 12 kbit/s would be 16 kbit/s',
    ],
  ])('%j is refused: %s', (asked, refusal) => {
    expect(toxicsFor(asked, 'm')).toEqual({ refusal });
  });
});
