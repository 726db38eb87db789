/**
 * One record of a CSV, valid only during the call that hands it over: its fields are ranges of a buffer that is
 * used again for the next one.
 */
export interface CsvRecord {
  readonly bytes: Buffer;
  /** The same bytes. */
  readonly view: DataView;
  /** Where each field begins and ends in `bytes`, without its quotes. The first `count` entries are this record's. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly count: number;
  /** The line of the file on which it begins; the first is 1. */
  readonly line: number;
  /** Why it cannot be used; null where it can. */
  readonly problem: string | null;
  /** False for a last line without a newline. */
  readonly terminated: boolean;
}

/** Whether it is an empty line. */
export function isBlank({ problem, count, starts, ends }: CsvRecord): boolean {
  return problem === null && count === 1 && starts[0] === ends[0];
}

/** A record may not be longer: an unclosed quote must not swallow the rest of the file. */
export const maxRecordBytes = 1 << 16;

/** As much room there is behind the bytes of a record, whatever stands there. */
export const slackBytes = 8;

export interface CsvOptions {
  /** In place of the usual bound of a record. */
  readonly maxRecordBytes?: number;
  /**
   * A faster reader of plain records, of one line each: it is shown the bytes from the beginning of a record on, takes as
   * many as it can, and leaves the first that it cannot, or that is not all there, to the parser. Behind the end there are
   * `slackBytes` more, which it may write to.
   */
  readonly readPlain?: (bytes: Buffer, view: DataView, start: number, end: number, line: number) => PlainRead;
}

export interface PlainRead {
  /** Where the first record begins that was not taken. */
  readonly at: number;
  readonly rows: number;
}
