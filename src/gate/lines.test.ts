import { expect, test } from 'vitest';
import { gateVerdict } from '../testing/report-builder.ts';
import { marginText, measuredText } from './lines.ts';

test('what was measured and its margin have one and the same minus', () => {
  const verdict = gateVerdict({ unit: 'percent', measured: -1.634, margin: -1.634, margin_pct: -20 });
  expect(measuredText(verdict)).toBe('−1.634%');
  expect(marginText(verdict)).toBe('−1.634% (−20%)');
});
