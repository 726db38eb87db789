import { outcomes } from '../model/record.ts';
import { carriageReturn, comma, mayEnd, newline, quote, sameAt, textEnd } from './csv-bytes.ts';
import { maxRecordBytes, type PlainRead } from './csv-record.ts';
import type { ClockWatch } from './metrics-reader-clock.ts';
import { column, kindsOf } from './metrics-reader-kinds.ts';
import { mixed } from './metrics-reader-names.ts';
import { outcomeAt, outcomeWords } from './metrics-reader-outcome.ts';
import type { Places, RowRules } from './metrics-reader-row.ts';
import { Stretch } from './metrics-reader-stretch.ts';
import type { MetricsTable } from './metrics-reader-table.ts';
import { Told } from './metrics-reader-told.ts';
import { momentOf } from './moment.ts';

const dot = 0x2e;
const zero = 0x30;
const fourZeros = 0x3030_3030;
/**
 * From 2004 on, a fraction of up to nine decimals is added to whole seconds as if it had been rounded once: doubles are 2^-22
 * apart there, and no such fraction is as near to the midst between two of them as the quotient can be wrong.
 */
const leastSec = 2 ** 30;
/** In hundreds: later seconds do not fit into a small whole number. */
const highestSec = Math.floor(2 ** 31 / 100);
const powersOfTen = Array.from({ length: 10 }, (_, digits) => 10 ** digits);
const ok = outcomes.indexOf('ok');
const fail = outcomes.indexOf('fail');
const dropped = outcomes.indexOf('dropped');

/**
 * Adds rows to a table as `addRow` does, many times as fast, for it understands less: rows of one line, without quotes,
 * whose numbers are plain decimals. It stops at the first row that is none of these, of which it keeps nothing but perhaps a
 * name. What it leaves is for `addRow`, which also says what is wrong where something is.
 *
 * It is one long loop on purpose. Each byte is looked at once: numbers are made while their end is looked for, and names are
 * hashed. All is done in whole numbers of 32 bits, for a call that takes any other makes an object of it, for each row.
 */
export class PlainRows {
  readonly #columns: Uint8Array;
  readonly #table: MetricsTable;
  readonly #clock: ClockWatch | null;
  readonly #stretch: Stretch;
  readonly #told: Told;
  /** Whole seconds that it understands: these, and those up to the next. */
  readonly #fromSec: number;
  readonly #untilSec: number;
  /** The number of the phase where no row has one; −1 where it depends on the time. */
  readonly #noPhase: number = -1;

  constructor(places: Places, rules: RowRules, table: MetricsTable, clock: ClockWatch | null) {
    this.#table = table;
    this.#clock = clock;
    this.#stretch = new Stretch(table);
    this.#told = new Told(rules, table);
    this.#columns = kindsOf(places);
    if (places.phase < 0 && rules.phaseAt === null) this.#noPhase = table.phaseNames.numberOfText('');
    this.#fromSec = Math.max(Math.ceil(rules.fromSec), 0);
    this.#untilSec = Math.min(Math.floor(rules.toSec), highestSec * 100);
  }

  /**
   * Reads rows from `start`, where a row begins. Behind `end` there are `slackBytes` more, which may be overwritten.
   * @param line The line of the row at `start`; each row takes one.
   * @returns where the first row begins that was not read, and how many were
   */
  read(bytes: Buffer, view: DataView, start: number, end: number, line: number): PlainRead {
    const columns = this.#columns;
    const last = columns.length - 1;
    const [fromSec, untilSec] = [this.#fromSec, this.#untilSec];
    const { cells, nodeNames, phaseNames, keepsMoments } = this.#table;
    const [clock, stretch] = [this.#clock, this.#stretch];
    const told = this.#told;
    // Whatever is read stops here: a NUL ends numbers and texts alike, and no row.
    bytes[end] = 0;
    let rows = 0;
    let rowStart = start;
    let knownHigh = fourZeros;
    let knownLow = fourZeros;
    let knownSec = 0;
    // What stood in the row before will mostly stand in this one, too.
    let phaseStart = 0;
    let phaseLength = -1;
    let phaseBefore = 0;
    let opStart = 0;
    let opLength = -1;
    row: for (;;) {
      let at = rowStart;
      let sec = 0;
      let ns = 0;
      let latencyUs = -1;
      let status = 0;
      let node = 0;
      let phase = this.#noPhase;
      let errorStart = 0;
      let errorEnd = 0;
      let outcome = -1;
      for (let field = 0; field <= last; field += 1) {
        const fieldStart = at;
        const kind = columns[field]!;
        let byte = 0;
        switch (kind) {
          case column.timestamp: {
            // The first eight digits of Unix seconds stay as they are for a hundred seconds.
            const high = view.getInt32(at, true);
            const low = view.getInt32(at + 4, true);
            if (high !== knownHigh || low !== knownLow) {
              let known = 0;
              for (let digit = at; digit < at + 8; digit += 1) {
                byte = bytes[digit]! ^ zero;
                if (byte > 9) break row;
                known = known * 10 + byte;
              }
              if (known >= highestSec) break row;
              knownHigh = high;
              knownLow = low;
              knownSec = known * 100;
            }
            const tens = bytes[at + 8]! ^ zero;
            const ones = bytes[at + 9]! ^ zero;
            if (tens > 9 || ones > 9) break row;
            sec = knownSec + tens * 10 + ones;
            at += 10;
            if (bytes[at] === dot) {
              at += 1;
              let scale = 0;
              for (; (byte = bytes[at]! ^ zero) <= 9; at += 1) {
                ns = (ns * 10 + byte) | 0;
                scale += 1;
              }
              if (scale > 9) break row;
              ns = Math.imul(ns, powersOfTen[9 - scale]!);
            }
            break;
          }
          case column.latency: {
            let whole = 0;
            for (; (byte = bytes[at]! ^ zero) <= 9; at += 1) whole = (whole * 10 + byte) | 0;
            const digits = at - fieldStart;
            if (digits === 0 && bytes[at] === comma) break;
            if (digits === 0 || digits > 6) break row;
            latencyUs = Math.imul(whole, 1000);
            if (bytes[at] === dot) {
              at += 1;
              for (let weight = 100; weight > 0 && (byte = bytes[at]! ^ zero) <= 9; at += 1) {
                latencyUs += Math.imul(byte, weight);
                weight = weight === 100 ? 10 : weight === 10 ? 1 : 0;
              }
              // Further decimals only say which way to round; where they are close to a half, that is left to `addRow`.
              if ((bytes[at]! ^ zero) <= 9) {
                let further = 0;
                for (let weight = 100; (byte = bytes[at]! ^ zero) <= 9; at += 1) {
                  further += Math.imul(byte, weight);
                  weight = weight === 100 ? 10 : weight === 10 ? 1 : 0;
                }
                if (further > 500) latencyUs += 1;
                else if (further >= 499) break row;
              }
            }
            break;
          }
          case column.status: {
            for (; (byte = bytes[at]! ^ zero) <= 9; at += 1) status = (status * 10 + byte) | 0;
            if (at - fieldStart > 6) break row;
            break;
          }
          case column.outcome: {
            // What is none of our words counts as none, which the `error` column then decides.
            outcome = outcomeAt(bytes, at);
            at = outcome < 0 ? textEnd(bytes, at) : at + outcomeWords[outcome]!.length;
            break;
          }
          case column.error: {
            if (bytes[at] !== comma) at = textEnd(bytes, at);
            errorStart = fieldStart;
            errorEnd = at;
            break;
          }
          default: {
            if (kind === column.phase && sameAt(view, fieldStart, phaseStart, phaseLength)) {
              phase = phaseBefore;
              at += phaseLength;
              break;
            }
            if (kind === column.op && sameAt(view, fieldStart, opStart, opLength)) {
              at += opLength;
              break;
            }
            // Four bytes at a time: each byte below `-`, and so each that may end a text, sets the high bit of its own in `low`.
            let hash = 0;
            for (;;) {
              const word = view.getInt32(at, true);
              let low = (word - 0x2d2d_2d2d) & ~word & 0x8080_8080;
              let length = 4;
              while (low !== 0) {
                const first = (31 - Math.clz32(low & -low)) >>> 3;
                if (mayEnd(bytes[at + first]!)) {
                  length = first;
                  break;
                }
                low &= low - 1;
              }
              at += length;
              if (length < 4) {
                if (length > 0) hash = mixed(hash, word & ((1 << (length << 3)) - 1));
                break;
              }
              hash = mixed(hash, word);
            }
            // A name that is cut off, or may be quoted, is none to remember.
            if (bytes[at] === 0 || bytes[at] === quote) break row;
            if (kind === column.node) node = nodeNames.numberOfHashed(view, fieldStart, at, hash);
            else if (kind === column.phase) {
              phase = phaseNames.numberOfHashed(view, fieldStart, at, hash);
              phaseBefore = phase;
              phaseStart = fieldStart;
              phaseLength = at - fieldStart;
            } else if (kind === column.op) {
              opStart = fieldStart;
              opLength = at - fieldStart;
            }
          }
        }
        if (field < last) {
          if (bytes[at] !== comma) break row;
        } else {
          if (bytes[at] === carriageReturn) at += 1;
          if (bytes[at] !== newline) break row;
        }
        at += 1;
      }
      if (at - rowStart > maxRecordBytes) break;
      if (sec < fromSec || sec >= untilSec || (ns !== 0 && sec < leastSec)) break;
      if (outcome < 0) {
        if (errorStart === errorEnd) outcome = status >= 400 ? fail : ok;
        else outcome = told.outcomeOf(bytes, view, errorStart, errorEnd);
        if (outcome < 0) break;
      }
      if (phase < 0) phase = told.phaseAt(sec, ns);
      const group = (node << 16) | (phase << 2) | outcome;
      if (keepsMoments) cells.add(sec, group, momentOf(ns / 1000, latencyUs));
      else if (latencyUs < 0 || outcome === dropped) cells.addUnsent(sec, group);
      else cells.add(sec, group, latencyUs);
      if (clock !== null) clock.see(sec, Math.round(ns / 1000), latencyUs, line + rows);
      stretch.see(phase, sec, ns);
      rows += 1;
      rowStart = at;
    }
    stretch.end();
    return { at: rowStart, rows };
  }
}
