/** Anything shorter is a stand-in for servers that need no key, and may well be an ordinary word. */
const shortestSecret = 8;

const stand = '[API key removed]';

/** The text without the key, which a server may echo. */
export function withoutKey(text: string, apiKey: string): string {
  return apiKey.length < shortestSecret ? text : text.replaceAll(apiKey, stand);
}
