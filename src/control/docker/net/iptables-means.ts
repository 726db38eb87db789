import type { Disturbance } from '../../../model/fault-spec.ts';
import { z } from '../../../model/zod.ts';
import type { InspectedContainer } from '../engine.ts';
import { dnsBodies, hasFamily, partitionBodies } from './address-rules.ts';
import { blackHoleBodies, type Bodies, lossBodies, resetBodies } from './connection-rules.ts';
import {
  additions,
  expectedCount,
  type FirewallRules,
  type FirewallTool,
  ownRules,
  removals,
} from './firewall-text.ts';
import { markOf } from './mark.ts';
import type { NetMeans, Scene } from './means.ts';

/** The kernel has two sets of tables, and the programs of the one do not see the rules of the other. */
const backends = ['nf_tables', 'legacy'] as const;

const bodies = z.array(z.string().regex(/^[\w .:/|!-]+$/)).readonly();
const layout = z.strictObject({
  chain: z.string().regex(/^[\w-]+$/),
  comment: z.string().regex(/^[\w-]+$/),
  backend: z.enum(backends),
  families: z
    .array(z.strictObject({ tool: z.enum(['iptables', 'ip6tables']), input: bodies, output: bodies }))
    .min(1)
    .readonly(),
});
type FirewallLayout = z.output<typeof layout>;

const tools = ['iptables', 'ip6tables'] as const;

/** By rules of the filter table, in chains of the fault's own. */
export const iptablesMeans: NetMeans<FirewallLayout> = {
  means: 'iptables',
  kinds: ['partition', 'loss', 'reset', 'black_hole', 'dns_failure'],
  layout,
  survey: (self) => saving(toolsOf(self)),
  plan(spec, marker, scene) {
    const { chain, comment } = markOf(marker);
    const families = toolsOf(scene.self)
      .map((tool) => ({ tool, ...bodiesOf(spec, marker, tool, scene) }))
      .filter((rules) => expectedCount(rules) > 0);
    if (families.length === 0) throw new Error('there is no address to be cut off from');
    const marks = /^-A .*connmark.*$/im.exec(scene.listed)?.[0];
    if (marks !== undefined && families.some(marksConnections)) {
      throw new Error(`connections are marked there already, and a second mark would undo it: ${marks}`);
    }
    return { chain, comment, backend: backendOf(scene.listed), families };
  },
  rehearsal: (planned) => restoring(planned, (rules) => additions(rules, planned)),
  applying: (planned) => restoring(planned, (rules) => additions(rules, planned)),
  listing: ({ families }) => saving(families.map(({ tool }) => tool)),
  trace(planned, listed) {
    const found = planned.families.map(({ tool }) => ownRules(sectionOf(tool, planned, listed), planned));
    const there = found.reduce((sum, { chains, rules }) => sum + chains.length + rules.length, 0);
    const rules = found.reduce((sum, own) => sum + own.rules.length, 0);
    const expected = planned.families.reduce((sum, family) => sum + expectedCount(family), 0);
    const words = `${rules} of ${expected} rules with the comment ${planned.comment}`;
    if (there === 0) return { state: 'absent', found: words };
    return { state: rules === expected ? 'present' : 'partial', found: words };
  },
  removing(planned, listed) {
    const texts = planned.families.map(({ tool }) =>
      removals(ownRules(sectionOf(tool, planned, listed), planned)),
    );
    if (texts.every((text) => text === null)) return null;
    return restoring(planned, (_, index) => texts[index] ?? null);
  },
};

function bodiesOf(spec: Disturbance, marker: string, tool: FirewallTool, { self, peers }: Scene): Bodies {
  const mark = markOf(marker);
  if (spec.kind === 'partition') return partitionBodies(spec, tool, self, peers);
  if (spec.kind === 'loss') return lossBodies(spec);
  if (spec.kind === 'reset') return resetBodies(spec, mark);
  if (spec.kind === 'black_hole') return blackHoleBodies(spec, mark);
  if (spec.kind === 'dns_failure') return dnsBodies(spec);
  throw new Error(`iptables is not for ${spec.kind}`);
}

/** A node without a network still has loopback, by which it asks Docker's DNS server. */
function toolsOf(self: InspectedContainer): readonly FirewallTool[] {
  return tools.filter((tool) => tool === 'iptables' || hasFamily(tool, self));
}

function marksConnections({ input, output }: FirewallRules): boolean {
  return [...input, ...output].some((body) => body.includes('connmark'));
}

function saving(among: readonly FirewallTool[]): string {
  return among.map((tool) => `echo "== $(${tool} --version)" && ${tool}-save`).join(' && ');
}

/** `iptables v1.8.9 (nf_tables)`; versions before 1.8 name none, and know the older tables only. */
function backendOf(version: string): (typeof backends)[number] {
  return / v\S+ \(nf_tables\)/.test(version) ? 'nf_tables' : 'legacy';
}

/** @throws Error where the rules would not be seen, so that nothing can be said of them */
function sectionOf(tool: FirewallTool, { backend }: FirewallLayout, listed: string): string {
  const section = listed.split(/^== /m).find((one) => one.startsWith(`${tool} v`));
  if (section !== undefined && backendOf(section) === backend) return section;
  const version = section?.split('\n')[0] ?? 'none';
  throw new Error(`the rules were made by ${tool} (${backend}), which are not seen by ${version}`);
}

/** `-w` bounds the wait for another's hold of the lock, in seconds. */
function restoring(
  { families }: FirewallLayout,
  textOf: (rules: FirewallRules, index: number) => string | null,
): string {
  const steps = families.flatMap((rules, index) => {
    const text = textOf(rules, index);
    return text === null ? [] : [`${rules.tool}-restore -w 5 --noflush <<'END' || exit\n${text}END\n`];
  });
  return steps.join('');
}
