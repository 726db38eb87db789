import type { Finding } from './doctor-finding.ts';
import type { Surroundings } from './world.ts';

/** What embedded nodes of each kind need, beside orch itself. */
export function embeddedFindings({
  demoService,
  redisServer,
}: Pick<Surroundings, 'demoService' | 'redisServer'>): readonly Finding[] {
  return [
    findingOf(
      'embedded HTTP nodes',
      demoService,
      'Install orch anew; in a clone, `npm ci` and `npm run build`.',
    ),
    findingOf(
      'embedded Redis nodes',
      redisServer,
      'Install redis-server (apt-get install redis-server, brew install redis), or set control.process.redis_server.',
    ),
  ];
}

function findingOf(what: string, { usable, says }: Surroundings['demoService'], remedy: string): Finding {
  return usable ? { what, state: 'ok', says } : { what, state: 'missing', says, remedy };
}
