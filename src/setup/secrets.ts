import { readLines } from '../base/secret-input';
import { InYaml } from '../base/yaml-file';
import type { SecretPlace, Setup } from './setup-file';

/** The secrets by the places that the file names. */
export type Secrets = ReadonlyMap<SecretPlace, string>;

/** Not what every object inherits, as `constructor`. */
const own = (environment: NodeJS.ProcessEnv, name: string) =>
  Object.hasOwn(environment, name) ? environment[name] : undefined;

type Path = [list: string, index: number, key: string];

/**
 * Reads all secrets that a file names; standard input only if it names a line of it.
 * @throws OperatorError naming the place in the file of the first that is missing
 */
export async function secretsOf(file: string, setup: Setup, environment: NodeJS.ProcessEnv): Promise<Secrets> {
  const named = [
    ...setup.accounts.map(({ password }, n) => ({ path: ['accounts', n, 'password'] as Path, place: password })),
    ...setup.customers.map(({ secret }, n) => ({ path: ['customers', n, 'secret'] as Path, place: secret })),
  ].flatMap(({ path, place }) => (place ? [{ path, place }] : []));
  const last = Math.max(0, ...named.map(({ place }) => place.stdin ?? 0));
  const prompts = Array.from({ length: last }, (_, line) => {
    const user = named.find(({ place }) => place.stdin === line + 1);
    return user ? `${user.path[0]}[${user.path[1]}].${user.path[2]}` : `line ${line + 1}, which is not used`;
  });
  const lines = last > 0 ? await readLines(prompts) : [];
  return new Map(
    named.map(({ path, place: { env, stdin }, place }) => {
      const secret = env === undefined ? lines[stdin! - 1] : own(environment, env);
      const source = env === undefined ? `line ${stdin} of standard input` : `${env} of the environment`;
      if (!secret) throw new InYaml(file, path, `${source} is missing or empty`);
      return [place, secret];
    }),
  );
}
