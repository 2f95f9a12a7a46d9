import { Cursors } from '../../../src/wecom/client/cursors';
import { WecomUnavailable } from '../../../src/wecom/client/errors';

describe('cursors of a listing', () => {
  test.each([
    ['the last one', ['a', 'a']],
    ['an earlier one', ['a', 'b', 'a']],
  ])('%s again: a passing fault', (_which, [...given]) => {
    const cursors = new Cursors('externalcontact/get');
    const again = given.pop()!;
    expect(given.map((cursor) => cursors.next(cursor))).toEqual(given);
    expect(() => cursors.next(again)).toThrow(WecomUnavailable);
    expect(() => cursors.next(again)).toThrow('externalcontact/get: cursor again');
  });

  test('the end is no cursor', () => {
    const cursors = new Cursors('externalcontact/get');
    expect([cursors.next(''), cursors.next('a'), cursors.next('')]).toEqual(['', 'a', '']);
  });
});
