/** The programs' names are iptables's own: one for each family of addresses. */
export type FirewallTool = 'iptables' | 'ip6tables';

/** One family's rules: what stands after `-A CHAIN`, by where a packet is met. */
export interface FirewallRules {
  readonly tool: FirewallTool;
  /** Upon what comes to the node. */
  readonly input: readonly string[];
  /** Upon what leaves it. */
  readonly output: readonly string[];
}

export interface Chains {
  readonly chain: string;
  readonly comment: string;
}

/** What is ours of what `iptables-save` prints. */
export interface OwnRules {
  readonly chains: readonly string[];
  /** `-A …` lines with our comment. */
  readonly rules: readonly string[];
}

/** The chains that a family's rules take, and what of the kernel's own leads to each. */
function hooks({ input, output }: FirewallRules, chain: string) {
  return [
    { from: 'INPUT', name: `${chain}-i`, rules: input },
    { from: 'OUTPUT', name: `${chain}-o`, rules: output },
  ].filter(({ rules }) => rules.length > 0);
}

/** All lines that are to be found once the rules are in force, the jumps to them included. */
export function expectedCount(rules: FirewallRules): number {
  return hooks(rules, '').reduce((sum, hook) => sum + hook.rules.length + 1, 0);
}

/** Input of `iptables-restore --noflush`, which puts in all of it or nothing. The jump comes before others' rules. */
export function additions(rules: FirewallRules, { chain, comment }: Chains): string {
  const lines = hooks(rules, chain).flatMap(({ from, name, rules: bodies }) => [
    `:${name} - [0:0]`,
    ...bodies.map((body) => `-A ${name} -m comment --comment ${comment} ${body}`),
    `-I ${from} -m comment --comment ${comment} -j ${name}`,
  ]);
  return table(lines);
}

/** Of the output of `iptables-save`, all tables. */
export function ownRules(saved: string, { chain, comment }: Chains): OwnRules {
  const lines = saved.split('\n').map((line) => line.trim());
  return {
    chains: lines.flatMap((line) => {
      const name = /^:(\S+) /.exec(line)?.[1] ?? '';
      return name === `${chain}-i` || name === `${chain}-o` ? [name] : [];
    }),
    rules: lines.filter(
      (line) => line.startsWith('-A ') && [comment, `"${comment}"`].includes(commentOf(line)),
    ),
  };
}

/** As it was printed: in quotes where it holds more than letters, digits, `_` and `-`, in some versions always. */
function commentOf(line: string): string {
  return / --comment ("[^"]*"|\S+)/.exec(line)?.[1] ?? '';
}

/** Input of `iptables-restore --noflush`; null where there is nothing of ours. */
export function removals({ chains, rules }: OwnRules): string | null {
  const jumps = rules.filter((rule) => !chains.some((name) => rule.startsWith(`-A ${name} `)));
  const lines = [
    ...jumps.map((rule) => rule.replace(/^-A /, '-D ')),
    ...chains.map((name) => `-F ${name}`),
    ...chains.map((name) => `-X ${name}`),
  ];
  return lines.length === 0 ? null : table(lines);
}

function table(lines: readonly string[]): string {
  return `${['*filter', ...lines, 'COMMIT'].join('\n')}\n`;
}
