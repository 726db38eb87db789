/**
 * The names that orch itself has for what went wrong with a request, as they stand in the `error` column of its row. The table
 * of them in `docs/results.md` is made of this one.
 */
export const requestErrors = {
  timeout:
    'no whole answer within `load.timeout_sec`: the node may or may not have done the work (`unknown`)',
  dropped: 'it was not sent: `load.max_in_flight` requests were in flight already (`dropped`)',
  connection_closed: 'the connection ended before the answer was complete',
  not_connected: 'Redis: there was no connection, and why is not known',
  tls_error: 'the two could not agree on encryption, or one of them did not accept the other’s certificate',
  bad_response: 'what came was not HTTP, or not Redis, or not as long as it said',
  bad_request: 'HTTP: it could not be sent as it is, for example for a header that HTTP does not allow',
  unexpected_body: 'HTTP: the answer’s body does not have what `expected_body` asks for',
  no_http2: 'HTTP: the node does not speak HTTP/2, which `http_version: 2` asks for',
  no_cluster: 'Redis: the node of a `redis+cluster://` URL is in no cluster',
  no_master: 'Redis: the Sentinel does not answer, or knows no master by that name',
} as const satisfies Readonly<Record<string, string>>;

export type RequestError = keyof typeof requestErrors;

/** One of these; or a status; or, all in capitals, the system’s name of what was wrong, or the first word of a Redis error reply. */
export type ErrorName = RequestError | `http_${number}` | Uppercase<string>;

export function isInCapitals(name: string): name is Uppercase<string> {
  return name === name.toUpperCase();
}
