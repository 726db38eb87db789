/** What the environment says about a demo node. */
export interface Settings {
  readonly node: string;
  readonly host: string;
  /** 0 takes any free port; the ready line says which. */
  readonly port: number;
  /** The shortest and the longest time that one piece of work takes, in milliseconds. */
  readonly workDelayMs: readonly [number, number];
  /** Exit as soon as stdin closes, so that an embedded node never outlives a killed parent. */
  readonly dieWithParent: boolean;
}

const longestDelayMs = 60_000;

/**
 * Reads NODE_NAME, HOST, PORT, WORK_DELAY_MS (`10..150`) and DIE_WITH_PARENT (`1`). An unset or empty variable takes
 * its default. Throws an Error of one line that names the variable and what would be right.
 */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  return {
    node: nodeName(env['NODE_NAME'] || 'service-node-1'),
    host: env['HOST'] || '127.0.0.1',
    port: portNumber(env['PORT'] || '8001'),
    workDelayMs: delayRange(env['WORK_DELAY_MS'] || '10..150'),
    dieWithParent: flag('DIE_WITH_PARENT', env['DIE_WITH_PARENT'] || '0'),
  };
}

function nodeName(text: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(text)) return text;
  throw new Error(
    `NODE_NAME=${JSON.stringify(text)} must be a service name: letters, digits, \`.\`, \`_\`, \`-\``,
  );
}

function portNumber(text: string): number {
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new Error(`PORT=${JSON.stringify(text)} must be a whole number from 0 to 65535`);
}

function delayRange(text: string): readonly [number, number] {
  const [, shortest, longest] = /^(\d{1,5})\.\.(\d{1,5})$/.exec(text) ?? [];
  const range = [Number(shortest), Number(longest)] as const;
  // NaN, from a text of another form, fails both comparisons.
  if (range[0] <= range[1] && range[1] <= longestDelayMs) return range;
  throw new Error(
    `WORK_DELAY_MS=${JSON.stringify(text)} must be shortest..longest in milliseconds, at most ${longestDelayMs}, such as 10..150`,
  );
}

function flag(name: string, text: string): boolean {
  if (text === '0' || text === '1') return text === '1';
  throw new Error(`${name}=${JSON.stringify(text)} must be 0 or 1`);
}
