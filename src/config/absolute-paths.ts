import { resolve } from 'node:path';
import type { Config } from '../model/config.ts';
import { type HttpWorkload, tlsFiles } from '../model/workload.ts';

/** A config whose files are found from everywhere: they were named from its own directory. */
export function withAbsolutePaths(config: Config, directory: string): Config {
  const feeds = Object.entries(config.feeds).map(([name, feed]) => [
    name,
    { ...feed, file: resolve(directory, feed.file) },
  ]);
  const workloads = Object.entries(config.workloads).map(([name, { http, ...other }]) => [
    name,
    { ...other, ...(http && { http: withTlsFiles(http, directory) }) },
  ]);
  return {
    ...config,
    http_workload: withTlsFiles(config.http_workload, directory),
    workloads: Object.fromEntries(workloads),
    feeds: Object.fromEntries(feeds),
  };
}

function withTlsFiles(workload: HttpWorkload, directory: string): HttpWorkload {
  const { tls } = workload;
  if (tls === undefined) return workload;
  const files = tlsFiles.flatMap((key) => {
    const file = tls[key];
    return file === undefined ? [] : [[key, resolve(directory, file)]];
  });
  return { ...workload, tls: { ...tls, ...Object.fromEntries(files) } };
}
