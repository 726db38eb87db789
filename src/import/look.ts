import type { YamlPath } from '../config/yaml.ts';
import type { Json } from '../model/disturber.ts';
import type { Context, Part } from './context.ts';
import { type Answerer, anyAnswer, expectation } from './expectation.ts';
import type { Declared } from './experiment.ts';
import { httpFields } from './http.ts';
import { commandWords, isShell } from './process.ts';
import type { HttpProvider, ProcessProvider, Provider } from './provider.ts';
import { timeLimit } from './time-limit.ts';
import { nameOf } from './template.ts';
import type { Tolerance } from './tolerance.ts';

type Supported = HttpProvider | ProcessProvider;

/** The provider, where it has a counterpart; where not, that is told. */
function supported({ ledger }: Context, provider: Provider, path: YamlPath): Supported | null {
  if (provider.type !== 'python') return provider;
  const { module = '', func = '' } = provider;
  ledger.refuse(path, `a provider of Python, \`${module}.${func}\`: only http and process can be imported`);
  return null;
}

/** What of an activity has no counterpart, whatever its provider is. */
function refuseExtras({ ledger }: Context, activity: Declared, path: YamlPath): void {
  if (activity.controls !== undefined) ledger.refuse([...path, 'controls'], 'controls cannot be imported');
  if (activity.timeout !== undefined)
    ledger.refuse([...path, 'timeout'], 'a time limit stands in the provider: Chaos Toolkit heeds no other');
}

/** A check of the steady state; null where it, or what it tolerates, has no counterpart: without that it would always hold. */
export function check(
  context: Context,
  activity: Declared,
  tolerance: Tolerance,
  path: YamlPath,
  tolerancePath: YamlPath,
): Part | null {
  const { ledger } = context;
  refuseExtras(context, activity, path);
  if (activity.pauses !== undefined) ledger.refuse([...path, 'pauses'], 'there are no pauses between checks');
  const at = [...path, 'provider'];
  const provider = supported(context, activity.provider, at);
  if (provider === null) return null;
  const said: string[] = [];
  const asked = probe(context, provider, at);
  const expect = expectOf(context, provider, tolerance, tolerancePath, (message) => said.push(message));
  if (expect === null) return null;
  const made = {
    name: nameOf(activity.name),
    ...asked,
    expect,
    when: ['before', 'after'],
  };
  for (const message of said) ledger.remark(tolerancePath, made, message);
  return made;
}

/** The action of an activity; null where it has no counterpart. */
export function action(
  context: Context,
  activity: Declared,
  path: YamlPath,
): { readonly part: Part; readonly limitSec: number } | null {
  const { ledger } = context;
  refuseExtras(context, activity, path);
  const at = [...path, 'provider'];
  const provider = supported(context, activity.provider, at);
  if (provider === null) return null;
  const limitSec = timeLimit(context, provider, at);
  const name = activity.name.slice(0, 200);
  const fields =
    provider.type === 'http'
      ? { type: 'http_request', name, ...httpFields(context, provider, at) }
      : { type: 'run_command', name, run: commandWords(context, provider, at) };
  const part = { ...fields, timeout_sec: limitSec, expect: anyAnswer(answererOf(provider)) };
  ledger.generally(
    'Of what an action is answered, Chaos Toolkit judges nothing: so any answer will do. `expect` says otherwise.',
  );
  if (activity.tolerance !== undefined)
    ledger.remark(
      [...path, 'tolerance'],
      part,
      'outside of the hypothesis Chaos Toolkit does not heed a tolerance; `expect` would',
    );
  return { part, limitSec };
}

/** The fields of a probe, and how long it may take. */
function probe(context: Context, provider: Supported, path: YamlPath): Part {
  const asked: Part =
    provider.type === 'http'
      ? { http: httpFields(context, provider, path) }
      : { command: commandWords(context, provider, path) };
  return { ...asked, timeout_sec: timeLimit(context, provider, path) };
}

function expectOf(
  context: Context,
  provider: Supported,
  tolerance: Tolerance,
  path: YamlPath,
  say: (message: string) => void,
): Json | null {
  const answerer = answererOf(provider);
  const shell = provider.type === 'process' && isShell(provider);
  if (typeof tolerance !== 'object' || Array.isArray(tolerance) || tolerance.type !== 'probe')
    return expectation(tolerance, { context, answerer, path, isShell: shell, say });
  const at = [...path, 'provider'];
  const further = supported(context, tolerance.provider, at);
  if (further === null) return null;
  say(
    'Chaos Toolkit hands the answer over as the argument `value`, and takes any outcome; here a command finds it on its stdin, and must succeed',
  );
  return { ...anyAnswer(answerer), probe: probe(context, further, at) };
}

function answererOf(provider: Supported): Answerer {
  return provider.type === 'http' ? 'http' : 'command';
}
