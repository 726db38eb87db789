import { describe, expect, it } from 'vitest';
import type { ComposeNode } from './compose-nodes.ts';
import { assumptionsOf, startingFiles } from './starting-files.ts';

describe('the path of requests', () => {
  it.each<[string, string, readonly (string | null)[]]>([
    ['is what all health checks ask for', '/up', ['/up', null, '/up']],
    ['is / where they differ, which is told', '/', ['/healthz', '/up', null]],
    ['is / where there is none', '/', [null, null]],
  ])('%s', (_, path, healthPaths) => {
    const nodes = healthPaths.map(
      (healthPath, index): ComposeNode => ({
        service: `s${index}`,
        kind: 'http',
        url: `http://127.0.0.1:${8000 + index}`,
        healthPath,
      }),
    );
    const start = { nodes, composeFile: 'compose.yaml', project: null, configFile: 'config.yaml' };
    expect(startingFiles(start)[0]?.text).toMatch(new RegExp(`^  path: ${path}$`, 'm'));
    const [told] = assumptionsOf(start);
    expect(told).toContain(`Each request is GET ${path}:`);
    expect(told?.includes('/healthz, /up')).toBe(healthPaths.includes('/healthz'));
  });
});
