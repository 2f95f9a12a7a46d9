import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus } from 'node:os';
import type { DataSource } from 'typeorm';
import type { Series } from './compare';
import type { Round } from './wrk';

function median(values: number[]): number {
  return quantile(values, 0.5);
}

export function quantile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(Math.floor(sorted.length * share), sorted.length - 1)] ?? Number.NaN;
}

/** A Markdown table. */
export function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

/** Machine, versions and command line, which a reader needs to judge the figures. */
export async function conditions(dataSource: DataSource, script: string): Promise<string> {
  const isSqlite = dataSource.options.type === 'better-sqlite3';
  const [{ version }] = await dataSource.query<[{ version: string }]>(
    `SELECT ${isSqlite ? 'sqlite_version()' : 'VERSION()'} AS version`,
  );
  const packages = ['fastify', '@nestjs/core', 'typeorm', isSqlite ? 'better-sqlite3' : 'mysql2'];
  return [
    `- machine: ${availableParallelism()} cores, ${cpus()[0]?.model ?? 'unknown processor'}`,
    `- versions: Node ${process.versions.node}, ${packages.map((name) => `${name} ${versionOf(name)}`).join(', ')}, ` +
      `${isSqlite ? 'SQLite' : 'MariaDB'} ${version}`,
    `- command: npm run ${script} -- ${process.argv.slice(2).map(withoutCredentials).join(' ')}`,
  ].join('\n');
}

/**
 * What the product reaches beside each server, what it spends, and each server by itself. Ratios are taken within a round
 * and shown as median with minimum and maximum.
 */
export function comparisonTables(all: Series[]): string {
  const beside = unique(all.map(({ server }) => server)).filter((server) => server !== 'product');
  const kinds = unique(all.map(({ kind }) => kind));
  const seriesOf = (kind: string, server: string) => all.find((one) => one.kind === kind && one.server === server);
  const ratios = (title: string, ratio: (product: Round, other: Round) => number) => {
    const cell = (kind: string, server: string) => {
      const [product, other] = [seriesOf(kind, 'product'), seriesOf(kind, server)];
      return product && other ? spread(product.rounds.map((round, n) => ratio(round, other.rounds[n]!))) : '';
    };
    const rows = kinds.map((kind) => [kind, ...beside.map((server) => cell(kind, server))]);
    return `${title}\n\n${table(['request', ...beside], rows)}`;
  };
  return [
    ratios('product ÷ server, requests/s', (product, other) => product.perSecond / other.perSecond),
    ratios('server ÷ product, CPU time of a request', (product, other) => other.cpuUs / product.cpuUs),
    `Each server, medians\n\n${serverTable(all)}`,
  ].join('\n\n');
}

function serverTable(all: Series[]): string {
  const rows = all.map(({ kind, server, rounds }) => {
    const medianOf = (of: keyof Round) => median(rounds.map((round) => round[of]));
    const perSecond = medianOf('perSecond');
    return [
      kind,
      server,
      perSecond.toFixed(perSecond < 100 ? 1 : 0),
      medianOf('p50Ms').toFixed(1),
      medianOf('p99Ms').toFixed(1),
      medianOf('cpuUs').toFixed(0),
    ];
  });
  return table(['request', 'server', 'req/s', 'p50 ms', 'p99 ms', 'CPU µs'], rows);
}

const unique = (values: string[]) => [...new Set(values)];

function spread(values: number[]): string {
  return `${median(values).toFixed(2)} (${Math.min(...values).toFixed(2)}–${Math.max(...values).toFixed(2)})`;
}

function versionOf(name: string): string {
  const file = createRequire(__filename)
    .resolve.paths(name)!
    .map((path) => `${path}/${name}/package.json`);
  for (const path of file) {
    try {
      return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
    } catch {
      continue;
    }
  }
  return 'unknown';
}

function withoutCredentials(argument: string): string {
  return argument.replace(/\/\/[^@/]*@/, '//');
}
