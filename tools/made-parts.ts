import { workflowText } from '../src/init/workflow.ts';
import { faultTable, parameterTable, requestErrorTable } from './fault-table.ts';

/** The parts of the documents that `npm run docs` makes from the code. A test keeps the two equal. */
export const madeParts = [
  { page: 'README.md', name: 'faults', make: faultTable },
  { page: 'docs/faults.md', name: 'parameters', make: parameterTable },
  { page: 'docs/results.md', name: 'errors', make: requestErrorTable },
  { page: 'docs/ci.md', name: 'workflow', make: workflow },
] as const;

/** A page with one of these parts as the code has it. It stands between two lines that name it. */
export function withMade(text: string, { page, name, make }: (typeof madeParts)[number]): string {
  const begin = `<!-- ${name}: made by \`npm run docs\` -->`;
  const end = `<!-- end of ${name} -->`;
  const [before, rest] = text.split(begin);
  const [, after] = rest?.split(end) ?? [];
  if (before === undefined || after === undefined) throw new Error(`${page} has no ${begin} and ${end}`);
  return `${before}${begin}\n${make()}\n${end}${after}`;
}

/** As `orch init` writes it for a project with the usual names. */
function workflow(): string {
  const text = workflowText({ composeFile: 'docker-compose.yml', configFile: 'config.yaml' });
  return `\n\`\`\`yaml\n${text}\`\`\`\n`;
}
