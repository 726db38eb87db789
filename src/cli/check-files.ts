import type { CheckedConfig } from '../config/load.ts';
import { suggestion } from '../config/explain.ts';
import { OrchError } from '../model/errors.ts';
import { Feeds } from '../target/feed.ts';
import { wrongTlsFiles } from '../target/tls.ts';

/**
 * Reads the files that a config names: those of TLS options, and the feeds, in which it looks for the columns that requests
 * name.
 * @throws OrchError `yaml-invalid`, `feed-invalid`
 */
export function checkFiles(checked: CheckedConfig): void {
  checkTls(checked);
  checkFeeds(checked);
}

function checkTls({ tls }: CheckedConfig): void {
  const wrong = tls.flatMap(({ options, placeOf }) =>
    wrongTlsFiles(options).map(({ key, message }) => `${placeOf(key)}: ${message}`),
  );
  if (wrong.length > 0)
    throw new OrchError('yaml-invalid', 'the config names files that TLS cannot use', { details: wrong });
}

function checkFeeds({ config, columns }: CheckedConfig): void {
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
