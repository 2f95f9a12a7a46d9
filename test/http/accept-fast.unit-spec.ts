import { readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { Type } from '@nestjs/common';
import { getMetadataStorage } from 'class-validator';
import fc from 'fast-check';
import { validationPipe } from '../../src/http/input/validation.pipe';

const BODIES = 5_000;

/** Every DTO of both families, with the names of its parameters. */
const DTOS = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.dto.ts'))
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- jest has no top-level await
  .flatMap((file) => Object.values(require(resolve('src', file)) as Record<string, unknown>))
  .filter((exported): exported is Type => typeof exported === 'function' && exported.name.endsWith('Dto'))
  .map((dto) => ({ dto, names: namesOf(dto) }));

function namesOf(dto: Type): string[] {
  const rules = getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
  return [...new Set(rules.map(({ propertyName }) => propertyName))];
}

/** What parsers take and what they refuse, as forms and JSON send it. */
const VALUES: unknown[] = [
  ...[null, '', 0, -0, 1, 7, 998, -1, 1.5, 2 ** 53, 1e300, true, false],
  ...['0', '1', '20', '007', '-1', ' 2', '1e1', '9007199254740992', 'on', 'true', 'all', 'short', 'unionid'],
  ...['张三', ' Abe ', '\0', '\ud800', '😀'.repeat(40), 'x'.repeat(300), 'x'.repeat(70_000), 'a,b,,c'],
  ...['2024-01-05', '2024-01-05 10:20:30', '2024-02-30', '1704067200', 'null', 'undefined'],
  ...['["1001","1002"]', '[[1', '{}', '[]', '[["user_id","=","998"]]', '['.repeat(40)],
  ...[[], {}, [1, '2', 2], ['1', 'x'], [null], { 1: '5', 0: '6' }, { '-1': 3 }, { a: 1 }, [[1, [2]], { b: {} }]],
  ...[
    [['user_id', '>', 1]],
    [['created', 'like', '2024-01-05']],
    [['user_id', '=']],
    { 0: { 0: 'user_id', 1: '=', 2: 3 } },
  ],
  ...[
    ['2024-01-01', '2024-02-01'],
    ['1704067200000', '1704153600000'],
    ['2024-02-01', '2024-01-01'],
  ],
  JSON.parse('{"__proto__": {"a": 1}, "0": "1"}'),
  JSON.parse('[{"constructor": 1}, {"prototype": 2}]'),
  Object.assign(Object.create(null), { 0: '3' }),
  { customer: '李', status: '-1', page: 2, tags_data: ['t'], constructor: 'x' },
];

/** A body, in JSON's or the form parser's kind of object, with names that no DTO declares. */
function bodyOf(names: string[]): fc.Arbitrary<object> {
  const value = fc.constantFrom(...VALUES);
  const known = fc.record(Object.fromEntries(names.map((name) => [name, value])), { requiredKeys: [] });
  const valid = fc.constantFrom('1', '20'); // most parameters take these
  const good = fc.record(Object.fromEntries(names.map((name) => [name, valid])), { requiredKeys: [] });
  const others = fc.dictionary(fc.constantFrom('zzz', 'toString', 'constructor', 'hasOwnProperty'), value, {
    maxKeys: 2,
  });
  return fc
    .tuple(fc.oneof(known, good, good), others, fc.boolean())
    .map(([own, other, isForm]) => Object.assign(isForm ? (Object.create(null) as object) : {}, other, own));
}

async function outcomeOf(work: () => Promise<unknown>) {
  try {
    const value = (await work()) as object;
    return { value, prototype: Object.getPrototypeOf(value) as unknown, names: Object.keys(value) };
  } catch (error) {
    return { kind: (error as Error).constructor, sentence: (error as Error).message };
  }
}

test(`${BODIES} bodies are accepted fast as slowly: the same values, prototypes and sentences`, async () => {
  const explain = jest.spyOn(validationPipe, 'explain');
  const bodies = fc.constantFrom(...DTOS).chain(({ dto, names }) => fc.tuple(fc.constant(dto), bodyOf(names)));
  let fast = 0;
  const property = fc.asyncProperty(bodies, async ([metatype, body]) => {
    const metadata = { type: 'body', metatype } as const;
    const copy = structuredClone(body); // the slow way drops `__proto__` from what it is given
    explain.mockClear();
    const outcome = await outcomeOf(() => validationPipe.transform(body, metadata));
    if (explain.mock.calls.length === 0) fast++;
    const slow = await outcomeOf(() => validationPipe.explain(copy, metadata));
    if (!isDeepStrictEqual(outcome, slow)) expect(outcome).toStrictEqual(slow); // to say what differs
  });
  await fc.assert(property, { numRuns: BODIES, seed: 15, endOnFailure: true });
  expect(fast).toBeGreaterThan(BODIES / 4);
});
