import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');
const FOLDERS = ['', 'docs', 'docs/decisions', 'client', 'examples', 'simulator'];

const pages = FOLDERS.filter((folder) => existsSync(join(ROOT, folder))).flatMap((folder) =>
  readdirSync(join(ROOT, folder))
    .filter((file) => file.endsWith('.md'))
    .map((file) => join(folder, file)),
);

test.each(pages)('every relative link of %s leads somewhere', (page) => {
  const broken = linksOf(page).filter((link) => {
    const [path, anchor] = link.split('#');
    const target = path ? join(dirname(page), path) : page;
    if (!existsSync(join(ROOT, target))) return true;
    return Boolean(anchor) && !anchorsOf(target).has(decodeURIComponent(anchor!));
  });
  expect(broken).toEqual([]);
});

test.each(pages.filter((page) => page.endsWith('.zh-CN.md')))('%s has the sections of its original', (page) => {
  expect(headingsOf(page).map(levelOf)).toEqual(headingsOf(page.replace('.zh-CN.md', '.md')).map(levelOf));
});

test.each(readdirSync(join(ROOT, 'docs/images')))(
  'the picture %s is small, and both READMEs show one of its kind',
  (file) => {
    expect(statSync(join(ROOT, 'docs/images', file)).size).toBeLessThan(200 * 1024);
    for (const page of ['README.md', 'README.zh-CN.md']) expect(linksOf(page)).toContain(`docs/images/${file}`);
  },
);

/** The page without its examples. */
function textOf(page: string): string {
  return readFileSync(join(ROOT, page), 'utf8').replace(/^( *)(`{3,}|~{3,})[\s\S]*?^\1\2$/gm, '');
}

function linksOf(page: string): string[] {
  const links = textOf(page)
    .replace(/`[^`]+`/g, '')
    .matchAll(/\]\(([^)\s]+)\)/g);
  return [...links].map(([, link]) => link!).filter((link) => !/^[a-z]+:/.test(link));
}

function headingsOf(page: string): string[] {
  return textOf(page).match(/^#+ .+$/gm) ?? [];
}

const levelOf = (heading: string) => heading.indexOf(' ');

/** As GitHub names the headings of a page. */
function anchorsOf(page: string): Set<string> {
  const anchors = new Set<string>();
  for (const heading of headingsOf(page)) {
    const words = heading
      .replace(/^#+ /, '')
      .replace(/\]\([^)]*\)/g, ']')
      .toLowerCase();
    const name = words.replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '').replaceAll(' ', '-');
    let anchor = name;
    for (let n = 1; anchors.has(anchor); n++) anchor = `${name}-${n}`;
    anchors.add(anchor);
  }
  return anchors;
}
