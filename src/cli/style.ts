import { styleText } from 'node:util';
import type { Output } from './world.ts';

type Look = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Paints text for one output; where that shows no colours, the text stays as it is. */
export type Paint = (look: Look, text: string) => string;

export function painter(output: Output): Paint {
  return (look, text) => (output.colour ? styleText(look, text, { validateStream: false }) : text);
}
