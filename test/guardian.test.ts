import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lookUp } from '../src/control/process-table.ts';
import type { FaultEvent } from '../src/model/event.ts';
import type { Manifest } from '../src/model/manifest.ts';
import { eventsOf, manifestOf } from '../src/testing/run-files.ts';
import { root, said, scenarioText, Workshop } from './support.ts';

let shop: Workshop;
beforeEach(() => {
  shop = new Workshop();
  shop.write(
    's.yaml',
    scenarioText('s', [1, 60, 1], { type: 'pause_node', undo: 'unpause_node', node: 'service-node-2' }),
  );
});
afterEach(() => shop.close());

const args = ['run', '--scenario', 's.yaml', '--run-id', 'r', '--driver', 'process'];
const effective = /pause service-node-2: effective/;
const faults = () => shop.events('r').filter((event): event is FaultEvent => event.type === 'fault');
const pidOf = (fault: FaultEvent | undefined) => Number.parseInt(fault?.undo?.incarnation ?? '', 10);

async function until(holds: () => boolean, what: string): Promise<void> {
  const deadlineMs = performance.now() + 20_000;
  while (!holds()) {
    if (performance.now() > deadlineMs) throw new Error(`waited in vain for ${what}`);
    await sleep(20);
  }
}

/** The process that watches over the run `r`. */
function guardian(): number {
  const lines = execFileSync('ps', ['-e', '-o', 'pid=', '-o', 'args='], { encoding: 'utf8' }).split('\n');
  const line = lines.find((one) => /guardian\.ts/.test(one) && one.includes(shop.path('runs', 'r')));
  return Number.parseInt(line ?? '', 10);
}

describe('a run that is killed', () => {
  it('is put in order by its guardian, and reads as interrupted', async () => {
    const { child, done } = shop.start(args);
    await said(child, effective);
    const node = pidOf(faults()[0]);
    expect(lookUp(node)?.state).toBe('paused');
    const watcher = guardian();
    child.kill('SIGKILL');
    await done;
    await until(() => lookUp(watcher) === undefined, 'the guardian to end');
    expect(lookUp(node)).toBeUndefined();
    expect(faults().map(({ state, by }) => [state, by])).toEqual([
      ['requested', undefined],
      ['effective', undefined],
      ['undo_requested', 'guardian'],
      ['superseded', 'guardian'],
    ]);
    const manifest = shop.manifest('r');
    expect(manifest).toMatchObject({ status: 'interrupted', still_broken: [] });
    expect(manifest.reason).toMatch(/^cut off: orch was killed; its guardian cleaned up$/);
    expect(manifest.counts.due).toBe(shop.rows('r').length);
    const analysed = await shop.orch(['analyze', '--baseline', 'r', '--run', 'r']);
    expect(analysed.stdout).toContain('cut off');
    expect((await shop.orch(['recover'])).stdout).toBe('every run in runs is in order\n');
  });

  it('with its guardian is put in order by `orch recover`, which a new run asks for', async () => {
    const { child, done } = shop.start(args);
    await said(child, effective);
    const node = pidOf(faults()[0]);
    // The guardian must not see the run end, nor the run that its guardian is gone: it would start another.
    child.kill('SIGSTOP');
    process.kill(guardian(), 'SIGKILL');
    child.kill('SIGKILL');
    await done;
    expect(lookUp(node)?.state).toBe('paused');
    expect((await shop.orch(['runs'])).stdout).toContain('cut off (orch recover)');
    const refused = await shop.orch([...args.slice(0, 3), '--run-id', 'next', '--driver', 'process']);
    expect(refused.code).toBe(104);
    expect(refused.stderr).toContain('the run r was cut off [run-unfinished]');
    expect(refused.stderr).toContain('`orch recover r`');
    const recovered = await shop.orch(['recover', 'r', '--json', '--journal', 'journal.json']);
    expect(recovered.code, recovered.stderr).toBe(0);
    expect(JSON.parse(recovered.stdout)).toMatchObject({
      in_order: true,
      runs: [{ run_id: 'r', was_cut_off: true, undone: [], still_broken: [] }],
    });
    expect(lookUp(node)).toBeUndefined();
    expect(JSON.parse(readFileSync(shop.path('journal.json'), 'utf8'))).toMatchObject({
      status: 'interrupted',
      rollbacks: [{ activity: { name: expect.stringMatching(/^undo pause/) } }],
    });
    const unnamed = await shop.orch(['recover', '--journal', 'journal.json']);
    expect(unnamed.stderr).toContain('--journal is of one run [usage]');
    expect(shop.manifest('r').reason).toContain('`orch recover` cleaned up');
    const again = await shop.orch(['recover', 'r']);
    expect([again.code, again.stdout]).toEqual([0, 'r is in order\n']);
  });
});

describe('orch recover', () => {
  const manifest = (change: Partial<Manifest>) =>
    manifestOf({
      status: 'running',
      host: { name: hostname(), os: 'linux', cpus: 2, memory_mb: 4096 },
      driver: { name: 'docker', reason: '' },
      ...change,
    });
  const makeRun = (id: string, text: string, events: string) => {
    mkdirSync(shop.path('runs', id), { recursive: true });
    shop.write(`runs/${id}/manifest.json`, text);
    shop.write(`runs/${id}/events.jsonl`, events);
  };
  const undo = { driver: 'docker', incarnation: 'aaaa@1', settle_ms: 0, limit_ms: 1, how: '' };
  const open = (engine: string) =>
    eventsOf(1000, [
      [
        0,
        {
          type: 'fault',
          id: 'f1',
          kind: 'kill',
          node: 'api',
          phase: 'p',
          state: 'requested',
          undo: { ...undo, engine: { address: engine, id: 'x' } },
        },
      ],
    ]);

  it('goes on where one run cannot be recovered, and says so by its exit code', async () => {
    makeRun('a-remote', manifest({ run_id: 'a-remote' }), open('tcp://192.0.2.1:2375'));
    makeRun(
      'b-begun',
      manifest({ run_id: 'b-begun' }),
      eventsOf(1000, [[0, { type: 'phase_ended', phase: 'p' }]]),
    );
    const { code, stdout, stderr } = await shop.orch(['recover']);
    expect(code).toBe(104);
    expect(stderr).toContain('a-remote: error: the run used the Docker Engine at tcp://192.0.2.1:2375');
    expect(stdout).toContain('b-begun is in order again');
  });

  it('leaves a run of another machine to that machine', async () => {
    const host = { name: 'far-away', os: 'linux', cpus: 2, memory_mb: 4096 };
    makeRun('r', manifest({ host }), open('unix:///var/run/docker.sock'));
    const named = await shop.orch(['recover', 'r']);
    expect(named.code).toBe(104);
    expect(named.stderr).toContain('the run r was made on another machine (far-away) [run-elsewhere]');
    const all = await shop.orch(['recover']);
    expect(all.code).toBe(0);
    expect(all.stderr).toContain('on another machine (far-away)');
    expect(shop.manifest('r').status).toBe('running');
  });

  it('is not content with a directory that is not there', async () => {
    const { code, stderr } = await shop.orch(['recover', '--runs', 'typo']);
    expect(code).toBe(104);
    expect(stderr).toContain('there is no directory typo');
  });

  it('does not take a process that stands still for none', async () => {
    makeRun('r', manifest({}), open('unix:///var/run/docker.sock'));
    const holder = spawn(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `const { takeLock } = await import(${JSON.stringify(join(root, 'src/control/lock.ts'))});
         const { runLock } = await import(${JSON.stringify(join(root, 'src/run/locks.ts'))});
         await takeLock(runLock(${JSON.stringify(shop.path('runs', 'r'))}), { role: 'guardian', pid: 1, run_id: 'r' });
         console.log('held');
         setInterval(() => {}, 1000);`,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    try {
      await once(holder.stdout, 'data');
      holder.kill('SIGSTOP');
      const recover = await shop.orch(['recover']);
      expect(recover.code).toBe(104);
      expect(recover.stderr).toContain('in the hands of a process that does not answer');
      shop.write('s.yaml', scenarioText('s', [1]));
      const run = await shop.orch(['run', '--scenario', 's.yaml', '--driver', 'process']);
      expect(run.stderr).toContain('[run-unfinished]');
    } finally {
      holder.kill('SIGKILL');
    }
  });
});

describe('a guardian that is ended itself', () => {
  it('is replaced while the run goes on', async () => {
    const { child, done } = shop.start(args);
    await said(child, effective);
    const first = guardian();
    process.kill(first, 'SIGKILL');
    await said(child, /the guardian was ended; another has taken its place/);
    expect(guardian()).not.toBe(first);
    child.kill('SIGKILL');
    await done;
    await until(() => shop.manifest('r').status === 'interrupted', 'the second guardian to finish');
  });
});

describe('a guardian that stands still', () => {
  it('changes nothing about how its run ends', async () => {
    shop.write('s.yaml', scenarioText('s', [3]));
    const { child, done } = shop.start(args);
    await said(child, /load 50 rps/);
    process.kill(guardian(), 'SIGSTOP');
    const { code, stdout, stderr } = await done;
    expect(code, stderr).toBe(0);
    expect(stdout).toBe('r\n');
  });
});

describe('a run that hangs', () => {
  it('beyond a fault’s deadline is ended by its guardian', async () => {
    shop.write(
      's.yaml',
      scenarioText('s', [1, 1, 1], { type: 'pause_node', undo: 'unpause_node', node: 'service-node-2' }),
    );
    shop.write('config.yaml', 'control: { overtime_sec: 1 }\n');
    const { child, done } = shop.start(args);
    await said(child, effective);
    child.kill('SIGSTOP');
    expect((await done).code).toBeNull();
    await until(() => shop.manifest('r').status !== 'running', 'the guardian to finish');
    expect(shop.manifest('r').reason).toContain('did not undo a fault by its deadline');
    expect(lookUp(pidOf(faults()[0]))).toBeUndefined();
  });
});

describe('a run that goes on', () => {
  it('has its nodes for itself, and is not recovered', async () => {
    const server = createServer((_, response) => response.end('ok')).listen(0, '127.0.0.1');
    try {
      await until(() => server.listening, 'the server to listen');
      const { port } = server.address() as AddressInfo;
      shop.write('config.yaml', `http_nodes: [http://127.0.0.1:${port}]\n`);
      shop.write('s.yaml', scenarioText('s', [60]));
      const { child, done } = shop.start(['run', '--scenario', 's.yaml', '--run-id', 'r']);
      await said(child, /load 50 rps/);
      const other = await shop.orch(['run', '--scenario', 's.yaml', '--run-id', 'other']);
      expect(other.code).toBe(104);
      expect(other.stderr).toContain(
        `127.0.0.1:${port} is in use by the run r (pid ${child.pid}) [run-active]`,
      );
      expect((await shop.orch(['runs'])).stdout).not.toContain('other');
      const recover = await shop.orch(['recover', 'r']);
      expect(recover.code).toBe(104);
      expect(recover.stderr).toContain(`r goes on (pid ${child.pid}) [run-active]`);
      expect(recover.stderr).toContain(`kill -INT ${child.pid}`);
      const all = await shop.orch(['recover']);
      expect([all.code, all.stdout]).toEqual([
        0,
        `r goes on (pid ${child.pid})\nevery other run in runs is in order\n`,
      ]);
      const { stdout: json } = await shop.orch(['recover', '--json']);
      expect(JSON.parse(json)).toEqual({
        in_order: true,
        runs: [],
        going_on: [{ run_id: 'r', pid: child.pid }],
      });
      child.kill('SIGINT');
      expect((await done).code).toBe(105);
    } finally {
      server.close();
    }
  });
});
