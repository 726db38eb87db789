import { type Remark, yamlText } from '../config/yaml.ts';
import type { NodeKind } from '../model/node.ts';
import type { ComposeNode } from './compose-nodes.ts';
import { workflowText } from './workflow.ts';

export interface StartingPoint {
  /** One at least. */
  readonly nodes: readonly ComposeNode[];
  /** The path of the Compose file as it was named. */
  readonly composeFile: string;
  /** Null where orch finds the project's name by itself. */
  readonly project: string | null;
  /** Where the config is to stand. */
  readonly configFile: string;
}

export interface StartingFile {
  readonly path: string;
  readonly text: string;
}

const rps = 20;

/** A config, a baseline, a scenario with gates and a workflow for the nodes of a Compose file. */
export function startingFiles(start: StartingPoint): readonly StartingFile[] {
  const { nodes, configFile } = start;
  return [
    { path: configFile, text: configText(start) },
    { path: 'scenarios/baseline.yaml', text: baselineText(modeOf(nodes)) },
    { path: 'scenarios/first_failure.yaml', text: failureText(nodes) },
    { path: '.github/workflows/chaos.yml', text: workflowText(start) },
  ];
}

/** What requests are by default, and which node is disturbed, as sentences. */
export function assumptionsOf({ nodes }: StartingPoint): readonly string[] {
  const mode = modeOf(nodes);
  const { service, why } = victimOf(nodes);
  return [
    mode === 'http'
      ? `Each request is GET ${pathOf(nodes)}: http_workload of the config says so.${undecidedPaths(nodes)}`
      : 'Each request increments the key `orch:counter` and reads it: redis_workload of the config says otherwise.',
    `The node that is killed is ${service}, ${why}.`,
    `Load is ${rps} requests a second, and gates are wide: tighten them when you know what is usual.`,
  ];
}

function configText({ nodes, composeFile, project }: StartingPoint): string {
  const http = nodes.filter(({ kind }) => kind === 'http');
  const redis = nodes.filter(({ kind }) => kind === 'redis');
  const listed = (key: NodeKind, own: readonly ComposeNode[]) => ({
    [`${key}_nodes`]: own.map(({ url }) => url),
    [`${key}_services`]: own.map(({ service }) => service),
  });
  const config = {
    ...listed('http', http),
    ...listed('redis', redis),
    control: { driver: 'docker', ...(project === null ? {} : { docker: { project } }) },
    ...(http.length === 0
      ? {}
      : { http_workload: { method: 'GET', path: pathOf(nodes), expected_status: ['2xx', '3xx'] } }),
  };
  const remarks: Remark[] = [
    { path: ['control'], text: 'Faults are done to the containers of the compose project that runs.' },
    ...(http.length === 0
      ? []
      : [{ path: ['http_workload'], text: 'What each request is; any other status is a failure.' }]),
  ];
  const head = `The nodes of ${composeFile}. Every key has a default: \`orch schema config\` describes them all.`;
  return yamlText(config, head, remarks);
}

function baselineText(mode: NodeKind): string {
  const scenario = {
    name: 'baseline',
    description: 'Steady load and no fault. Other runs are held against this one.',
    mode,
    phases: [
      { name: 'steady', duration_sec: 30, actions: [{ type: 'start_load', target: 'all_nodes', rps }] },
    ],
  };
  return yamlText(scenario, 'The same load as in the scenarios that are held against it.', []);
}

function failureText(nodes: readonly ComposeNode[]): string {
  const { service, why } = victimOf(nodes);
  const scenario = {
    name: 'first_failure',
    description: `Kill ${service} under load, then bring it back.`,
    mode: modeOf(nodes),
    gates: ['error_rate < 1% during warmup', 'availability >= 60%', 'recovery_time_sec <= 30'],
    phases: [
      { name: 'warmup', duration_sec: 15, actions: [{ type: 'start_load', target: 'all_nodes', rps }] },
      { name: 'failure', duration_sec: 10, actions: [{ type: 'kill_node', target: service }] },
      { name: 'recovery', duration_sec: 35, actions: [{ type: 'restart_node', target: service }] },
    ],
  };
  return yamlText(scenario, `A place to begin. ${service} is ${why}.`, [
    { path: ['gates'], text: 'What the run must come to: tighten these when you know what is usual.' },
  ]);
}

/** What is loaded: HTTP where there is any. */
function modeOf(nodes: readonly ComposeNode[]): NodeKind {
  return nodes.some(({ kind }) => kind === 'http') ? 'http' : 'redis';
}

/** One of several nodes that are loaded should not be missed; else what the loaded one may depend on is more telling. */
function victimOf(nodes: readonly ComposeNode[]): { readonly service: string; readonly why: string } {
  const loaded = nodes.filter(({ kind }) => kind === modeOf(nodes));
  const beside = nodes.find(({ kind }) => kind !== modeOf(nodes));
  const last = loaded.at(-1)!;
  if (loaded.length > 1) return { service: last.service, why: `one of ${loaded.length} that are loaded` };
  if (beside !== undefined) return { service: beside.service, why: `what ${last.service} may depend on` };
  return { service: last.service, why: 'the only node that there is' };
}

/** What the health checks of all HTTP nodes that have one ask for. */
function pathOf(nodes: readonly ComposeNode[]): string {
  const [first = '/', ...others] = healthPaths(nodes);
  return others.length === 0 ? first : '/';
}

/** What HTTP nodes do not agree on, as a sentence. */
function undecidedPaths(nodes: readonly ComposeNode[]): string {
  const paths = healthPaths(nodes);
  return paths.length < 2
    ? ''
    : ` Health checks ask for ${paths.join(', ')}, and all nodes are asked the same.`;
}

function healthPaths(nodes: readonly ComposeNode[]): readonly string[] {
  const paths = nodes.map(({ kind, healthPath }) => (kind === 'http' ? healthPath : null));
  return [...new Set(paths.filter((path) => path !== null))];
}
