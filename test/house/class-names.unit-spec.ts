import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Swagger names a schema after its class: of two classes with one name the documentation would show only one. */
test('no two classes of src/ have the same name', () => {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const places = new Map<string, string[]>();
  for (const file of files) {
    for (const [, name] of readFileSync(join('src', file), 'utf8').matchAll(
      /^(?:export )?(?:abstract )?class (\w+)/gm,
    )) {
      places.set(name!, [...(places.get(name!) ?? []), file]);
    }
  }
  expect(places.size).toBeGreaterThan(100);
  expect([...places].filter(([, { length }]) => length > 1)).toEqual([]);
});
