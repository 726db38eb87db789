import { systemClock } from '../clock/system.ts';
import { inThisThread } from '../load/in-thread.ts';
import type { World } from '../cli/world.ts';
import { MemoryDriver } from './memory-driver.ts';
import { MemoryTarget } from './memory-target.ts';

/** A world of commands whose nodes are in memory, and whose files, processes and clock are real. What is told is kept. */
export class MemoryWorld {
  readonly driver: MemoryDriver;
  stdout = '';
  stderr = '';
  readonly #cwd: string;

  constructor(cwd: string, nodes: readonly string[]) {
    this.#cwd = cwd;
    this.driver = new MemoryDriver(systemClock, nodes);
  }

  get world(): World {
    const { driver } = this;
    const quiet = { terminal: null, columns: 80, colour: false };
    const chosen = { driver, name: 'process', reason: 'in memory', engine: null, scope: null } as const;
    return {
      pid: process.pid,
      cwd: this.#cwd,
      env: process.env,
      stdout: { ...quiet, write: (text) => void (this.stdout += text) },
      stderr: { ...quiet, write: (text) => void (this.stderr += text) },
      clock: systemClock,
      packageRoot: this.#cwd,
      versions: { orch: '0', node: process.versions.node },
      host: { name: 'host', os: 'linux', cpus: 1, memory_mb: 1 },
      interrupt: new AbortController().signal,
      connections: {
        chooseDriver: () => Promise.resolve(chosen),
        openTarget: () => Promise.resolve(new MemoryTarget(systemClock, driver)),
        openLoad: ({ targets }) =>
          Promise.resolve({ start: inThisThread(targets), close: () => Promise.resolve() }),
        labelsOf: () => Promise.resolve({ labels: new Map(), unseen: null }),
        roleOf: () => Promise.resolve({ problem: 'nodes in memory have no role' }),
        reach: () => Promise.reject(new Error('nothing is reached in memory')),
        tidy: () => Promise.resolve(),
        look: () => Promise.reject(new Error('nothing is looked at in memory')),
      },
      atEmergency: () => {},
    };
  }
}
