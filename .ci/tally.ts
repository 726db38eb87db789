/**
 * Counts what a CI run has shown and prints it as the last line, `N passed, N failed`; what failed is named above it.
 *
 *     node .ci/tally.ts REPORT npm-cit=RC [CHECK=RC …]
 *
 * REPORT is what vitest's JSON reporter wrote; RC is an exit code. Each further check counts as one. A test that was
 * skipped or never written counts as failed: here every one of them is required. Exits with 1 if anything failed.
 */
import { readFileSync } from 'node:fs';

interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly TestResult[];
  }[];
}

interface TestResult {
  readonly fullName: string;
  readonly status: string;
  readonly failureMessages: readonly string[];
}

function main([path = '', ...checks]: readonly string[]): void {
  const [suite, ...others] = checks.map((check) => {
    const [name = '', code] = check.split('=');
    return { name, passed: code === '0' };
  });
  const { passed, failures } = countTests(path);
  if (!suite?.passed && failures.length === 0) failures.push('npm cit failed outside of any test');
  failures.push(...others.filter((check) => !check.passed).map((check) => check.name));
  const allPassed = passed + others.filter((check) => check.passed).length;

  const lines = [
    ...failures.map((failure) => `FAILED ${failure}`),
    `${allPassed} passed, ${failures.length} failed`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
  process.exitCode = failures.length === 0 ? 0 : 1;
}

/** With the first line of what was wrong: the rest stands far above. */
function described({ status, fullName, failureMessages: [message = ''] }: TestResult): string {
  const [why] = message.split('\n', 1);
  return `(${status}) ${fullName.trim()}${why ? `: ${why}` : ''}`;
}

function countTests(path: string): { passed: number; failures: string[] } {
  let report: Report;
  try {
    report = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return { passed: 0, failures: ['npm cit ended without a report of its tests'] };
  }
  const failures: string[] = [];
  let passed = 0;
  for (const file of report.testResults) {
    const bad = file.assertionResults.filter((test) => test.status !== 'passed');
    passed += file.assertionResults.length - bad.length;
    failures.push(...bad.map(described));
    // A file that cannot be loaded, or whose last hook fails, has no test to blame.
    if (file.status === 'failed' && bad.length === 0) failures.push(`${file.name}: ${file.message}`);
  }
  if (passed === 0 && failures.length === 0) failures.push('npm cit ran no test at all');
  return { passed, failures };
}

main(process.argv.slice(2));
