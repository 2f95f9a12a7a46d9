import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataSource } from 'typeorm';
import { Simulator, startSimulator } from '../../../simulator';
import type { Corp } from '../../../simulator/corp';
import type { Receiver } from '../../../simulator/sender';
import { readEnv } from '../../../src/config/env';
import { connect } from '../../../src/database/connect';
import { dataSourceOptions } from '../../../src/schema/data-source';
import { Follow } from '../../../src/wechat-customers/entities/follow.entity';
import { callbackPath } from '../../../src/wecom/corps/corp';
import { createDatabase, TestDatabase } from '../../database';
import { buildEnterprise, buildRight, buildUser } from '../../factories';
import { freePort } from '../../mariadb/server';
import { Program } from '../../program';
import { until } from '../../until';
import { CALLBACKS, connectCorp, settingsFor } from '../../wecom/hub';
import { expectInTime } from './bars';
import { measured, percentile } from '../measured';
import { UNLIMITED } from '../unlimited';

const TENANT = { uniacid: 2, enterpriseId: 4712 };
const KILLS = 10;
const EVENTS_BEFORE_A_KILL = 5;
const CALLBACKS_MEASURED = 100;

/** The built program, which tests kill, beside a WeCom that outlives it. */
describe('callbacks', () => {
  const directory = mkdtempSync(join(tmpdir(), 'customer-hub-callbacks-'));
  let database: TestDatabase;
  let dataSource: DataSource;
  let wecom: Simulator;
  let corp: Corp;
  let program: Program;
  let contacts = 0;

  beforeAll(async () => {
    wecom = await startSimulator();
    corp = wecom.world.addCorp();
    corp.addEmployee('zhangsan');
    database = await createDatabase();
    dataSource = await connect(dataSourceOptions(readEnv({ DATABASE_URL: database.url })));
    await dataSource.runMigrations();
    await buildEnterprise(dataSource, { id: TENANT.enterpriseId, uniacid: TENANT.uniacid });
    await connectCorp(dataSource, TENANT.enterpriseId, corp);
    const { userId } = await buildUser(dataSource, { username: 'manager', password: 'manager-of-callbacks' });
    await buildRight(dataSource, { ...TENANT, userId });
  });

  afterAll(async () => {
    await program.kill('SIGKILL');
    await dataSource.destroy();
    await database.drop();
    await wecom.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  const start = async () => {
    const settings = { DATABASE_URL: database.url, ...settingsFor(wecom), ...UNLIMITED };
    program = await new Program(directory, await freePort(), settings).ready();
  };

  const receiver = (): Receiver => ({
    url: `http://127.0.0.1:${program.port}${callbackPath(TENANT)}`,
    ...CALLBACKS,
    corpId: corp.corpId,
  });

  /** A contact that zhangsan has just added. */
  function newContact(): string {
    const { external_userid } = corp.addContact({ external_userid: `wmKILL${++contacts}` });
    corp.follow('zhangsan', external_userid);
    return external_userid;
  }

  const event = (ChangeType: string, ExternalUserID: string, CreateTime?: number) => ({
    Event: 'change_external_contact',
    ChangeType,
    UserID: 'zhangsan',
    ExternalUserID,
    CreateTime,
  });

  test(`${KILLS} kills right after success: no event is lost`, async () => {
    let repeated = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      await start();
      wecom.resetCounts();
      const added = Array.from({ length: EVENTS_BEFORE_A_KILL }, newContact);
      const sends = added.map((contact) => wecom.send(event('add_external_contact', contact), receiver()));
      const deliveries = (await Promise.all(sends)).flat();
      await program.kill('SIGKILL');
      expect(deliveries.map(({ body }) => body)).toEqual(added.map(() => 'success'));
      // The first waits until the leases end by themselves; 15 s of each would be minutes.
      if (kill > 0) await dataSource.query('UPDATE wecom_event SET lease_until = 0');
      await start();
      const isStored = async (externalUserid: string) =>
        (await dataSource.getRepository(Follow).countBy({ ...TENANT, externalUserid })) === 1;
      await until(async () => (await Promise.all(added.map(isStored))).every(Boolean));
      await until(async () => (await pending()) === 0);
      repeated += (wecom.counts().calls['externalcontact/get'] ?? 0) - added.length;
      await program.kill('SIGKILL');
    }
    const events = KILLS * EVENTS_BEFORE_A_KILL;
    measured('an acknowledged event takes effect', { kills: KILLS, events, lost: 0, 'asked again': repeated });
  });

  const pending = async () => {
    const [row] = await dataSource.query<{ n: number }[]>(
      "SELECT COUNT(*) AS n FROM wecom_event WHERE state = 'pending'",
    );
    return Number(row!.n);
  };

  test('a callback is seen in getList within a second', async () => {
    await start();
    const login = await program.post('/api/login', { username: 'manager', password: 'manager-of-callbacks' });
    const { token } = login.result;
    await program.post(`/business/${TENANT.uniacid}/admin/manageBusiness`, { id: TENANT.enterpriseId }, token);
    const list = `/business/${TENANT.uniacid}/plugin/WechatCustomers/getList`;
    const remarkOf = async (customer: string) =>
      (await program.post(list, { search: { customer } }, token)).data.data[0]?.remark as string | undefined;
    const contact = newContact();
    const times: number[] = [];
    for (let n = 0; n < CALLBACKS_MEASURED; n++) {
      const remark = `第${n}次`;
      corp.relation('zhangsan', contact).follow.remark = remark;
      const begun = performance.now();
      await wecom.send(event('edit_external_contact', contact, 1_790_000_000 + n), receiver());
      await until(async () => (await remarkOf(contact)) === remark);
      times.push(performance.now() - begun);
    }
    const median = percentile(times, 0.5);
    measured('a callback is seen in getList', {
      'median ms': Math.round(median),
      'p99 ms': Math.round(percentile(times, 0.99)),
    });
    expectInTime('a callback is seen in getList (median)', median);
  });
});
