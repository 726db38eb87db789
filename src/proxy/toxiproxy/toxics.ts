import type { ToxicSpec } from '../toxic.ts';
import type { ToxiproxyToxic } from './api.ts';

/** What a fault is in Toxiproxy’s words, or why it has none for it, as a clause. */
export type Translation = { readonly toxics: readonly ToxiproxyToxic[] } | { readonly refusal: string };

type Stream = ToxiproxyToxic['stream'];

/** As seen from the node: what comes in for it is what clients send. */
const streams: Readonly<Record<'in' | 'out' | 'both', readonly Stream[]>> = {
  in: ['upstream'],
  out: ['downstream'],
  both: ['upstream', 'downstream'],
};

/** How far a rate may be from what was asked, as Toxiproxy knows whole kilobytes only. */
const rateTolerance = 0.05;
const bitsPerByte = 8;

/**
 * The toxics that do what the spec says. One that is for a share of the connections is on one stream only, as each stream of
 * a connection is drawn for by itself.
 * @param marker What the names of the toxics begin with.
 */
export function toxicsFor(spec: ToxicSpec, marker: string): Translation {
  const toxic = (
    type: string,
    stream: Stream,
    attributes: ToxiproxyToxic['attributes'],
    toxicity = 1,
  ): ToxiproxyToxic => ({ name: `${marker}-${stream}`, type, stream, toxicity, attributes });
  switch (spec.kind) {
    case 'latency': {
      const latency = Math.round(spec.latency_ms);
      if (latency === 0) return noTime(spec.latency_ms);
      return { toxics: [toxic('latency', 'downstream', { latency, jitter: Math.round(spec.jitter_ms) })] };
    }
    case 'bandwidth': {
      // Its KB are 1,000 bytes.
      const asked = spec.rate_kbit / bitsPerByte;
      const rate = Math.round(asked);
      if (Math.abs(rate - asked) > asked * rateTolerance) {
        const about = `${rate * bitsPerByte} kbit/s`;
        return refusal(`knows whole kilobytes a second only, and ${spec.rate_kbit} kbit/s would be ${about}`);
      }
      return { toxics: [toxic('bandwidth', 'downstream', { rate })] };
    }
    case 'slow_close': {
      const delay = Math.round(spec.delay_ms);
      if (delay === 0) return noTime(spec.delay_ms);
      return { toxics: streams.both.map((stream) => toxic('slow_close', stream, { delay })) };
    }
    case 'reset':
      if (spec.after_bytes > 0)
        return refusal('resets a connection as the client first sends, and not after so many bytes');
      return { toxics: [toxic('reset_peer', 'upstream', { timeout: 0 }, spec.share)] };
    case 'black_hole':
      return { toxics: [toxic('timeout', 'upstream', { timeout: 0 }, spec.share)] };
    case 'partition':
      if (spec.from !== 'clients') return refusal('stands between load and nodes, not between nodes');
      return { toxics: streams[spec.direction].map((stream) => toxic('timeout', stream, { timeout: 0 })) };
    case 'loss':
      return refusal('loses no packets');
    case 'http_status':
    case 'http_corrupt':
    case 'http_abort':
      return refusal('does not know HTTP');
  }
}

function noTime(ms: number): Translation {
  return refusal(`knows whole milliseconds only, and ${ms} ms would be none`);
}

function refusal(why: string): Translation {
  return { refusal: `Toxiproxy ${why}` };
}
