import { readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Stage } from './stage.ts';

let stage: Stage;

beforeEach(() => {
  stage = new Stage();
});
afterEach(() => stage.remove());

describe('demo-e2e.sh', () => {
  let root: string;
  let script: string;
  const sources = ['package.json', 'tsconfig.json', 'tsconfig.build.json', 'src/deep/down.ts'];
  const install = 'ci --include=dev';
  const build = 'run --silent build';

  /** What npm was asked for since the last look. */
  const calls = () => {
    const lines = readFileSync(stage.path('calls'), 'utf8').split('\n');
    writeFileSync(stage.path('calls'), '');
    return lines.slice(0, -1);
  };
  const age = (file: string, unixSec: number) => utimesSync(join(root, file), unixSec, unixSec);

  /** A checkout that is installed and built: written at second 1000, installed at 2000, built at 3000. */
  beforeEach(() => {
    root = stage.path('checkout');
    script = stage.copy('demo-e2e.sh', root);
    stage.orchAt(root);
    for (const file of [...sources, 'package-lock.json']) {
      stage.put(join(root, file), '{}');
      age(file, 1000);
    }
    for (const directory of ['src', 'src/deep']) age(directory, 1000);
    stage.put(join(root, 'node_modules/.package-lock.json'), '');
    age('node_modules/.package-lock.json', 2000);
    age('dist/main.js', 3000);
    stage.nodeAt(stage.path('tools', 'node'), 'v24.0.0', 'path');
    writeFileSync(stage.path('calls'), '');
    npmThatEndsWith(0);
  });

  /** Does to the files what npm would do, and keeps a list of what it was asked for. */
  function npmThatEndsWith(code: number): void {
    const npm = `echo "$*" >>'${stage.base}/calls'; echo 'npm talks'
      case $1 in
        ci) : >node_modules/.package-lock.json ;;
        run) : >>dist/main.js; '${process.execPath}' -e 'fs.utimesSync("dist/main.js", new Date(), new Date())' ;;
      esac`;
    stage.put(stage.path('tools', 'npm'), `#!/bin/sh\n${code === 0 ? npm : `exit ${code}`}\n`);
  }

  it('only runs the demo where nothing is missing, from any directory, also through a symlink', () => {
    symlinkSync('checkout/demo-e2e.sh', stage.path('demo'));
    for (const command of [script, stage.path('demo')]) {
      expect(stage.run(command, ['--help'])).toEqual({
        stdout: '["path","demo","--help"]',
        stderr: 'demo-e2e: running orch demo --help\n',
        end: 0,
      });
    }
    expect(stage.run('./demo-e2e.sh', ['fail'], root).stdout).toBe('["path","demo","fail"]');
    expect(calls()).toEqual([]);
  });

  it('says what it installs and builds, and keeps stdout for the demo', () => {
    rmSync(join(root, 'node_modules/.package-lock.json'));
    age('dist/main.js', 500);
    expect(stage.run(script, ['--quick', 'a b'])).toEqual({
      stdout: '["path","demo","--quick","a b"]',
      stderr: [
        'demo-e2e: installing with npm ci',
        'npm talks',
        'demo-e2e: building with npm run build',
        'npm talks',
        'demo-e2e: running orch demo --quick a b',
        '',
      ].join('\n'),
      end: 0,
    });
    expect(calls()).toEqual([install, build]);
    // Both are done now.
    stage.run(script, []);
    expect(calls()).toEqual([]);
  });

  it('installs again where package-lock.json is newer than the last install', () => {
    age('package-lock.json', 2500);
    stage.run(script, []);
    expect(calls()).toEqual([install]);
  });

  it.each(sources)('builds again where %s is newer than the last build', (file) => {
    age(file, 3500);
    stage.run(script, []);
    expect(calls()).toEqual([build]);
  });

  it('ends where npm fails', () => {
    age('package-lock.json', 2500);
    npmThatEndsWith(7);
    expect(stage.run(script, [])).toMatchObject({ stdout: '', end: 7 });
  });

  it.each([
    ['v18.19.0', 'Node 20 or newer is needed to install orch; v18.19.0 was found on PATH.'],
    ['none', 'Node 20 or newer is needed to install orch; none was found on PATH.'],
    ['v20.20.2', 'npm is needed to install orch; none was found on PATH.'],
  ])('says what is needed to install where PATH has this node and no npm: %s', (version, message) => {
    age('package-lock.json', 2500);
    rmSync(stage.path('tools', 'npm'));
    rmSync(stage.path('tools', 'node'));
    if (version !== 'none') stage.nodeAt(stage.path('tools', 'node'), version, 'path');
    expect(stage.run(script, [])).toEqual({ stdout: '', stderr: `demo-e2e: ${message}\n`, end: 104 });
  });
});
