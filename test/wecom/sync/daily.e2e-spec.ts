import { setTimeout as sleep } from 'node:timers/promises';
import { wallClock } from '../../../src/base/time';
import { until } from '../../until';
import { Hub } from '../hub';

/** Seconds of a minute after which the next one is waited for: the program looks every five. */
const LATE = 40;

test('the daily time starts one run, of every enterprise with credentials, whatever the number of processes', async () => {
  const second = Number(wallClock().slice(17));
  if (second > LATE) await sleep((61 - second) * 1000);
  const hub = await Hub.start({ WECOM_SYNC_AT: wallClock().slice(11, 16) }, (corp) =>
    corp.fill(1, { employees: 2, contacts: 10, follows: 12, tags: 2 }),
  );
  const other = await hub.another();
  const process = await hub.app.second();
  const states = async () => [(await hub.ask('syncStatus')).data.run, (await other.ask('syncStatus')).data.run];
  await until(async () => (await states()).every((run) => run?.state === 'ok'));
  await sleep(6_000);
  expect(await hub.dataSource.query('SELECT COUNT(*) AS n FROM wecom_run')).toEqual([{ n: 2 }]);
  await process.stop();
  await hub.stop();
});
