/** What both charts look like: one font, few colours, no decoration. */

/** The font that pictures are drawn in; it comes with the package. */
export const drawnFont = 'DejaVu Sans';

/** Verdana was drawn to nearly the same widths, so an SVG looks alike where DejaVu is not installed. */
const fontFamily = `'${drawnFont}', Verdana, Geneva, sans-serif`;

/** Distinct for every kind of colour vision, and by lightness alone (after Okabe and Ito, darkened for white paper). */
export const colour = {
  run: '#1f6fb2',
  baseline: '#7d8590',
  good: '#0b8467',
  p95: '#c46a00',
  errors: '#a8324a',
  fault: '#6a4c93',
  faultTint: '#e4dcf0',
  anomaly: '#a87400',
  anomalyTint: '#fdf0d3',
  uncountedTint: '#eceef1',
  phase: '#f3f4f6',
  text: '#1f2933',
  faint: '#5f6b7a',
  line: '#d8dde3',
} as const;

/** How much wider bold letters are than the regular ones that `textWidth` knows. */
export const boldness = 1.14;

export const config = {
  background: 'white',
  font: fontFamily,
  padding: 20,
  view: { stroke: null },
  title: {
    anchor: 'start',
    frame: 'group',
    fontSize: 16,
    fontWeight: 'bold',
    color: colour.text,
    subtitleFontSize: 11,
    subtitleColor: colour.faint,
    subtitlePadding: 6,
    subtitleLineHeight: 15,
    offset: 14,
  },
  axis: {
    labelFontSize: 10.5,
    titleFontSize: 11,
    titleFontWeight: 'normal',
    labelColor: colour.faint,
    titleColor: colour.text,
    gridColor: colour.line,
    gridOpacity: 0.7,
    domainColor: colour.line,
    tickColor: colour.line,
    titlePadding: 8,
  },
  legend: {
    labelFontSize: 11,
    labelColor: colour.text,
    title: null,
    labelLimit: 400,
    symbolSize: 140,
  },
} as const;
