import { spawnSync } from 'node:child_process';

const complaintAbout = (subject: string) =>
  spawnSync(process.execPath, ['scripts/commit-subjects.mjs', subject], { encoding: 'utf8' }).stderr;

test.each([
  'fix(auth): a closed account cannot sign in',
  'feat(wechat-customers)!: tags as links',
  'fix(search-index): a deleted tag is no term',
  'Merge branch "relations"',
  `docs(house): ${'长'.repeat(59)}`,
])('%s passes', (subject) => {
  expect(complaintAbout(subject)).toBe('');
});

test.each([
  ['a closed account cannot sign in', 'is not "type(room): what changed"'],
  ['fix: a closed account cannot sign in', 'is not "type(room): what changed"'],
  ['wip(auth): a closed account cannot sign in', 'has none of the types feat, fix,'],
  ['fix(attic): a closed account cannot sign in', 'has none of the rooms '],
  [`docs(house): ${'x'.repeat(60)}`, 'has 73 characters, 72 are allowed'],
])('%s: %s', (subject, complaint) => {
  expect(complaintAbout(subject)).toContain(`"${subject}" ${complaint}`);
});
