/** How much of a value a message shows: it may be a whole file. */
export const longestShown = 60;

/** The beginning of a text that was given, for a message. */
export function shownText(text: string): string {
  return text.length <= longestShown ? text : `${text.slice(0, longestShown - 1)}…`;
}
