/** Text as it will be drawn, measured without a font, so that chart specs stay plain functions of their data. */

/** Advance widths in DejaVu Sans, in em, by group of characters. Other Latin characters take `usualEm`, the rest `wideEm`. */
const widthsEm: readonly (readonly [characters: string, em: number])[] = [
  ['ijl', 0.28],
  [' .,I', 0.32],
  ["/:;|\\'’", 0.34],
  ['-f', 0.36],
  ['tr()[]!·', 0.41],
  ['csz_"?', 0.54],
  ['aekovxyTFL', 0.62],
  ['ABPSVXYKZ', 0.69],
  ['CDGHNOQRU&', 0.79],
  ['wM#+<=>^~', 0.86],
  ['mW%@…', 1],
];
const usualEm = 0.64;
const wideEm = 1.1;
const widthOf = new Map(
  widthsEm.flatMap(([characters, em]) => characters.split('').map((one) => [one, em] as const)),
);

/** Pixels that the text takes at this font size; rather a little too many than too few. */
export function textWidth(text: string, fontSize: number): number {
  let em = 0;
  for (const character of text) {
    em += widthOf.get(character) ?? (character < '\u{2e80}' ? usualEm : wideEm);
  }
  return em * fontSize;
}

/** The text, or its beginning with an ellipsis where it is wider than `widthPx`; empty where not even that says anything. */
export function fitText(text: string, widthPx: number, fontSize: number): string {
  if (textWidth(text, fontSize) <= widthPx) return text;
  let kept = '';
  for (const character of text) {
    if (textWidth(`${kept}${character}…`, fontSize) > widthPx) break;
    kept += character;
  }
  return kept.length < 3 ? '' : `${kept.trimEnd()}…`;
}

/** The text in lines of at most `widthPx`: broken at a space where one is near the end, else anywhere, so that an id stays whole. */
export function wrapText(text: string, widthPx: number, fontSize: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const character of text) {
    if (line !== '' && textWidth(line + character, fontSize) > widthPx) {
      const space = line.lastIndexOf(' ');
      const isNear = space > line.length / 2;
      lines.push(isNear ? line.slice(0, space) : line);
      line = isNear ? line.slice(space + 1) : '';
    }
    line += character;
  }
  return [...lines, line];
}
