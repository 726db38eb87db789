import type { RunReport } from '../analyze/analyze.ts';
import type { GateReport } from '../gate/judge.ts';
import type { Analysis } from '../model/analysis.ts';
import type { Manifest } from '../model/manifest.ts';
import type { RequestExamples } from '../model/request-example.ts';

/** All that a report is made of. */
export interface ReportFacts {
  readonly run: RunReport;
  /** The same held against a baseline; null where there is none. */
  readonly analysis: Analysis | null;
  readonly gates: GateReport;
  readonly examples: RequestExamples;
  /** Null for a run of another origin. */
  readonly manifest: Manifest | null;
  /** The files of the run that are there, and where they are, seen from the report. */
  readonly files: readonly { readonly name: string; readonly path: string }[];
  /** Of orch, which made the report. */
  readonly version: string;
}
