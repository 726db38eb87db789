import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { Resvg } from '@resvg/resvg-js';
import { GlobalFonts } from 'canvas';
import * as vega from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { messageOf, OrchError } from '../model/errors.ts';
import { drawnFont } from './theme.ts';

/** A chart as data. */
export type ChartSpec = TopLevelSpec;

/** A chart as data that changes with its signals, for a page that has `vegaForPages`. */
export type LiveSpec = vega.Spec;

export interface Drawing {
  /** Text stays text; its font family names fallbacks for viewers without the drawn font. */
  readonly svg: string;
  /** What Vega found odd about the spec; empty for every chart of ours. */
  readonly warnings: readonly string[];
}

export interface Picture extends Drawing {
  /** At `pngScale` times the SVG's size. */
  readonly png: Uint8Array;
}

/** PNG pixels per SVG pixel. */
export const pngScale = 2;

const fontFiles = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((file) =>
  fileURLToPath(import.meta.resolve(`dejavu-fonts-ttf/ttf/${file}`)),
);

// Vega measures text on this canvas; without the font it would make room for another one than resvg draws.
for (const file of fontFiles) GlobalFonts.registerFromPath(file, drawnFont);

/** Draws a chart; everything it shows is in the spec. Throws OrchError `render-failed`. */
export function renderChart(spec: ChartSpec): Promise<Picture> {
  return orFailed(async () => {
    const drawing = await draw((logger) => compile(spec, { logger }).spec);
    return { ...drawing, png: toPng(drawing.svg) };
  });
}

/** Draws a live chart as it is before anybody touches it. Throws OrchError `render-failed`. */
export function renderLive(spec: LiveSpec): Promise<Drawing> {
  return orFailed(() => draw(() => spec));
}

/** Vega itself, as a script that defines `vega`: what pages draw their live charts with. */
export function vegaForPages(): Promise<string> {
  return readFile(new URL('vega.min.js', import.meta.resolve('vega')), 'utf8');
}

async function orFailed<T>(make: () => Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (cause) {
    throw new OrchError('render-failed', `a chart could not be drawn: ${messageOf(cause)}`, { cause });
  }
}

async function draw(specOf: (logger: vega.LoggerInterface) => LiveSpec): Promise<Drawing> {
  const log: ChartLog = { errors: [], warnings: [] };
  const logger = loggerInto(log);
  const view = new vega.View(vega.parse(specOf(logger)), { renderer: 'none', loader: closed(log), logger });
  try {
    const svg = await view.toSVG();
    if (log.errors.length > 0) throw new Error(log.errors.join('; '));
    return { svg, warnings: log.warnings };
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
