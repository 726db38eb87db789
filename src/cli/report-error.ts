import { type ExitCode, exitCode, messageOf, OrchError } from '../model/errors.ts';
import { painter } from './style.ts';
import type { World } from './world.ts';

/** Says what went wrong, for people. Only our own faults show a stack, so that they can be reported. */
export function reportError({ stderr }: Pick<World, 'stderr'>, error: unknown): ExitCode {
  const paint = painter(stderr);
  const say = (line: string) => stderr.write(`${line}\n`);
  if (error instanceof OrchError) {
    say(`${paint('red', 'error')}: ${error.message} ${paint('dim', `[${error.code}]`)}`);
    for (const detail of error.details) say(`  ${detail}`);
    if (error.hint !== undefined) say(`${paint('cyan', 'hint')}: ${error.hint}`);
    return error.exit;
  }
  say(`${paint('red', 'internal error')}: ${messageOf(error)}`);
  if (error instanceof Error && error.stack !== undefined) say(paint('dim', error.stack));
  say('This is a fault of orch itself. Please report it with the lines above.');
  return exitCode.internal;
}
