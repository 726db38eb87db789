import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Disturbance } from './disturbance.ts';

/** What a service is told before it begins. */
export interface Script {
  readonly protocol: 'http' | 'redis';
  /** Of each node, on 127.0.0.1. */
  readonly ports: readonly number[];
  /** With `node` as the number of one, or null. Times count from the first request of the load. */
  readonly disturbance: (Omit<Disturbance, 'node'> & { readonly node: number | null }) | null;
  readonly seed: number;
}

/** When something really happened, in Unix seconds. */
export interface Noted {
  readonly fromSec: number;
  readonly toSec: number;
  /** When all that had come by `toSec` was answered: what comes on the same connection before that waits for it. */
  readonly caughtUpSec: number;
  /** When each of its nodes had been connected to again; null where one was not. */
  readonly reconnectedSec: number | null;
}

/** A service whose nodes do what a script says, in a process of its own: its times do not depend on who is loading it. */
export class ScriptedService {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Rejects where a port is taken. */
  static async start(script: Script): Promise<ScriptedService> {
    const child = fork(new URL('serve.ts', import.meta.url), [JSON.stringify(script)]);
    const ready = new AbortController();
    // One that cannot listen ends before it says anything.
    child.once('exit', () => ready.abort());
    await once(child, 'message', { signal: ready.signal });
    return new ScriptedService(child);
  }

  /** Ends the service. Resolves to what it noted of its disturbance; null where that is not over, or there was none. */
  async stop(): Promise<Noted | null> {
    const said = once(this.#child, 'message');
    this.#child.send('stop');
    const [noted] = (await said) as [Noted | 'none'];
    await once(this.#child, 'exit');
    return noted === 'none' ? null : noted;
  }
}
