import { OrchError } from '../model/errors.ts';

/** Letters, digits, `.`, `_`, `-`: safe as a directory's name everywhere, and never a path. */
const valid = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** @throws OrchError `usage` */
export function checkRunId(id: string): string {
  if (valid.test(id)) return id;
  throw new OrchError('usage', `\`${id}\` cannot be a run id`, {
    hint: 'Up to 128 letters, digits, `.`, `_` and `-`, beginning with a letter or digit.',
  });
}

/** `node_failure-http-20261121-142501`, in UTC. */
export function makeRunId(scenario: string, mode: string, wallMs: number): string {
  const slug = scenario.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+|-+$/g, '');
  const time = new Date(wallMs).toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  return `${slug === '' ? 'run' : slug.slice(0, 80)}-${mode}-${time}`;
}
