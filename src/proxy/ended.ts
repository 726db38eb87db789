import type { Disturber } from '../model/disturber.ts';
import { toxicKinds } from './toxic.ts';

/** The proxy of a run that has ended: what it did has ended with it. For undoing what such a run's journal shows open. */
export function endedProxy(): Disturber {
  return {
    means: 'proxy',
    kinds: toxicKinds,
    refusal: () => Promise.resolve('the proxy has ended with its run'),
    prepare: () => Promise.reject(new Error('the proxy has ended with its run')),
    apply: () => Promise.reject(new Error('the proxy has ended with its run')),
    remove: () => Promise.resolve(),
    look: () => Promise.resolve({ state: 'absent', evidence: 'the proxy has ended with its run' }),
  };
}
