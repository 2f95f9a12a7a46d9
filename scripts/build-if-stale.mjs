import { execSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

// Builds only when a source has changed: a build empties dist/ first, and a service running from there would miss its
// files. With `simulator` as argument it also builds that, which the product itself never contains.
const filesIn = (folder) => readdirSync(folder, { recursive: true }).map((file) => join(folder, file));
const PARTS = {
  product: { built: 'dist/src/cli.js', folder: 'src', others: ['package.json', 'ormconfig.ts'], build: 'build' },
  simulator: { built: 'dist/simulator/demo.js', folder: 'simulator', others: [], build: 'build:simulator' },
};
const changedAt = (file) => statSync(file).mtimeMs;

for (const part of ['product', ...process.argv.slice(2)]) {
  const { built, folder, others, build } = PARTS[part];
  const isChanged = () => [...others, ...filesIn(folder)].some((file) => changedAt(file) > changedAt(built));
  if (!existsSync(built) || (existsSync(folder) && isChanged())) {
    console.error(`customer-hub: building ${folder}, once…`);
    try {
      execSync(`npm run ${build} --silent`, { stdio: 'inherit' });
    } catch {
      rmSync(built, { force: true }); // what a failed build left is not run by the next command
      console.error('customer-hub: the build failed; after an update run npm ci');
      process.exit(1);
    }
  }
}
