import { World } from '../../simulator/world';

const COUNTS = { employees: 20, contacts: 2000, follows: 5000, tags: 30 };

it('the same seed gives the same corp, another one another', () => {
  const rows = (seed: number) => JSON.stringify([...new World(seed).seeded(COUNTS).allListed()]);
  expect(rows(1)).toBe(rows(1));
  expect(rows(1)).not.toBe(rows(2));
});

describe('a seeded corp', () => {
  const corp = new World().seeded(COUNTS);
  const rows = [...corp.allListed()];

  it('has what it was asked for', () => {
    expect(corp.employees).toHaveLength(20);
    expect(corp.tagGroups.flatMap(({ tag }) => tag)).toHaveLength(30);
    expect(rows).toHaveLength(5000);
    const pairs = new Set(rows.map(({ userid, contact }) => `${userid} ${contact.external_userid}`));
    expect(pairs.size).toBe(5000);
    expect(new Set(rows.map(({ contact }) => contact.external_userid)).size).toBe(2000);
  });

  it('has the oddities of the field', () => {
    const contacts = rows.map(({ contact }) => contact);
    const follows = rows.map(({ follow }) => follow);
    expect(contacts.some(({ name }) => /\p{Extended_Pictographic}/u.test(name))).toBe(true);
    expect(contacts.some(({ name }) => name.includes('𠮷'))).toBe(true);
    expect(contacts.some(({ name }) => name === '')).toBe(true);
    expect(contacts.some(({ type, corp_name }) => type === 2 && corp_name)).toBe(true);
    expect(contacts.some(({ type, position }) => type === 2 && position === undefined)).toBe(true);
    expect(contacts.some(({ type, unionid }) => type === 1 && unionid === undefined)).toBe(true);
    expect(follows.some(({ add_way }) => add_way === 99)).toBe(true);
    expect(follows.some(({ state }) => state === undefined)).toBe(true);
    expect(follows.some(({ tag_id }) => tag_id.some((id) => id.startsWith('st')))).toBe(true);
    const ids = [...new Set(contacts.map(({ external_userid }) => external_userid))];
    expect(new Set(ids.map((id) => id.toLowerCase())).size).toBeLessThan(ids.length);
    expect(ids.every((id) => id.length === 32)).toBe(true);
  });

  it('has a customer of nearly everybody and an employee without any', () => {
    const [popular] = rows.map(({ contact }) => contact.external_userid);
    expect([...corp.shown(popular!)]).toHaveLength(19);
    expect([...corp.listed(corp.employees.at(-1)!)]).toHaveLength(0);
  });

  it('keeps what is changed of it', () => {
    const changed = new World().seeded(COUNTS);
    const { userid, contact } = [...changed.allListed()][7]!;
    changed.contact(contact.external_userid).name = '改';
    changed.relation(userid, contact.external_userid).follow.remark = '备注';
    const row = [...changed.allListed()][7]!;
    expect(row).toMatchObject({ contact: { name: '改' }, follow: { remark: '备注' } });
    expect([...changed.shown(contact.external_userid)].some(({ follow }) => follow.remark === '备注')).toBe(true);
    changed.unfollowByMember(userid, contact.external_userid);
    expect([...changed.allListed()]).toHaveLength(4999);
    changed.follow(userid, contact.external_userid);
    expect([...changed.allListed()][7]).toMatchObject({ contact: { name: '改' } });
  });
});

it('1,000,000 follows take few megabytes', () => {
  const before = process.memoryUsage();
  const corp = new World().seeded({ employees: 300, contacts: 700_000, follows: 1_000_000, tags: 300 });
  const after = process.memoryUsage();
  expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(32_000_000);
  expect(after.heapUsed - before.heapUsed).toBeLessThan(32_000_000);
  const listed = [...corp.listed(corp.employees[5]!)];
  expect(listed.length).toBeGreaterThan(3000);
});
