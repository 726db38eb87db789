import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitText, textWidth, wrapText } from './text.ts';

describe('text in charts', () => {
  it('grows with the text and with the font size, and knows wide letters from narrow ones', () => {
    expect(textWidth('kill node', 11)).toBeGreaterThan(textWidth('kill', 11));
    expect(textWidth('kill', 22)).toBeCloseTo(2 * textWidth('kill', 11));
    expect(textWidth('WWWW', 11)).toBeGreaterThan(3 * textWidth('iiii', 11));
  });

  it('keeps a text that fits, shortens one that does not, and gives up where three letters would not stand', () => {
    expect(fitText('warmup', 100, 11)).toBe('warmup');
    expect(fitText('a phase with a long name', 60, 11)).toMatch(/^a ph.*…$/);
    expect(textWidth(fitText('a phase with a long name', 60, 11), 11)).toBeLessThanOrEqual(60);
    expect(fitText('warmup', 12, 11)).toBe('');
  });

  it('wraps any id into lines that fit and loses no character of it', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[A-Za-z0-9._-]{1,300}$/),
        fc.integer({ min: 40, max: 900 }),
        (id, widthPx) => {
          const lines = wrapText(id, widthPx, 11);
          expect(lines.join('')).toBe(id);
          for (const line of lines) expect(textWidth(line, 11)).toBeLessThanOrEqual(widthPx);
        },
      ),
    );
  });

  it('breaks a sentence at a space', () => {
    expect(wrapText('throughput and errors over time', 120, 11)).toEqual([
      'throughput and',
      'errors over time',
    ]);
  });
});
