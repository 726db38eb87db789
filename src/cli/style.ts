import { styleText } from 'node:util';
import type { Output } from './world.ts';

type Look = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Paints text for one output; where that shows no colours, the text stays as it is. */
export type Paint = (look: Look, text: string) => string;

export function painter(output: Output): Paint {
  return (look, text) => (output.colour ? styleText(look, text, { validateStream: false }) : text);
}

/** What is wider than so many columns is cut off; the colours of what is left end where they would have. */
export function clipped(text: string, columns: number): string {
  let room = columns;
  // oxlint-disable-next-line no-control-regex -- terminals are spoken to in control characters.
  return text.replaceAll(/\x1b\[[\d;]*m|[^]/gu, (token) => {
    if (token.length > 1 && token.startsWith('\x1b')) return token;
    room -= 1;
    return room >= 0 ? token : '';
  });
}
