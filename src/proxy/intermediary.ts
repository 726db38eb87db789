import type { Disturber } from '../model/disturber.ts';
import type { LeftProxies } from '../model/manifest.ts';
import type { LinkSpec, Upstream } from './link-spec.ts';

/** What stands between load and nodes, or between two nodes, by which nodes can be disturbed: the embedded proxy, or a server of its own. */
export interface Intermediary {
  readonly disturber: Disturber;
  /** What would outlive this process, were these links opened and it were killed; null where nothing would. */
  wouldLeave(links: readonly LinkSpec[]): LeftProxies | null;
  /** Resolves to where the node is reached through it. */
  open(link: LinkSpec): Promise<Upstream>;
  /** Takes all links away. Resolves to what is left of them, in words for people; never rejects. */
  close(): Promise<readonly string[]>;
}
