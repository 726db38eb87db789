import { fillReading } from './reading.ts';
import { switchThemes } from './themes.ts';
import { liveTimeline } from './timeline.ts';

/**
 * The script of the page: the text of functions of ours, each of which uses nothing but its arguments and the browser. So they
 * are checked by the compiler as all else is, and need no bundler.
 */
export function pageScript(): string {
  return `(${String(switchThemes)})();\n(${String(liveTimeline)})(vega, ${String(fillReading)});`;
}
