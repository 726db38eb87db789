import { posix } from 'node:path';
import type { Disturber } from '../../model/disturber.ts';
import { z } from '../../model/zod.ts';
import { type NodeContainers, unlessGone } from './node-containers.ts';
import { shortId } from './engine.ts';
import { endTagged, missingPrograms } from './programs.ts';
import { noRoomFor } from '../disk-room.ts';
import { disturberOf, refusalFrom, type SpecOf } from '../one-kind.ts';
import { fillName, fillScript, partOf } from '../resource-scripts.ts';
import { bytesOf } from '../tag.ts';

const prepared = z.strictObject({
  container: z.string(),
  marker: z.string(),
  path: z.string(),
  bytes: z.number(),
});

/** A file of zeros in the container, in a directory of the user's choice, written and removed by programs of its image. */
export function dockerDiskFill(containers: NodeContainers): Disturber {
  const { engine } = containers;

  const checked = async (node: string, { size_mb, directory }: SpecOf<'disk_fill'>) => {
    const container = containers.idOf(node);
    const { exitCode, output } = await engine.execute(container, {
      args: ['sh', '-c', 'test -d "$0" && test -w "$0" && stat -f -c "%T %S %b %a" "$0"', directory],
    });
    const [, type = '', ...figures] = /^(.*) (\d+) (\d+) (\d+)$/.exec(output) ?? [];
    if (exitCode !== 0 || figures.length === 0) {
      throw new Error(`${directory} in ${node} is no directory that its own user may write to`);
    }
    const [unit = 0, total = 0, free = 0] = figures.map(Number);
    const room = { total: total * unit, free: free * unit, isInMemory: type === 'tmpfs' };
    const bytes = bytesOf(size_mb);
    const problem = noRoomFor(bytes, room, `${directory} in ${node}`);
    if (problem !== null) throw new Error(problem);
    return { container, bytes };
  };

  const remove = async (node: string, container: string, marker: string, path: string) => {
    await endTagged(containers, node, container, marker);
    const { state } = await containers.inspect(node, container);
    if (state !== 'running') throw new Error(`${node} is ${state}: ${path} in it cannot be removed`);
    // In this order, a file that is given its name in between is removed by that name.
    const { exitCode, output } = await engine.execute(container, { args: ['rm', '-f', partOf(path), path] });
    if (exitCode !== 0) throw new Error(`${path} of ${node} cannot be removed: ${output}`);
  };

  return disturberOf({
    means: 'file',
    kind: 'disk_fill',
    prepared,
    async refusal(node, spec) {
      const missing = await missingPrograms(containers, node, ['dd', 'grep', 'head', 'mv', 'rm', 'stat']);
      return missing ?? refusalFrom(checked(node, spec));
    },
    async prepare(node, spec, marker) {
      const { container, bytes } = await checked(node, spec);
      return { container, marker, path: posix.join(spec.directory, fillName(marker)), bytes };
    },
    async apply(_node, { container, path, bytes }) {
      await engine.launch(container, fillScript(path, bytes));
    },
    remove: (node, { container, marker, path }) => unlessGone(remove(node, container, marker, path)),
    async look(node, { container, path, bytes }) {
      const { state } = await containers.inspect(node, container);
      if (state !== 'running') throw new Error(`${node} is ${state}: ${path} in it cannot be looked at`);
      const text = 'for path in "$@"; do test ! -e "$path" || stat -c "%s %n" "$path"; done';
      const { output } = await engine.execute(container, {
        args: ['sh', '-c', text, 'sh', path, partOf(path)],
      });
      const [size = ''] = output.split(' ');
      if (size === '') return { state: 'absent', evidence: `container ${shortId(container)} has no ${path}` };
      return {
        state: output.endsWith(partOf(path)) ? 'partial' : 'present',
        evidence: `container ${shortId(container)}: ${path} has ${size} of ${bytes} bytes`,
      };
    },
  });
}
