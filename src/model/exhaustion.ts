/**
 * What the machine that makes the load can run out of, by the error of the requests that then cannot be sent: these say
 * nothing of the nodes.
 */
const exhausted: Readonly<Record<string, string>> = {
  EMFILE: 'open files of one process (ulimit -n)',
  ENFILE: 'open files of the machine',
  EADDRNOTAVAIL: 'local ports',
  ENOBUFS: 'memory for sockets',
  ENOMEM: 'memory',
};

/** The requests that could not be sent for that, by error, in the order of errors. */
export function exhaustionOf(errors: ReadonlyMap<string, number>): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.keys(exhausted).flatMap((error) => {
      const count = errors.get(error);
      return count === undefined ? [] : [[error, count]];
    }),
  );
}

/** What is run out of as that begins, for people; null where nothing is. */
export function exhaustionNote(errors: ReadonlyMap<string, number>): string | null {
  const parts = Object.keys(exhaustionOf(errors)).map((error) => `${exhausted[error]} (${error})`);
  return parts.length === 0 ? null : `this machine runs out of ${parts.join(', and of ')}`;
}

/** What was run out of, for people; null where nothing was. */
export function exhaustionText(requests: Readonly<Record<string, number>>): string | null {
  const parts = Object.entries(requests).map(([error, count]) => {
    const sent = count === 1 ? '1 request' : `${count} requests`;
    return `${exhausted[error] ?? error} for ${sent} (${error})`;
  });
  return parts.length === 0 ? null : `this machine ran out of ${parts.join(', and of ')}`;
}
