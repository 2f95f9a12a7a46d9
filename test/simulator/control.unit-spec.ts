import { Caller, useSimulator } from './client';

const simulator = useSimulator();
const LIST = 'externalcontact/get_follow_user_list';

async function control(action: string, body: object = {}): Promise<any> {
  const response = await fetch(`${simulator.it.url}/simulator/${action}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  return { status: response.status, ...((await response.json()) as object) };
}

it('another process seeds, changes, breaks and counts', async () => {
  await control('seed', { corpId: 'wwctl', employees: 3, contacts: 5, follows: 6, tags: 2 });
  const caller = await new Caller(simulator.it, 'wwctl').signIn();
  await control('corp', { corpId: 'wwctl', method: 'addEmployee', args: ['neu'] });
  expect((await caller.get(LIST)).follow_user).toContain('neu');
  await control('fault', { path: LIST, kind: { errcode: -1 }, when: { corpId: 'wwctl' } });
  expect(await caller.get(LIST)).toMatchObject({ errcode: -1 });
  await control('tokens', { corpId: 'wwctl', act: 'expire' });
  expect(await caller.get(LIST)).toMatchObject({ errcode: 42001 });
  await control('app', { corpId: 'wwctl', trustedAddresses: ['203.0.113.5'] });
  expect(await (await caller.signIn()).get(LIST)).toMatchObject({ errcode: 60020 });
  expect(await control('counts')).toMatchObject({
    calls: { gettoken: 2, [LIST]: 4 },
    tokens: { wwctl: 2 },
    inFlight: { [`wwctl ${LIST}`]: 1 },
  });
  expect(simulator.it.calls.map(({ errcode }) => errcode)).toEqual([0, 0, -1, 42001, 0, 60020]);
});

it('a mistake is told to who made it', async () => {
  expect(await control('nothing')).toMatchObject({ status: 400, error: expect.stringContaining('no action nothing') });
  expect(await control('tokens', { ttl: 1 })).toMatchObject({ status: 400 });
  await control('seed', { employees: 1, contacts: 1, follows: 1, tags: 0 });
  expect(await control('corp', { method: 'constructor', args: [] })).toMatchObject({ status: 400 });
});
