import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../mariadb/server';
import { GaleraNode, GaleraPorts, makeDirectory } from './node';

/** A MariaDB Galera cluster of three nodes of the tests' own, removed afterwards. */
export class GaleraCluster {
  private constructor(
    readonly nodes: [GaleraNode, GaleraNode, GaleraNode],
    private readonly directory: string,
  ) {}

  static async start(): Promise<GaleraCluster> {
    const directory = mkdtempSync(join(tmpdir(), 'customer-hub-galera-'));
    makeDirectory(directory);
    const ports = [await fourPorts(), await fourPorts(), await fourPorts()] as const;
    const addresses = ports.map(({ group }) => `127.0.0.1:${group}`).join(',');
    const node = (index: 0 | 1 | 2) => new GaleraNode(`node${index + 1}`, directory, ports[index], addresses);
    const cluster = new GaleraCluster([node(0), node(1), node(2)], directory);
    try {
      const [first, ...others] = cluster.nodes;
      first.install();
      await first.start({ bootstrap: true });
      for (const other of others) await other.start();
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  async stop(): Promise<void> {
    await Promise.all(this.nodes.map((node) => node.kill()));
    rmSync(this.directory, { recursive: true, force: true });
  }
}

async function fourPorts(): Promise<GaleraPorts> {
  return { sql: await freePort(), group: await freePort(), missed: await freePort(), everything: await freePort() };
}
