import { isDemoService, nodesOf } from '../config/nodes.ts';
import { shownUrl } from '../config/redact.ts';
import type { Config } from '../model/config.ts';
import type { NodeSpec } from '../model/node.ts';
import { accepts } from '../proxy/accepts.ts';
import type { Finding } from './doctor-finding.ts';

/** Whether something listens where each node of the config is to be. */
export async function nodeFindings(config: Config): Promise<readonly Finding[]> {
  return Promise.all(nodesOf(config).map((node) => nodeFinding(node, config)));
}

async function nodeFinding({ name, url }: NodeSpec, { control }: Config): Promise<Finding> {
  const shown = shownUrl(url);
  if (await accepts(placeOf(url)))
    return { what: name, state: 'ok', says: `${shown}: something listens there` };
  // Embedded nodes stand in for the demo's only, never for a user's own.
  if (isDemoService(name) && control.driver !== 'docker')
    return { what: name, state: 'ok', says: `${shown}: nothing listens there; an embedded node may` };
  const remedy = 'Start it, or correct its address in the config.';
  return { what: name, state: 'missing', says: `${shown}: nothing listens there`, remedy };
}

function placeOf(url: string): { host: string; port: number } {
  const { hostname, port, protocol } = new URL(url);
  const usual = { 'http:': 80, 'https:': 443 }[protocol] ?? 6379;
  return { host: hostname, port: port === '' ? usual : Number(port) };
}
