import { describe, expect, it } from 'vitest';
import { betweenVariables, nameOf, template } from './template.ts';

const declared = new Set(['a', 'b']);
const written = (text: string) => template(text, declared)?.text;

describe('a text with variables', () => {
  it('keeps those that are declared, in either form', () => {
    expect(template('${a}-$b.$c', declared)).toEqual({
      text: '${a}-${b}.$c',
      names: ['a', 'b'],
      undeclared: [],
    });
  });

  it('has those that are declared nowhere as text, and names them', () => {
    expect(template('x${c}', declared)).toEqual({ text: 'x$${c}', names: [], undeclared: ['c'] });
  });

  it('means by `$$` a dollar, and by any other dollar itself', () => {
    expect(written('$$a')).toBe('$a');
    expect(written('$${a}')).toBe('$${a}');
    expect(written('100$ or ${')).toBe('100$ or $${');
  });

  it('cannot be written with a dollar right before a variable', () => {
    expect(template('$$${a}', declared)).toBeNull();
  });

  it('is changed between its variables only', () => {
    const shout = (marked: string) => betweenVariables(marked, (plain) => plain.toUpperCase());
    expect(template('x${a}y$b', declared, shout)?.text).toBe('X${a}Y${b}');
  });
});

describe('a name', () => {
  it('is cut where it is too long, and has no variables', () => {
    expect(nameOf('${a}')).toBe('$${a}');
    expect(nameOf('${a}'.repeat(100)).length).toBeLessThanOrEqual(200);
    expect(nameOf('${a}'.repeat(100))).not.toContain('${');
  });
});
