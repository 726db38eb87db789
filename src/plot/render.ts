import { fileURLToPath } from 'node:url';
import { Resvg } from '@resvg/resvg-js';
import { GlobalFonts } from 'canvas';
import * as vega from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { messageOf, OrchError } from '../model/errors.ts';
import { drawnFont } from './theme.ts';

/** A chart as data. */
export type ChartSpec = TopLevelSpec;

export interface Picture {
  /** Text stays text; its font family names fallbacks for viewers without the drawn font. */
  readonly svg: string;
  /** At `pngScale` times the SVG's size. */
  readonly png: Uint8Array;
  /** What Vega found odd about the spec; empty for every chart of ours. */
  readonly warnings: readonly string[];
}

/** PNG pixels per SVG pixel. */
export const pngScale = 2;

const fontFiles = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((file) =>
  fileURLToPath(import.meta.resolve(`dejavu-fonts-ttf/ttf/${file}`)),
);

// Vega measures text on this canvas; without the font it would make room for another one than resvg draws.
for (const file of fontFiles) GlobalFonts.registerFromPath(file, drawnFont);

/** Draws a chart; everything it shows is in the spec. Throws OrchError `render-failed`. */
export async function renderChart(spec: ChartSpec): Promise<Picture> {
  const log: ChartLog = { errors: [], warnings: [] };
  try {
    const svg = await toSvg(spec, log);
    if (log.errors.length > 0) throw new Error(log.errors.join('; '));
    return { svg, png: toPng(svg), warnings: log.warnings };
  } catch (cause) {
    throw new OrchError('render-failed', `a chart could not be drawn: ${messageOf(cause)}`, { cause });
  }
}

async function toSvg(spec: ChartSpec, log: ChartLog): Promise<string> {
  const logger = loggerInto(log);
  const compiled = compile(spec, { logger }).spec;
  const view = new vega.View(vega.parse(compiled), { renderer: 'none', loader: closed(log), logger });
  try {
    return await view.toSVG();
  } finally {
    view.finalize();
  }
}

function toPng(svg: string): Uint8Array {
  const font = { loadSystemFonts: false, fontFiles, defaultFontFamily: drawnFont };
  return new Resvg(svg, { fitTo: { mode: 'zoom', value: pngScale }, background: 'white', font })
    .render()
    .asPng();
}

interface ChartLog {
  readonly errors: string[];
  readonly warnings: string[];
}

/** A chart carries its data with it: whatever asks for a file or an address is refused, and the chart fails. */
function closed(log: ChartLog): vega.Loader {
  const refuse = (what: string): Promise<never> => {
    log.errors.push(`a chart loads nothing, but this one asked for ${what}`);
    return Promise.reject(new Error('refused'));
  };
  return { load: refuse, sanitize: refuse, http: refuse, file: refuse };
}

/** Vega tells of failures inside a chart to its logger only. It calls these without their object, hence no `this`. */
function loggerInto(log: ChartLog): vega.LoggerInterface {
  const into =
    (list: string[]) =>
    (...messages: readonly unknown[]): vega.LoggerInterface => {
      list.push(messages.map(messageOf).join(' '));
      return logger;
    };
  const ignored = () => logger;
  const logger = {
    level: () => vega.Warn,
    error: into(log.errors),
    warn: into(log.warnings),
    info: ignored,
    debug: ignored,
  } as vega.LoggerInterface;
  return logger;
}
