import { type Clock, sleep } from '../clock/clock.ts';
import type { WriteExample, WritesFound } from '../model/correctness.ts';
import type { NodeSpec } from '../model/node.ts';
import type { LedgerLine, TokenLine } from '../store/ledger-writer.ts';
import type { WriteReply, WriteStore } from '../target/write-store.ts';
import type { Whereabouts } from './whereabouts.ts';

export interface WriteCheckOptions {
  readonly name: string;
  /** What tokens begin with: unique to the check and the run. */
  readonly prefix: string;
  readonly rps: number;
  readonly settleMs: number;
  readonly clock: Clock;
  /** The run's zero on the clock. */
  readonly startMs: number;
  readonly store: WriteStore;
  readonly where: Whereabouts;
  /** Who is asked for a write that was just acknowledged; undefined: the node that took it. */
  readonly readers: Whereabouts | undefined;
  readonly record: (line: LedgerLine) => void;
}

interface Write {
  readonly token: string;
  readonly node: string;
  readonly outcome: WriteReply['outcome'];
  readonly doneMs: number;
}

/** A write of which it was asked, when all was undone, how often it is there; null where nobody could say. */
interface ReadBack extends Write {
  readonly times: number | null;
  readonly from: string;
}

/** More are not under way at once: those whose time has come meanwhile are left out, and counted. */
const mostInFlight = 8;
const mostExamples = 5;
/** How long it may take until the writes can be read back: a primary may be yet to be found. */
const patienceMs = 30_000;
const againMs = 200;

/** Writes tokens while a run goes, each once, and asks for them when all is undone. */
export class WriteCheck {
  readonly #options: WriteCheckOptions;
  readonly #writes: Write[] = [];
  readonly #stale: WriteExample[] = [];
  readonly #inFlight = new Set<Promise<void>>();
  readonly #ending = new AbortController();
  #staleReads = 0;
  #skipped = 0;
  #pacing: Promise<void> = Promise.resolve();

  constructor(options: WriteCheckOptions) {
    this.#options = options;
  }

  /** What a process that is no more has written, by its ledger. */
  takeUp(lines: readonly TokenLine[]): void {
    const { prefix } = this.#options;
    const own = lines.filter(({ token }) => token.startsWith(`${prefix}.`));
    for (const line of own) {
      const { token, node } = line;
      if (line.type === 'write')
        this.#writes.push({ token, node, outcome: line.outcome, doneMs: line.done_ms });
      if (line.type === 'stale_read') this.#sawStale(token, `${node} did not have it`);
    }
    const numberOf = ({ token }: Write) => Number(token.slice(prefix.length + 1));
    const last = this.#writes.reduce((highest, write) => Math.max(highest, numberOf(write)), 0);
    // Or they were under way: no line tells which.
    this.#skipped = last - this.#writes.length;
  }

  begin(): void {
    this.#pacing = this.#pace();
  }

  /** Writes no more, and resolves when each write has an outcome. */
  async end(): Promise<void> {
    this.#ending.abort();
    await this.#pacing;
    await Promise.all(this.#inFlight);
  }

  /** @param stop Ends it early: what was not read by then counts as unread. */
  async readBack(stop: AbortSignal): Promise<WritesFound> {
    const { clock, where, store, record, name } = this.#options;
    const beginMs = clock.now();
    const read = new Map<string, ReadBack>();
    await where.doubt();
    for (;;) {
      const open = this.#writes.filter((write) => isOpen(write, read.get(write.token)));
      await this.#readAll(open, read, stop);
      const left = open.filter((write) => isOpen(write, read.get(write.token)));
      const unread = left.some(({ token }) => read.get(token)?.times === null);
      const untilMs = beginMs + (unread ? patienceMs : this.#options.settleMs);
      if (left.length === 0 || stop.aborted || clock.now() >= untilMs) break;
      await sleep(clock, againMs, stop);
      await where.doubt();
    }
    for (const { token, from, times } of read.values())
      record({ type: 'read_back', check: name, token, node: from, times });
    const found = this.#found([...read.values()].sort((a, b) => a.doneMs - b.doneMs));
    if (found.unread === 0) await store.tidy(where.next());
    return found;
  }

  async #pace(): Promise<void> {
    const { clock, startMs, rps, where } = this.#options;
    await where.doubt();
    for (let number = 1; ; number += 1) {
      await clock.sleepUntil(startMs + (number * 1000) / rps, this.#ending.signal);
      if (this.#ending.signal.aborted) return;
      if (this.#inFlight.size >= mostInFlight) {
        this.#skipped += 1;
        continue;
      }
      const writing = this.#write(number).finally(() => this.#inFlight.delete(writing));
      this.#inFlight.add(writing);
    }
  }

  async #write(number: number): Promise<void> {
    const { clock, startMs, store, where, record, name: check, prefix } = this.#options;
    const token = `${prefix}.${number}`;
    const node = where.next();
    const sentMs = clock.now() - startMs;
    const { outcome, error } = await store.write(node, token);
    const doneMs = clock.now() - startMs;
    this.#writes.push({ token, node: node.name, outcome, doneMs });
    record({
      type: 'write',
      check,
      token,
      node: node.name,
      sent_ms: rounded(sentMs),
      done_ms: rounded(doneMs),
      outcome,
      error,
    });
    if (outcome === 'acknowledged') await this.#readAtOnce(token, node, doneMs);
    else void where.doubt();
  }

  async #readAtOnce(token: string, node: NodeSpec, doneMs: number): Promise<void> {
    const { clock, startMs, store, record, name: check, readers } = this.#options;
    const from = readers?.next() ?? node;
    const reply = await store.read(from, token);
    if ('problem' in reply || reply.times > 0) return;
    record({ type: 'stale_read', check, token, node: from.name });
    const laterMs = Math.round(clock.now() - startMs - doneMs);
    this.#sawStale(token, `${from.name} did not have it ${laterMs} ms later`);
  }

  #sawStale(token: string, seen: string): void {
    this.#staleReads += 1;
    if (this.#stale.length >= mostExamples) return;
    const write = this.#writes.findLast((one) => one.token === token);
    if (write !== undefined) this.#stale.push(exampleOf(write, seen));
  }

  /** Asks for each of them once, a few at a time. */
  async #readAll(writes: readonly Write[], into: Map<string, ReadBack>, stop: AbortSignal): Promise<void> {
    const { store, where } = this.#options;
    const left = writes.values();
    const work = async () => {
      for (const write of left) {
        const from = where.next();
        const reply = stop.aborted ? { problem: 'broken off' } : await store.read(from, write.token);
        into.set(write.token, { ...write, from: from.name, times: 'times' in reply ? reply.times : null });
      }
    };
    await Promise.all(Array.from({ length: mostInFlight }, work));
  }

  #found(read: readonly ReadBack[]): WritesFound {
    const { name, store } = this.#options;
    const count = (outcome: Write['outcome']) => read.filter((write) => write.outcome === outcome).length;
    const lost = read.filter(({ outcome, times }) => outcome === 'acknowledged' && times === 0);
    const several = read.filter(({ times }) => (times ?? 0) > 1);
    const there = read.filter(({ outcome, times }) => outcome === 'indeterminate' && (times ?? 0) > 0);
    const known = read.filter(({ times }) => times !== null);
    return {
      name,
      acknowledged: count('acknowledged'),
      indeterminate: count('indeterminate'),
      refused: count('refused'),
      skipped: this.#skipped,
      read_from: known.at(-1)?.from ?? null,
      lost: lost.length,
      duplicates: store.counts ? several.length : null,
      stale_reads: this.#staleReads,
      indeterminate_there: there.length,
      unread: read.length - known.length,
      examples: {
        lost: lost.slice(0, mostExamples).map((write) => exampleOf(write, `${write.from} does not have it`)),
        duplicates: several
          .slice(0, mostExamples)
          .map((write) => exampleOf(write, `${write.from} has it ${write.times} times`)),
        stale_reads: this.#stale,
      },
    };
  }
}

/** Whether it is to be asked for (again): nobody could say, or what was acknowledged has not turned up yet. */
function isOpen({ outcome }: Write, read: ReadBack | undefined): boolean {
  return read === undefined || read.times === null || (outcome === 'acknowledged' && read.times === 0);
}

function exampleOf(
  { token, node, doneMs }: Pick<Write, 'token' | 'node' | 'doneMs'>,
  seen: string,
): WriteExample {
  return { token, node, acknowledged_sec: rounded(doneMs) / 1000, seen };
}

function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
