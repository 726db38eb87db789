import type { CheckedConfig } from '../config/load.ts';
import { suggestion } from '../config/explain.ts';
import { OrchError } from '../model/errors.ts';
import { Feeds } from '../target/feed.ts';

/**
 * Reads the feeds, and looks in them for the columns that requests name.
 * @throws OrchError `feed-invalid`
 */
export function checkFeeds({ config, columns }: CheckedConfig): void {
  const feeds = new Feeds(config.feeds);
  for (const name of Object.keys(config.feeds)) feeds.get(name);
  const wrong = columns.flatMap(({ feed, column, place }) => {
    const known = feeds.get(feed)?.columns ?? [];
    const message = `${place}: the feed \`${feed}\` has no column \`${column}\`${suggestion(column, known)}`;
    return known.includes(column) ? [] : [message];
  });
  if (wrong.length > 0)
    throw new OrchError('feed-invalid', 'requests name columns that no feed has', {
      details: [...new Set(wrong)],
    });
}
