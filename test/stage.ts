import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const repository = join(import.meta.dirname, '..');

/** A directory with spaces in its name, in which packages and a PATH are laid out for the scripts that start orch. */
export class Stage {
  readonly base = mkdtempSync(join(tmpdir(), 'orch on stage '));
  /** The PATH: some of the system's tools, but no node and no npm; tests put in their own. */
  readonly tools = join(this.base, 'tools');

  constructor() {
    mkdirSync(this.tools);
    for (const name of ['sh', 'dirname', 'readlink', 'find'])
      symlinkSync(which(name), join(this.tools, name));
  }

  remove(): void {
    rmSync(this.base, { recursive: true });
  }

  path(...parts: string[]): string {
    return join(this.base, ...parts);
  }

  /** Writes an executable file. */
  put(path: string, text: string): string {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    chmodSync(path, 0o755);
    return path;
  }

  /** Copies a file of this repository. */
  copy(name: string, root: string): string {
    return this.put(join(root, name), readFileSync(join(repository, name), 'utf8'));
  }

  /** A package with the real launcher, and a main.js that says by which Node it was started and with what. */
  orchAt(root: string): string {
    this.put(
      join(root, 'dist/main.js'),
      `process.stdout.write(JSON.stringify([process.env.STARTED_BY, ...process.argv.slice(2)]));
      if (process.argv[2] === 'fail') process.exit(99);
      if (process.argv[2] === 'die') process.kill(process.pid, 'SIGTERM'), setInterval(() => {}, 1000);`,
    );
    return this.copy('bin/orch', root);
  }

  /** A node that tells that version of itself, and runs scripts by the real one under the name `by`. */
  nodeAt(path: string, version: string, by: string): void {
    this.put(
      path,
      `#!/bin/sh\n[ "$1" = --version ] && echo ${version} && exit\nSTARTED_BY=${by} exec '${process.execPath}' "$@"\n`,
    );
  }

  run(command: string, args: readonly string[], cwd = '/') {
    const { stdout, stderr, status, signal } = spawnSync(command, args, {
      cwd,
      env: { PATH: this.tools },
      encoding: 'utf8',
      timeout: 20_000,
    });
    return { stdout, stderr, end: status ?? signal };
  }
}

function which(name: string): string {
  const path = (process.env['PATH'] ?? '')
    .split(':')
    .map((directory) => join(directory, name))
    .find(existsSync);
  if (path === undefined) throw new Error(`${name} is not on PATH`);
  return path;
}
