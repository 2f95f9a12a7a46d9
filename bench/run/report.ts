import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, cpus } from 'node:os';
import type { DataSource } from 'typeorm';
import type { Series } from './compare';

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

/** Medians over all rounds; ratios are taken within a round and shown as median with minimum and maximum. */
export function comparisonTable(all: Series[]): string {
  const rows = all.map((series) => {
    const product = all.find(({ kind, server }) => kind === series.kind && server === 'product')!;
    const ratio = (of: 'perSecond' | 'cpuUs') =>
      series.rounds.map((round, index) => product.rounds[index]![of] / round[of]);
    const medianOf = (of: keyof (typeof series.rounds)[0]) => median(series.rounds.map((round) => round[of]));
    const isProduct = series.server === 'product';
    return [
      series.kind,
      series.server,
      medianOf('perSecond').toFixed(medianOf('perSecond') < 100 ? 1 : 0),
      medianOf('p50Ms').toFixed(1),
      medianOf('p99Ms').toFixed(1),
      medianOf('cpuUs').toFixed(0),
      isProduct ? '' : spread(ratio('perSecond')),
      // The other's time over the product's, so that above 1 the product is better here too.
      isProduct ? '' : spread(ratio('cpuUs').map((value) => 1 / value)),
    ];
  });
  const head = ['request', 'server', 'req/s', 'p50 ms', 'p99 ms', 'CPU µs', 'product ÷ it, req/s', 'it ÷ product, CPU'];
  return table(head, rows);
}

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
