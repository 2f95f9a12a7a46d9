import { foreignText, withoutSecrets } from '../../src/base/foreign-text';

describe('what another system said', () => {
  test.each([
    ['a sentence as it is', '密码错误，还可以尝试 3 次 😀', '密码错误，还可以尝试 3 次 😀'],
    ['what a terminal would obey', 'a\u001b[2Jb\u0007c\u009bd', 'a [2Jb c d'],
    ['several lines', 'first\r\n\tsecond\u2028third', 'first second third'],
    ['what turns the direction of writing', 'abc\u202edef', 'abc def'],
    ['a long text', 'x'.repeat(500), 'x'.repeat(100)],
  ])('%s', (_what, said, shown) => {
    expect(foreignText(said, 100)).toBe(shown);
  });

  test('is shown without secrets', () => {
    expect(withoutSecrets('the token t0ken is not t0ken', ['t0ken', ''])).toBe('the token … is not …');
  });
});
