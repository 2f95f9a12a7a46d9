/**
 * Checks the subjects of new commits: `type(room): what changed`. Run by .ci/run, and by hand for one subject:
 * `node scripts/commit-subjects.mjs 'fix(auth): …'`. Without Git, or in a clone too shallow to hold BASE, it checks nothing.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

/** The last commit that the rule does not bind: subjects up to here were written before it. */
const BASE = '2069dba';

const TYPES = ['feat', 'fix', 'perf', 'refactor', 'style', 'test', 'docs', 'build', 'ci', 'chore', 'revert'];

const folders = ['src', 'test']
  .flatMap((root) => readdirSync(root, { withFileTypes: true, recursive: true }))
  .filter((file) => file.isDirectory());

/** The folders of src/ and test/, what stands beside them, and two words for changes of every room at once. */
const ROOMS = [
  ...new Set(folders.map(({ name }) => name)),
  ...['app', 'cli', 'test', 'bench', 'scripts', 'deploy', 'docs', 'ci', 'lint', 'release'],
  ...['house', 'glossary', 'simulator', 'deps'],
];

const MAX_LENGTH = 72; // what Git's and GitHub's lists show uncut

const complaintAbout = (subject) => {
  if (/^Merge |^Revert "/.test(subject)) return undefined; // Git's own words
  const [, type, room] = /^([a-z]+)\(([a-z-]+)\)!?: \S/.exec(subject) ?? [];
  if (!type) return 'is not "type(room): what changed"';
  if (!TYPES.includes(type)) return `has none of the types ${TYPES.join(', ')}`;
  if (!ROOMS.includes(room)) return `has none of the rooms ${ROOMS.join(', ')}`;
  if ([...subject].length > MAX_LENGTH) return `has ${[...subject].length} characters, ${MAX_LENGTH} are allowed`;
  return undefined;
};

/** @returns the subjects of the commits since BASE, newest first; none where they cannot be told */
function newSubjects() {
  const { status, stdout } = spawnSync('git', ['log', '--no-merges', '--format=%s', `${BASE}..HEAD`], {
    encoding: 'utf8',
  });
  if (status === 0) return stdout.split('\n').filter(Boolean);
  console.log(`commit subjects: not checked, the history since ${BASE} is not here`);
  return [];
}

const [, , ...given] = process.argv;
const subjects = given.length > 0 ? given : newSubjects();
const complaints = subjects.flatMap((subject) => {
  const complaint = complaintAbout(subject);
  return complaint ? [`"${subject}" ${complaint}`] : [];
});
for (const complaint of complaints) console.error(`commit subjects: ${complaint}`);
process.exitCode = complaints.length > 0 ? 1 : 0;
