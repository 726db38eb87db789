import { CsvParser } from './csv-parser.ts';
import { type CsvRecord, isBlank } from './csv-record.ts';
import { type ClockParts, type ClockReport, ClockWatch } from './metrics-reader-clock.ts';
import { PlainRows } from './metrics-reader-plain.ts';
import { addRow, type Places, placesOf, type RowRules } from './metrics-reader-row.ts';
import { MetricsTable, type TableParts } from './metrics-reader-table.ts';

const samplesKept = 5;

/** What a file holds that is not counted, and what is odd about what is. */
export interface LeftOut {
  readonly rows: number;
  /** The first few, each with its line and why: `line 17: has 3 fields, not 9`. */
  readonly samples: readonly string[];
  /** The last line if it is cut off, otherwise null. It is not one of `rows`. */
  readonly cutOffLine: number | null;
}

interface Sample {
  readonly line: number;
  readonly problem: string;
}

/** What another thread is asked to read: a file from the beginning of a line on. */
export interface Part {
  readonly path: string;
  readonly fileBytes: number;
  readonly from: number;
  readonly places: Places | null;
  readonly fromSec: number;
  readonly toSec: number;
  readonly moments: boolean;
}

/** What another thread made of its part of a file, for `Scan.absorb`. */
export interface ScanParts {
  readonly table: TableParts;
  readonly rowsLeftOut: number;
  readonly samples: readonly Sample[];
  readonly cutOffLine: number | null;
  readonly clock: ClockParts | null;
}

/** Makes a table of a file’s bytes. What is plain goes the fast way, whatever is not the one that understands all. */
export class Scan {
  readonly table: MetricsTable;
  readonly parser: CsvParser;
  readonly #path: string;
  readonly #fileBytes: number;
  readonly #rules: RowRules;
  readonly #samples: Sample[] = [];
  #rowsLeftOut = 0;
  #cutOffLine: number | null = null;
  #places: Places | null = null;
  #plain: PlainRows | null = null;
  #clock: ClockWatch | null = null;

  /** @param places Where the columns stand in a part of a file that does not begin with its header. */
  constructor(path: string, rules: RowRules, fileBytes = 0, places: Places | null = null) {
    this.table = new MetricsTable(fileBytes, rules.moments ?? false);
    this.#path = path;
    this.#fileBytes = fileBytes;
    this.#rules = rules;
    if (places !== null) this.#begin(places);
    this.parser = new CsvParser((record) => this.#take(record), {
      readPlain: (bytes, view, start, end, line) =>
        this.#plain?.read(bytes, view, start, end, line) ?? { at: start, rows: 0 },
    });
  }

  /** Null before the header was read. */
  get places(): Places | null {
    return this.#places;
  }

  get leftOut(): LeftOut {
    return {
      rows: this.#rowsLeftOut,
      samples: this.#samples.map(({ line, problem }) => `line ${line}: ${problem}`),
      cutOffLine: this.#cutOffLine,
    };
  }

  /** Null for rows of ours, whose times are all of one clock that is never set. */
  get clock(): ClockReport | null {
    return this.#clock?.report ?? null;
  }

  /** Whether another thread could read a part of the file, for which it has to know the columns, and no phase by its time. */
  get canBeSplit(): boolean {
    return this.#places !== null && (this.#rules.phaseAt === null || this.#places.phase >= 0);
  }

  partFrom(from: number): Part {
    const { fromSec, toSec, moments = false } = this.#rules;
    return {
      path: this.#path,
      fileBytes: this.#fileBytes,
      from,
      places: this.#places,
      fromSec,
      toSec,
      moments,
    };
  }

  parts(): ScanParts {
    return {
      table: this.table.parts(),
      rowsLeftOut: this.#rowsLeftOut,
      samples: this.#samples,
      cutOffLine: this.#cutOffLine,
      clock: this.#clock?.parts ?? null,
    };
  }

  /**
   * Takes over the rest of the file, as another thread read it. False, with nothing taken over, where that thread could not
   * know what this one would have made of it.
   */
  absorb({ table, rowsLeftOut, samples, cutOffLine, clock }: ScanParts): boolean {
    const linesBefore = this.parser.line - 1;
    if (clock !== null && this.#clock?.wouldSeeSame(clock) === false) return false;
    if (!this.table.absorb(table)) return false;
    if (clock !== null) this.#clock?.absorb(clock, linesBefore);
    for (const { line, problem } of samples) this.#note({ line: line + linesBefore, problem });
    this.#rowsLeftOut += rowsLeftOut;
    this.#cutOffLine = cutOffLine === null ? null : cutOffLine + linesBefore;
    return true;
  }

  #begin(places: Places): void {
    this.#places = places;
    this.#clock = places.outcome < 0 ? new ClockWatch() : null;
    this.#plain = new PlainRows(places, this.#rules, this.table, this.#clock);
  }

  #take(record: CsvRecord): void {
    if (isBlank(record)) return;
    if (this.#places === null) {
      this.#begin(placesOf(record, this.#path));
      return;
    }
    const problem = addRow(record, this.#places, this.#rules, this.table, this.#clock);
    if (problem === null) return;
    if (!record.terminated) {
      this.#cutOffLine = record.line;
      return;
    }
    this.#rowsLeftOut += 1;
    this.#note({ line: record.line, problem });
  }

  #note(sample: Sample): void {
    if (this.#samples.length < samplesKept) this.#samples.push(sample);
  }
}
