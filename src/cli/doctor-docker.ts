import type { ProbedService } from '../control/docker/probe.ts';
import type { Finding } from './doctor-finding.ts';
import type { Surroundings } from './world.ts';

export function engineFinding({ usable, says, hint }: Surroundings['docker']): Finding {
  const what = 'docker engine';
  if (usable) return { what, state: 'ok', says };
  return { what, state: 'missing', says, remedy: `Only needed for --driver docker. ${hint ?? ''}`.trim() };
}

/** What the compose project has of the config's services, and the command that would bring the rest. */
export function projectFinding(
  engine: boolean,
  { name, hasFile, services }: Surroundings['project'],
): Finding {
  const what = 'compose project';
  if (!engine) return { what, state: 'missing', says: `${name}: not looked for without an engine` };
  if (services.length === 0) return { what, state: 'ok', says: 'not needed: the config names no services' };
  const inState = (...states: readonly ProbedService['state'][]) =>
    services.filter(({ state }) => states.includes(state)).map(({ service }) => service);
  const running = inState('running');
  const paused = inState('paused');
  const scaled = inState('ambiguous');
  const absent = inState('stopped', 'missing');
  const says = [`${name} has ${running.length === 0 ? 'none of the config’s services' : running.join(', ')}`];
  const remedies: string[] = [];
  if (paused.length > 0) {
    says.push(`paused: ${paused.join(', ')}`);
    remedies.push(`docker compose -p ${name} unpause ${paused.join(' ')}`);
  }
  if (scaled.length > 0) {
    says.push(`of several containers, where orch needs one: ${scaled.join(', ')}`);
    remedies.push(`docker compose up -d ${scaled.map((service) => `--scale ${service}=1`).join(' ')}`);
  }
  if (absent.length > 0) {
    says.push(`not running: ${absent.join(', ')}`);
    remedies.push(
      hasFile
        ? 'docker compose up -d --build --wait, or control.docker.project for another project'
        : 'only needed for --driver docker: there is no Compose file here, so name a project that runs in control.docker.project',
    );
  }
  if (remedies.length === 0) return { what, state: 'ok', says: says.join('; ') };
  return { what, state: 'missing', says: says.join('; '), remedy: remedies.join('; ') };
}
