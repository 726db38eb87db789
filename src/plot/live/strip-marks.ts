import { always, atTime, by, fontSize, ink } from './look.ts';
import type { FaultPart } from './fault-rows.ts';
import type { LiveStrip } from './strip.ts';

/** Draws the strip; its data sets are `phases`, `faults`, `names` and `windows`. */
export function stripMarks({ heads, phaseBottom, height }: LiveStrip): object[] {
  const clip = always({ width: by('width'), height: { value: height } });
  return [
    ...heads.map(({ name, middle }) => ({
      type: 'text',
      encode: always({
        ...words({ value: name }, middle, ink.faint),
        x: { value: -8 },
        align: { value: 'right' },
        fontSize: { value: 10 },
      }),
    })),
    {
      type: 'group',
      clip: true,
      encode: clip,
      marks: [
        ...phaseMarks(phaseBottom),
        ...(['requested', 'in force', 'undone'] as const).map(faultMark),
        faultNames,
        windowMark,
        unattributedMark,
      ],
    },
  ];
}

/** From the later of a bar's start and the left edge, to the earlier of its end and the right one. */
const seen = { from: 'max(datum.start, x0)', to: 'min(datum.end, x1)' } as const;
const seenPx = `(scale('x', ${seen.to}) - scale('x', ${seen.from}))`;

function phaseMarks(bottom: number): object[] {
  return [
    {
      type: 'rect',
      from: { data: 'phases' },
      encode: always({
        x: atTime('datum.start'),
        x2: by("scale('x', datum.end) - 1"),
        y: { value: 0 },
        y2: { value: bottom },
        fill: { value: ink.phase },
        cornerRadius: { value: 3 },
      }),
    },
    {
      type: 'text',
      from: { data: 'phases' },
      encode: always({
        ...words(by('datum.name'), bottom / 2, ink.text),
        x: by(`(scale('x', ${seen.from}) + scale('x', ${seen.to})) / 2`),
        align: { value: 'center' },
        limit: by(`max(1, ${seenPx} - 8)`),
        opacity: by(`${seenPx} > 28 ? 1 : 0`),
      }),
    },
  ];
}

const faultLooks: Readonly<Record<FaultPart['part'], object>> = {
  requested: { fill: { value: ink.paper }, strokeDash: { value: [2, 2] } },
  'in force': { fill: { value: ink.faultTint } },
  undone: { fill: { value: ink.paper } },
};

function faultMark(part: FaultPart['part']): object {
  return {
    type: 'rect',
    from: { data: `faults ${part}` },
    encode: always({
      x: atTime('datum.start'),
      // However short it was.
      x2: by("max(scale('x', datum.end), scale('x', datum.start) + 2)"),
      y: { field: 'top' },
      y2: { field: 'bottom' },
      stroke: { value: ink.fault },
      strokeWidth: { value: 1 },
      cornerRadius: { value: 2 },
      ...faultLooks[part],
    }),
  };
}

/** A narrow chart has no room for names beside bars. */
const isWide = 'width >= 600';
const fits = `(${seenPx} >= datum.width + 12 || !(${isWide}))`;
const behind = "scale('x', datum.end) + 7";

const faultNames = {
  type: 'text',
  from: { data: 'names' },
  encode: always({
    ...words(by('datum.name'), 0, ink.text),
    y: { field: 'middle' },
    x: by(
      `${fits} ? scale('x', ${seen.from}) + 6 : ${behind} + datum.width <= width ? ${behind} : ` +
        `max(2, scale('x', datum.start) - 7 - datum.width)`,
    ),
    limit: by(`${fits} ? max(1, ${seenPx} - 10) : 0`),
    opacity: by(`datum.end < x0 || datum.start > x1 || (${fits} && ${seenPx} < 24) ? 0 : 1`),
  }),
};

const windowPlace = {
  x: atTime('datum.start'),
  x2: by("max(scale('x', datum.end), scale('x', datum.start) + 2)"),
  y: { field: 'top' },
  y2: { field: 'bottom' },
  stroke: { value: ink.anomaly },
  cornerRadius: { value: 2 },
};

/** What a fault explains is filled; what none does is an empty box of dashes, with a question mark. */
const windowMark = {
  type: 'rect',
  from: { data: 'windows' },
  encode: always({
    ...windowPlace,
    fill: { value: ink.anomaly },
    fillOpacity: by('datum.attributed ? 0.55 : 0'),
    strokeDash: by('datum.attributed ? [] : [3, 2]'),
  }),
};

const unattributedMark = {
  type: 'text',
  from: { data: 'windows' },
  encode: always({
    ...words(by("datum.attributed ? '' : '?'"), 0, ink.text),
    y: by('(datum.top + datum.bottom) / 2'),
    x: by(`(scale('x', ${seen.from}) + scale('x', ${seen.to})) / 2`),
    align: { value: 'center' },
    fontWeight: { value: 600 },
  }),
};

function words(text: object, y: number, fill: string): Readonly<Record<string, object>> {
  return {
    text,
    y: { value: y },
    fill: { value: fill },
    baseline: { value: 'middle' },
    fontSize: { value: fontSize },
  };
}
