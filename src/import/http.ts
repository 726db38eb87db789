import type { YamlPath } from '../config/yaml.ts';
import type { Json } from '../model/disturber.ts';
import { type Context, isList, type Part, put, putAllHidden, putHidden, pythonText } from './context.ts';
import type { HttpProvider } from './provider.ts';
import { betweenVariables } from './template.ts';

const methods: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const formType = 'application/x-www-form-urlencoded';

/** The fields of a request: of the probe `http`, and of the action `http_request`. */
export function httpFields(context: Context, provider: HttpProvider, path: YamlPath): Part {
  const { ledger } = context;
  const method = provider.method.toUpperCase();
  const isKnown = methods.includes(method);
  if (!isKnown) ledger.refuse([...path, 'method'], `there is no request with the method ${method}`);
  if ((provider.max_retries ?? 0) > 0)
    ledger.refuse([...path, 'max_retries'], 'a request is made once, and not tried again');
  if (provider.expected_status !== undefined)
    ledger.refuse(
      [...path, 'expected_status'],
      'Chaos Toolkit itself no longer heeds `expected_status`; a `tolerance` says it',
    );
  const headers = headersOf(context, provider, [...path, 'headers']);
  const url = put(context, provider.url, [...path, 'url']);
  if (!/\$\{/.test(url) && !isWebUrl(url))
    ledger.refuse([...path, 'url'], 'it is no http:// or https:// URL');
  const given = provider.arguments ?? null;
  const at = [...path, 'arguments'];
  const isEmpty =
    given === null || given === '' || (typeof given === 'object' && Object.keys(given).length === 0);
  const isQuery = method === 'GET' && !isEmpty;
  return {
    url: isQuery ? withQuery(url, queryOf(context, given, at, put)) : url,
    ...(method === 'GET' || !isKnown ? {} : { method }),
    ...(Object.keys(headers).length === 0 ? {} : { headers }),
    ...(isEmpty || isQuery ? {} : bodyOf(context, given, headers, at)),
    ...(provider.verify_tls === false ? { verify_tls: false } : {}),
    follow_redirects: true,
  };
}

function isWebUrl(text: string): boolean {
  return URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
}

function headersOf(context: Context, { headers }: HttpProvider, path: YamlPath): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers ?? {}).flatMap(([name, value]) =>
      value === null ? [] : [[name, putHidden(context, pythonText(value), [...path, name])]],
    ),
  );
}

/** What is sent as the request's body; with a form, the header that says so. */
function bodyOf(
  context: Context,
  given: Json,
  headers: Readonly<Record<string, string>>,
  path: YamlPath,
): Part {
  if (headers['Content-Type'] === 'application/json') {
    const json = putAllHidden(context, given, path);
    return { body: typeof json === 'string' ? JSON.stringify(json) : json };
  }
  if (typeof given === 'string') return { body: putHidden(context, given, path) };
  const isTyped = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
  return {
    ...(isTyped ? {} : { headers: { ...headers, 'Content-Type': formType } }),
    body: queryOf(context, given, path, putHidden),
  };
}

/**
 * `a=1&b=2`, as of a form or a query.
 * @param write Puts variables in.
 */
function queryOf(context: Context, given: Json, path: YamlPath, write: typeof put): string {
  if (typeof given === 'string') return write(context, given, path);
  if (given === null || typeof given !== 'object' || isList(given)) {
    context.ledger.refuse(path, 'the arguments of such a request must be a mapping');
    return '';
  }
  return Object.entries(given)
    .flatMap(([name, value]) => (isList(value) ? value : [value]).map((one) => [name, one] as const))
    .flatMap(([name, value]) => {
      if (value === null) return [];
      if (typeof value !== 'object')
        return [`${encoded(name)}=${write(context, pythonText(value), [...path, name], encoded)}`];
      context.ledger.refuse(
        [...path, name],
        'a mapping or a list in a list cannot be part of a form or query',
      );
      return [];
    })
    .join('&');
}

function withQuery(url: string, query: string): string {
  const [address = '', ...fragment] = url.split('#');
  const sign = address.includes('?') ? '&' : '?';
  return [query === '' ? address : `${address}${sign}${query}`, ...fragment].join('#');
}

function encoded(text: string): string {
  return betweenVariables(text, (plain) => encodeURIComponent(plain).replaceAll('%20', '+'));
}
