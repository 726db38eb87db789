import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, openSync, closeSync, readFileSync, rmSync, existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { docker } from './containers.ts';
import { processesAt } from './system.ts';
import { until } from './until.ts';

const execute = promisify(execFile);

/**
 * A Docker Engine of the test's own, to be restarted while the machine's goes on undisturbed: it has its own files, its
 * own containerd and its own bridge, and writes no firewall rules, which both would share. Ports are published all the
 * same, by Docker's proxies.
 */
export class SecondEngine {
  readonly host: string;
  readonly #directory = mkdtempSync(join(tmpdir(), 'orch-engine-'));
  readonly #bridge = `orch-${process.pid}`;

  private constructor() {
    this.host = `unix://${this.#path('socket')}`;
  }

  static async start(): Promise<SecondEngine> {
    const engine = new SecondEngine();
    try {
      await engine.#lay();
      await engine.#up();
      await engine.#loadImages();
      return engine;
    } catch (error) {
      await engine.close();
      throw error;
    }
  }

  /** Ends it by the signal and starts it again; resolves when it answers. */
  async restart(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    await this.#down(signal);
    await this.#up();
  }

  /**
   * Whether it was ended in the midst of starting a container, and holds that one's port or task for taken ever since:
   * however often it is asked, it will not start it.
   */
  async isWedged(): Promise<boolean> {
    const stopped = await docker(this.host, 'ps', '--quiet', '--filter', 'status=exited');
    if (stopped === '') return false;
    const errors = await docker(this.host, 'inspect', '--format', '{{.State.Error}}', ...stopped.split('\n'));
    return /already (allocated|exists|in use)/.test(errors);
  }

  /** What an operator has to do then: restart it once more, without the shims that nobody knows of. */
  async mend(): Promise<void> {
    const running = await docker(this.host, 'ps', '--quiet', '--no-trunc');
    await this.#down('SIGTERM');
    for (const { pid, command } of processesAt(this.#directory)) {
      const id = /containerd-shim\S* .*-id (\w+)/.exec(command)?.[1];
      if (id !== undefined && !running.includes(id)) end(pid, 'SIGKILL');
    }
    await this.#up();
  }

  async close(): Promise<void> {
    await this.#down('SIGTERM');
    const mounts = readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .map((line) => line.split(' ')[4] ?? '')
      .filter((path) => path.startsWith(this.#directory));
    for (const path of mounts.toReversed()) await execute('umount', [path]).catch(() => {});
    await execute('ip', ['link', 'delete', this.#bridge]).catch(() => {});
    rmSync(this.#directory, { recursive: true, force: true });
  }

  async #lay(): Promise<void> {
    const network = `10.${200 + (process.pid % 50)}.${(process.pid >> 6) % 250}.1/24`;
    await execute('ip', ['link', 'add', this.#bridge, 'type', 'bridge']);
    await execute('ip', ['address', 'add', network, 'dev', this.#bridge]);
    await execute('ip', ['link', 'set', this.#bridge, 'up']);
  }

  async #up(): Promise<void> {
    // dockerd refuses to start while a pid file names any live process.
    rmSync(this.#path('pid'), { force: true });
    rmSync(this.#containerdPid, { force: true });
    const log = openSync(this.#path('log'), 'a');
    const settings = {
      'data-root': this.#path('data'),
      'exec-root': this.#path('exec'),
      pidfile: this.#path('pid'),
      host: this.host,
      bridge: this.#bridge,
      iptables: false,
      ip6tables: false,
      'ip-forward': false,
      'ip-masq': false,
    };
    const args = Object.entries(settings).map(([name, value]) => `--${name}=${value}`);
    const child = spawn('dockerd', args, { detached: true, stdio: ['ignore', log, log] });
    child.unref();
    closeSync(log);
    const isUp = () =>
      docker(this.host, 'version').then(
        () => true,
        () => false,
      );
    if (!(await until(60_000, isUp)))
      throw new Error(`the second engine does not answer; its log: ${this.#path('log')}`);
  }

  /** Its containerd dies with it, but a moment later; one that is started too soon waits for the dying one in vain. */
  async #down(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const pids = [this.#path('pid'), this.#containerdPid].filter(existsSync).map(pidIn);
    const [dockerd] = pids;
    if (dockerd === undefined) return;
    end(dockerd, signal);
    if (!(await until(30_000, () => !pids.some(isAlive)))) throw new Error('the second engine does not end');
  }

  async #loadImages(): Promise<void> {
    const pipe = `docker save node:24-alpine redis:7-alpine | docker --host '${this.host}' load`;
    await execute('bash', ['-o', 'pipefail', '-c', pipe]);
  }

  get #containerdPid(): string {
    return this.#path('exec/containerd/containerd.pid');
  }

  #path(name: string): string {
    return join(this.#directory, name);
  }
}

function pidIn(path: string): number {
  return Number(readFileSync(path, 'utf8'));
}

function end(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {}
}

function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
