import { DuckDBInstance } from '@duckdb/node-api';

/** `node bench/csv/duckdb.ts FILE`: the same question, put to DuckDB. */
const path = process.argv[2] ?? '';
const connection = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect();
const outcome = path.includes('nine')
  ? 'outcome'
  : `CASE WHEN error IS NULL THEN CASE WHEN status_code >= 400 THEN 'fail' ELSE 'ok' END
      WHEN error = 'dropped' THEN 'dropped' WHEN error = 'timeout' THEN 'unknown' ELSE 'fail' END`;
await connection.run(`CREATE TABLE requests AS SELECT floor(timestamp)::UINTEGER AS sec, latency_ms, ${outcome} AS outcome
  FROM read_csv('${path}', header = true)`);
const figures = `count(*)::DOUBLE, (count(*) FILTER (outcome = 'ok'))::DOUBLE,
  quantile_cont(latency_ms, 0.5), quantile_cont(latency_ms, 0.95), quantile_cont(latency_ms, 0.99)`;
const rows = async (sql: string) => (await connection.runAndReadAll(sql)).getRows();
const [whole] = await rows(`SELECT ${figures} FROM requests`);
const seconds = await rows(`SELECT ${figures} FROM requests GROUP BY sec ORDER BY sec`);
process.stdout.write(JSON.stringify({ whole, seconds }));
