/**
 * Every error a user can meet, in one catalogue. A mistake of the user's, or a machine that lacks something,
 * is an OrchError: it is printed as sentences, never as a stack trace. Anything else is our own fault.
 */

export const exitCode = {
  passed: 0,
  internal: 1,
  inconclusive: 2,
  undoFailed: 3,
  gateFailed: 99,
  invalid: 104,
  interrupted: 105,
} as const;

export type ExitCode = (typeof exitCode)[keyof typeof exitCode];

interface CatalogueEntry {
  readonly exit: ExitCode;
  readonly means: string;
}

/** code → exit code and meaning. The README's table of errors is held against this one by a test. */
export const errorCatalogue = {
  usage: {
    exit: exitCode.invalid,
    means: 'The command line is wrong: a missing or unknown option or argument.',
  },
  'file-not-found': { exit: exitCode.invalid, means: 'A file that was named does not exist.' },
  'file-exists': {
    exit: exitCode.invalid,
    means: 'A file that is to be written is there already, and --force was not given.',
  },
  'no-permission': { exit: exitCode.invalid, means: 'A file or directory may not be read or written.' },
  'yaml-invalid': {
    exit: exitCode.invalid,
    means: 'A scenario or config file has mistakes; each is listed with line and column.',
  },
  'feed-invalid': {
    exit: exitCode.invalid,
    means: 'A CSV feed cannot be read, or is not as requests need it; file and line are named.',
  },
  'import-unsupported': {
    exit: exitCode.invalid,
    means: 'An experiment has something that no scenario can say; each is listed with line and column.',
  },
  'plan-invalid': {
    exit: exitCode.invalid,
    means:
      'A scenario is well formed but cannot be carried out: an unknown node, or an undo of what was never done.',
  },
  'blast-radius': {
    exit: exitCode.inconclusive,
    means:
      'More would be down at once than blast_radius allows, as a node failed by itself; the run was ended, and nothing can be concluded from it.',
  },
  'remote-engine': {
    exit: exitCode.invalid,
    means: 'The Docker Engine or the Toxiproxy is on another machine, and --allow-remote was not given.',
  },
  'no-nodes': { exit: exitCode.invalid, means: 'A Compose file has no service that orch could load.' },
  'run-exists': {
    exit: exitCode.invalid,
    means: 'The run id is taken; an existing run is never overwritten.',
  },
  'run-active': {
    exit: exitCode.invalid,
    means: 'Another run is going on: on the same nodes, or the very run that is to be recovered.',
  },
  'run-elsewhere': {
    exit: exitCode.invalid,
    means: 'The run was made on another machine, where it may go on: it is recovered there.',
  },
  'run-unfinished': {
    exit: exitCode.invalid,
    means: 'An earlier run was cut off, or left something broken: `orch recover` comes first.',
  },
  'run-not-found': { exit: exitCode.invalid, means: 'There is no run with that id.' },
  'docker-unreachable': {
    exit: exitCode.invalid,
    means: 'No Docker Engine answers, or what answers is none.',
  },
  'toxiproxy-unreachable': {
    exit: exitCode.invalid,
    means: 'The Toxiproxy that control.proxy names does not answer, or what answers is none.',
  },
  'container-ambiguous': {
    exit: exitCode.invalid,
    means: 'More or fewer than one container carries the labels of a service.',
  },
  'driver-unavailable': {
    exit: exitCode.invalid,
    means: 'No driver can reach the nodes that the scenario disturbs.',
  },
  'redis-server-missing': {
    exit: exitCode.invalid,
    means: 'Embedded Redis nodes need a redis-server binary.',
  },
  'node-not-serving': { exit: exitCode.invalid, means: 'A node does not answer before the run has begun.' },
  'no-data': {
    exit: exitCode.inconclusive,
    means: 'A run holds no usable request rows, so nothing can be concluded.',
  },
  'fault-ineffective': {
    exit: exitCode.inconclusive,
    means: 'A fault was injected but had no effect on its node, or the node became somebody else’s.',
  },
  'generator-bottleneck': {
    exit: exitCode.inconclusive,
    means:
      'The load generator could not keep its schedule: the run shows what it can do, not what the nodes can.',
  },
  'not-steady': {
    exit: exitCode.inconclusive,
    means: 'A steady-state check did not hold before the first fault; nothing was disturbed.',
  },
  'steady-state-lost': {
    exit: exitCode.gateFailed,
    means: 'A steady-state check does not hold any more when all is undone.',
  },
  'wait-timed-out': {
    exit: exitCode.inconclusive,
    means: 'What a wait_until waited for did not come in time; the run was ended, with faults undone.',
  },
  'gate-failed': { exit: exitCode.gateFailed, means: 'A run does not come to what a gate wants of it.' },
  'gate-inconclusive': {
    exit: exitCode.inconclusive,
    means: 'No gate failed, but of one or more it cannot be told whether they hold.',
  },
  'undo-failed': {
    exit: exitCode.undoFailed,
    means: 'A fault could not be undone; what is still broken is listed.',
  },
  'fault-impossible': {
    exit: exitCode.invalid,
    means: 'The scenario has a fault that cannot be injected into its node here; nothing was begun.',
  },
  'fault-failed': {
    exit: exitCode.internal,
    means: 'A fault could not be injected: the driver reported an error.',
  },
  'guardian-failed': {
    exit: exitCode.internal,
    means:
      'The guardian, which undoes faults should orch be killed, could not be started; nothing was begun.',
  },
  'disk-full': {
    exit: exitCode.internal,
    means: 'The disk filled up; the run was ended, rows so far are kept.',
  },
  'write-failed': { exit: exitCode.internal, means: 'A file of the run could not be written.' },
  'render-failed': { exit: exitCode.internal, means: 'A chart could not be drawn.' },
  interrupted: {
    exit: exitCode.interrupted,
    means: 'The run was interrupted; faults were undone and files closed.',
  },
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof errorCatalogue;

export interface OrchErrorOptions {
  /** What would be right, or what to do next: a sentence. */
  readonly hint?: string;
  /** Further lines, for example one per mistake in a file. */
  readonly details?: readonly string[];
  readonly cause?: unknown;
}

/** An error that the user can act upon. `code` is stable; the message is for people. */
export class OrchError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: readonly string[];

  constructor(code: ErrorCode, message: string, options: OrchErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'OrchError';
    this.code = code;
    this.hint = options.hint;
    this.details = options.details ?? [];
  }

  get exit(): ExitCode {
    return errorCatalogue[this.code].exit;
  }
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  if (thrown.message !== '') return thrown.message;
  // A failed connect to a name with several addresses is an AggregateError without a message of its own.
  if (thrown instanceof AggregateError && thrown.errors.length > 0) return messageOf(thrown.errors[0]);
  return errnoOf(thrown) ?? thrown.name;
}

/** The system's error name (`ENOENT`, `ECONNREFUSED` …) where there is one. */
export function errnoOf(thrown: unknown): string | undefined {
  if (thrown === null || typeof thrown !== 'object' || !('code' in thrown)) return undefined;
  return typeof thrown.code === 'string' ? thrown.code : undefined;
}
