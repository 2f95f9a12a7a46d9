import { newDataSource } from '../../../src/database/connect';
import { entities } from '../../../src/schema/entities';
import { Contact } from '../../../src/wechat-customers/entities/contact.entity';
import { Follow } from '../../../src/wechat-customers/entities/follow.entity';
import { fitted } from '../../../src/wechat-customers/write/fit';

const dataSource = newDataSource({ type: 'better-sqlite3', database: ':memory:', entities });

beforeAll(() => dataSource.initialize());
afterAll(() => dataSource.destroy());

const follow = (row: Partial<Follow>) => fitted(dataSource.getMetadata(Follow), row);
const contact = (row: Partial<Contact>) => fitted(dataSource.getMetadata(Contact), row);

test.each<[string, Partial<Follow>, Partial<Follow>]>([
  ['what fits stays', { remark: 'a\u0000b 😀', createtime: 1 }, { remark: 'a\u0000b 😀', createtime: 1 }],
  ['characters count, not units', { remark: '😀'.repeat(255) }, { remark: '😀'.repeat(255) }],
  ['a text is cut at its length', { remark: '😀'.repeat(256) }, { remark: '😀'.repeat(255) }],
  ['half a character', { remark: 'a\ud83d', state: '\ude00b' }, { remark: 'a\ufffd', state: '\ufffdb' }],
  ['half a character at the cut', { remark: `${'a'.repeat(255)}\ud83d` }, { remark: 'a'.repeat(255) }],
  ['tags are cut between ids', { tagId: `${'x'.repeat(65_530)},et12345` }, { tagId: 'x'.repeat(65_530) }],
  [
    'numbers are cut between numbers',
    { remarkMobiles: JSON.stringify(['1', '2'.repeat(1020), '3']) },
    { remarkMobiles: '["1"]' },
  ],
  ['a number that is none', { createtime: NaN }, { createtime: 0 }],
  ['a number with a fraction', { createtime: 1.9 }, { createtime: 1 }],
  ['a number too large', { createtime: Infinity }, { createtime: Number.MAX_SAFE_INTEGER }],
  ['ids are left alone', { userid: 'a'.repeat(100) }, { userid: 'a'.repeat(100) }],
])('%s', (_, given, expected) => expect(follow(given)).toEqual(expected));

test.each<[string, Partial<Contact>, Partial<Contact>]>([
  ['JSON that does not fit is none', { externalProfile: `"${'a'.repeat(65_534)}"` }, { externalProfile: 'null' }],
  [
    'JSON that just fits stays',
    { externalProfile: `"${'a'.repeat(65_533)}"` },
    { externalProfile: `"${'a'.repeat(65_533)}"` },
  ],
  ['a small number', { gender: -1000 }, { gender: -127 }],
])('%s', (_, given, expected) => expect(contact(given)).toEqual(expected));
