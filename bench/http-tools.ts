import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from './measured.ts';
import { orch, orchRun } from './orch.ts';
import { npmProgram, program } from './peers.ts';

/** GET over kept-alive connections. */
export interface HttpLoad {
  readonly url: string;
  /** Null for a closed model: each connection sends its next request when it has the answer to the one before. */
  readonly rps: number | null;
  readonly connections: number;
  readonly sec: number;
  /** Where the tool puts what it records. */
  readonly dir: string;
}

export interface HttpTool {
  /** What it is called in tables, and what it records. */
  readonly name: string;
  /** Null where it is not on this machine. */
  readonly program: readonly string[] | null;
  /** Whether it can keep to a fixed rate. */
  readonly paces: boolean;
  /** Whether that is a schedule that it keeps to whatever the server does, request by request. */
  readonly keepsSchedule: boolean;
  /** How many times its CPU time per request orch may take at most. */
  readonly goal: number;
  command(load: HttpLoad): Command;
}

export const orchTool: HttpTool = {
  name: 'orch',
  program: orch,
  paces: true,
  keepsSchedule: true,
  goal: 1,
  command({ url, rps, connections, sec, dir }) {
    const workload = { http_workload: { method: 'GET', path: '/' } };
    return orchRun({ mode: 'http', url, rps, sec, users: connections, workload, dir });
  },
};

const k6: HttpTool = {
  name: 'k6, CSV',
  program: program('k6'),
  paces: true,
  keepsSchedule: true,
  goal: 1 / 3,
  command({ url, rps, connections, sec, dir }) {
    const duration = `${sec}s`;
    const load =
      rps === null
        ? { executor: 'constant-vus', vus: connections, duration }
        : { executor: 'constant-arrival-rate', rate: rps, duration, preAllocatedVUs: connections };
    const script = `import http from 'k6/http';
      export const options = ${JSON.stringify({ discardResponseBodies: true, scenarios: { load } })};
      export default function () { http.get(${JSON.stringify(url)}); }`;
    writeFileSync(join(dir, 'k6.js'), script);
    const quiet = ['--quiet', '--no-usage-report', '--summary-mode=disabled', '--address='];
    return { words: [...(k6.program ?? []), 'run', ...quiet, '--out=csv=k6.csv', 'k6.js'] };
  },
};

const vegeta: HttpTool = {
  name: 'vegeta, gob',
  program: program('vegeta'),
  paces: true,
  keepsSchedule: true,
  goal: 1,
  command({ url, rps, connections, sec }) {
    const pace = `-rate=${rps === null ? '0' : `${rps}/s`}`;
    const most = [`-connections=${connections}`, `-workers=${connections}`, `-max-workers=${connections}`];
    const words = ['attack', pace, ...most, `-duration=${sec}s`, '-output=vegeta.bin'];
    return { words: [...(vegeta.program ?? []), ...words], stdin: `GET ${url}\n` };
  },
};

/** Requests of one of its virtual users, one after the other; users come at a rate of their own. */
const ofOneUser = 10;

const artillery: HttpTool = {
  name: 'artillery, sums as JSON',
  program: npmProgram('artillery'),
  paces: true,
  keepsSchedule: false,
  goal: 1 / 3,
  command({ url, rps, connections, sec, dir }) {
    // Users beyond `maxVusers` are left out, so more than enough of them keep that many at work.
    const arrivalRate = rps === null ? 1000 : rps / ofOneUser;
    const script = {
      config: {
        target: url,
        phases: [{ duration: sec, arrivalRate, maxVusers: connections }],
        http: { pool: connections },
      },
      scenarios: [{ flow: [{ loop: [{ get: { url: '/' } }], count: ofOneUser }] }],
    };
    writeFileSync(join(dir, 'script.json'), JSON.stringify(script));
    return {
      words: [...(artillery.program ?? []), 'run', '--quiet', '--output', 'report.json', 'script.json'],
      env: { ARTILLERY_DISABLE_TELEMETRY: 'true', NO_UPDATE_NOTIFIER: '1' },
    };
  },
};

const autocannon: HttpTool = {
  name: 'autocannon, nothing',
  program: npmProgram('autocannon'),
  paces: true,
  keepsSchedule: false,
  goal: 1.3,
  command({ url, rps, connections, sec }) {
    const pace = rps === null ? [] : ['--overallRate', String(rps)];
    const words = ['-c', String(connections), '-d', String(sec), ...pace, '--json', url];
    return { words: [...(autocannon.program ?? []), ...words] };
  },
};

const wrk: HttpTool = {
  name: 'wrk, nothing',
  program: program('wrk'),
  paces: false,
  keepsSchedule: false,
  // At least 45% of its requests per CPU second.
  goal: 1 / 0.45,
  command: ({ url, connections, sec }) => ({
    words: [...(wrk.program ?? []), '-t1', `-c${connections}`, `-d${sec}s`, url],
  }),
};

export const httpTools: readonly HttpTool[] = [k6, vegeta, artillery, autocannon, wrk];
