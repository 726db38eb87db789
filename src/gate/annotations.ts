import type { GateReport } from './judge.ts';
import { headline, placeOf, sentenceOf } from './lines.ts';

/**
 * Workflow commands by which GitHub shows what did not pass, at the line where the gate stands. Nothing for what passed.
 * @param inRepository The path of a file as GitHub knows it: from the repository's directory.
 */
export function annotations(report: GateReport, inRepository: (file: string) => string): readonly string[] {
  const { gates, checks, doubts, status } = report;
  const unwell = [
    ...gates.map((verdict) => ({ ...verdict, text: sentenceOf(verdict) })),
    ...checks.map((check) => ({ ...check, place: null, text: `${check.name}: ${check.why}` })),
  ];
  const told = unwell
    .filter((one) => one.status === 'failed' || one.status === 'inconclusive')
    .map((one) => {
      const { file, line } = placeOf(one.place);
      const at = file === null ? {} : { file: inRepository(file), ...(line === null ? {} : { line }) };
      return command(
        one.status === 'failed' ? 'error' : 'warning',
        { ...at, title: `orch: ${one.status}` },
        one.text,
      );
    });
  if (told.length > 0 || status === 'passed') return told;
  return [command('warning', { title: headline(report) }, doubts.join('; '))];
}

function command(level: string, properties: Readonly<Record<string, string>>, message: string): string {
  const written = Object.entries(properties).map(([key, value]) => `${key}=${escaped(value, /[%\r\n:,]/g)}`);
  return `::${level} ${written.join(',')}::${escaped(message, /[%\r\n]/g)}`;
}

/** As the runner reads it: a percent sign and the hexadecimal code of the character. */
function escaped(text: string, marks: RegExp): string {
  return text.replaceAll(
    marks,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}
