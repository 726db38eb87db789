import type { Disturber } from '../model/disturber.ts';
import { toxicKinds } from './toxic.ts';

const gone = 'the proxy has ended with its run';

/** The proxy of a run that has ended: what it did has ended with it. For undoing what such a run's journal shows open. */
export function endedProxy(): Disturber {
  return {
    means: 'proxy',
    kinds: toxicKinds,
    refusal: () => Promise.resolve(gone),
    prepare: () => Promise.reject(new Error(gone)),
    apply: () => Promise.reject(new Error(gone)),
    remove: () => Promise.resolve(),
    look: () => Promise.resolve({ state: 'absent', evidence: gone }),
  };
}
