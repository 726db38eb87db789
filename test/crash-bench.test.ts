import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { needs } from '../src/testing/requirements.ts';
import type { Bench } from './crash/bench.ts';
import { containerBench, docker } from './crash/containers.ts';

const execute = promisify(execFile);
const directory = `/tmp/orch-crash-bench-${process.pid}`;

describe.skipIf(!needs('nsenter'))('the crash test looks at its containers, and', () => {
  let bench: Bench;
  let id = '';
  let pid = '';
  beforeAll(async () => {
    bench = await containerBench({ host: undefined, restart: 'unless-stopped' });
    const label = `label=com.docker.compose.project=${bench.project}`;
    const service = 'label=com.docker.compose.service=service-node-2';
    id = await docker(undefined, 'ps', '--quiet', '--no-trunc', '--filter', label, '--filter', service);
    pid = await docker(undefined, 'inspect', '--format', '{{.State.Pid}}', id);
  }, 60_000);
  afterAll(() => bench?.close());

  const inNetwork = (...command: string[]) => execute('nsenter', ['--target', pid, '--net', ...command]);
  const rule = ['INPUT', '--source', '192.0.2.1', '--jump', 'DROP'];
  const limited = (...limits: string[]) => docker(undefined, 'update', ...limits, id);

  it('tells all that a fault may leave, and nothing once that is gone', async () => {
    await inNetwork('iptables', '--append', ...rule);
    await inNetwork(
      'tc',
      'qdisc',
      'add',
      ...'dev eth0 root tbf rate 1gbit burst 1mb latency 50ms'.split(' '),
    );
    await limited('--cpu-quota', '90000', '--memory', '900m', '--memory-swap', '900m');
    await docker(undefined, 'exec', id, 'touch', '/tmp/left');
    await docker(undefined, 'exec', '--detach', id, 'sleep', '600');
    writeFileSync(`/proc/${pid}/oom_score_adj`, '500');
    const helper = [
      '--network',
      'none',
      '--label',
      'orch.helper=m',
      '--label',
      `orch.run=${directory}/runs/r`,
    ];
    const left = await docker(undefined, 'create', ...helper, 'redis:7-alpine', 'true');
    onTestFinished(() => docker(undefined, 'rm', '--force', left).then(() => {}));
    const problems = (await bench.problems(directory)).join('\n');
    for (const part of ['rules', 'qdiscs', 'settings', 'limits', 'files', 'processes', 'score'])
      expect(problems).toContain(`: its ${part} were `);
    expect(problems).toContain(`left: helper container ${left.slice(0, 12)}`);

    await inNetwork('iptables', '--delete', ...rule);
    await inNetwork('tc', 'qdisc', 'delete', 'dev', 'eth0', 'root');
    await limited('--cpu-quota=-1', '--memory', String(2 ** 62), '--memory-swap', String(2 ** 63 - 4096));
    await docker(undefined, 'exec', id, 'rm', '/tmp/left');
    process.kill(Number(/(\d+) +sleep/.exec(await docker(undefined, 'top', id, '-o', 'pid,args'))?.[1]));
    writeFileSync(`/proc/${pid}/oom_score_adj`, '0');
    await docker(undefined, 'rm', left);
    expect(await bench.problems(directory)).toEqual([]);
  }, 60_000);
});
