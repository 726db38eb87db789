import { mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FindNode } from './embedded-node.ts';
import { EmbeddedProcess } from './embedded-process.ts';
import { endLeftOver } from './left-over.ts';

/** What the programs of these nodes do. */
export const programs = {
  idle: 'setInterval(() => {}, 1000)',
  busy: 'setInterval(() => { const at = Date.now(); while (Date.now() < at + 50); }, 50)',
  /** Takes 20 MB more whenever it is told to. */
  hungry:
    'const held = []; process.on("SIGUSR2", () => held.push(Buffer.alloc(20e6, 1))); setInterval(() => {}, 1000)',
} as const;

/** Knows of no nodes: what another process has, besides the journal. */
export const nobody: FindNode = (node) => {
  throw new Error(`there is no ${node}`);
};

/** For tests: real processes with homes of their own. */
export class EmbeddedNodes {
  readonly homes = mkdtempSync(join(tmpdir(), 'orch-resources-'));
  readonly home = join(this.homes, 'web');
  readonly #lives: EmbeddedProcess[] = [];

  async start(program: keyof typeof programs): Promise<{ life: EmbeddedProcess; find: FindNode }> {
    mkdirSync(this.home, { recursive: true });
    const args = ['-e', `${programs[program]}; console.log('ready')`];
    const recipe = { command: process.execPath, args, env: {}, cwd: this.home, ready: /^ready/ };
    const life = await EmbeddedProcess.start(recipe);
    this.#lives.push(life);
    if (!(await life.becomesReady(10_000))) throw new Error(`not ready: ${life.lastWords()}`);
    return { life, find: () => life.node };
  }

  async endAll(): Promise<void> {
    for (const life of this.#lives) await life.end(0);
    await endLeftOver(this.homes);
  }
}
