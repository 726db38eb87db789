import { colour } from './theme.ts';

interface Look {
  readonly fontSize: number;
  readonly fontWeight?: 'bold';
  readonly align?: 'left' | 'center';
  readonly color?: string;
}

/** A layer that is one text, at pixels from the panel's top left; its middle is at `y`. */
export function textAt(text: string, x: number, y: number, look: Look) {
  return {
    data: { values: [{}] },
    mark: {
      type: 'text' as const,
      text,
      align: 'left' as const,
      baseline: 'middle' as const,
      color: colour.text,
      ...look,
    },
    encoding: { x: { value: x }, y: { value: y } },
  };
}
