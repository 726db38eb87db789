import type { HttpFault, Toxic, ToxicOf } from './toxic.ts';

/** A toxic that brings the fault upon a share of the requests, or of those to some paths. */
export function someRequests(
  { share, paths }: Pick<ToxicOf<'http_status' | 'http_corrupt' | 'http_abort'>, 'share' | 'paths'>,
  fault: HttpFault,
): Toxic {
  return ({ draws }) => {
    const random = draws();
    return {
      faultFor(path) {
        if (paths !== undefined && !paths.some((prefix) => path.startsWith(prefix))) return null;
        return random() < share ? fault : null;
      },
    };
  };
}
