import type { InspectedContainer, ScriptResult } from '../engine.ts';

/** Where scripts are run that act upon a container's network namespace. */
export interface NetWay {
  readonly name: 'nsenter' | 'helper';
  /** For the evidence: `nsenter, iptables v1.8.9 (nf_tables)`. */
  readonly says: string;
  enter(container: InspectedContainer, script: string, marker: string): Promise<ScriptResult>;
  /** In a namespace that is made for it, on the same kernel, and gone with it. */
  rehearse(script: string): Promise<ScriptResult>;
}

/** What a script needs, and the version of iptables: whether its rules go by the kernel's nf_tables or the older tables. */
export const toolProbe = `for tool in tc iptables-save iptables-restore; do
  command -v $tool >/dev/null || { echo "$tool is not installed" >&2; exit 1; }
done
iptables --version`;

/** The first line that a script complains in. */
export function complaint({ stderr, stdout, code }: ScriptResult): string {
  const lines = `${stderr}\n${stdout}`.split('\n').map((line) => line.trim());
  return lines.find((line) => line !== '') ?? `exit code ${code}`;
}
