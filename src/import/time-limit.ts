import type { YamlPath } from '../config/yaml.ts';
import type { Context } from './context.ts';
import type { HttpProvider, ProcessProvider } from './provider.ts';

/** The longest that a scenario lets anything take, in seconds. */
const longestSec = 600;
/** Where the experiment sets no limit, in seconds. A command may well be a test of its own. */
const unlimited = { http: 5, process: 60 } as const;

/** How long the request or the process may take, in seconds. */
export function timeLimit(
  { ledger }: Context,
  { type, timeout }: HttpProvider | ProcessProvider,
  path: YamlPath,
): number {
  if (timeout === undefined || timeout === null) {
    const limits = `a request has ${unlimited.http} s here, a command ${unlimited.process} s`;
    ledger.generally(`Where the experiment sets no time limit, ${limits}: \`timeout_sec\` changes it.`);
    return unlimited[type];
  }
  // Of a request: until it is connected, and until it is answered.
  const seconds = Array.isArray(timeout) ? timeout[0] + timeout[1] : timeout;
  if (seconds <= longestSec) return seconds;
  ledger.refuse([...path, 'timeout'], `nothing may take longer than ${longestSec} s`);
  return longestSec;
}
