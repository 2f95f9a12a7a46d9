import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { Simulator, startSimulator } from '../../simulator';
import type { Corp } from '../../simulator/corp';
import { readEnv } from '../../src/config/env';
import { connect } from '../../src/database/connect';
import { dataSourceOptions } from '../../src/schema/data-source';
import { FollowWriter } from '../../src/wechat-customers/write/follow-writer';
import { storeTags } from '../../src/wechat-customers/write/tags';
import { toSeenFollow, toTags } from '../../src/wecom/to-follow';
import { createDatabase, TestDatabase } from '../database';
import { expectExactlyDerived } from '../derived-rows';
import { buildEnterprise, buildRight, buildUser } from '../factories';
import { freePort } from '../mariadb/server';
import { Program } from '../program';
import { until } from '../until';
import { connectCorp, settingsFor } from '../wecom/hub';
import { measured } from './measured';
import { UNLIMITED } from './unlimited';

const KILLS = 20;
const FOLLOWS = 6;
const TENANT = { uniacid: 2, enterpriseId: 4712 };
const PASSWORD = 'manager-of-the-follows';

/** A server, its database and a WeCom; the server is killed and started again. */
class Place {
  private readonly directory = mkdtempSync(join(tmpdir(), 'customer-hub-write-back-'));
  private server!: Program;
  private token = '';

  private constructor(
    private readonly database: TestDatabase,
    readonly dataSource: DataSource,
    readonly wecom: Simulator,
    readonly corp: Corp,
    private readonly username: string,
  ) {}

  static async make(): Promise<Place> {
    const wecom = await startSimulator();
    const corp = wecom.world.addCorp();
    corp.addTagGroup('等级', ['A', 'B']);
    corp.addEmployee('ann');
    for (let n = 0; n < FOLLOWS; n++) {
      corp.addContact({ external_userid: `wm${n}`, name: `客户${n}` });
      corp.follow('ann', `wm${n}`, { remark: '' });
    }
    const database = await createDatabase();
    const dataSource = await connect(dataSourceOptions(readEnv({ DATABASE_URL: database.url })));
    await dataSource.runMigrations();
    await buildEnterprise(dataSource, { id: TENANT.enterpriseId, uniacid: TENANT.uniacid });
    await connectCorp(dataSource, TENANT.enterpriseId, corp);
    const { userId, username } = await buildUser(dataSource, { password: PASSWORD });
    await buildRight(dataSource, { ...TENANT, userId });
    await storeTags(dataSource, TENANT, toTags(corp.tagGroups));
    const seen = Array.from(corp.allListed(), ({ userid, contact, follow }) => {
      const { contact: contactData, follow: followData } = toSeenFollow(contact, { ...follow, userid });
      return {
        contact: { ...contactData, memberUid: 0, isMember: 0 },
        follow: { ...followData, memberUid: 0, status: 1, lostAt: null },
      };
    });
    await new FollowWriter(dataSource).save(TENANT, seen);
    const place = new Place(database, dataSource, wecom, corp, username);
    await place.start();
    return place;
  }

  async remove(): Promise<void> {
    await this.server.kill('SIGKILL');
    await this.dataSource.destroy();
    await this.database.drop();
    await this.wecom.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  async start(): Promise<void> {
    const settings = { ...UNLIMITED, DATABASE_URL: this.database.url, ...settingsFor(this.wecom) };
    this.server = await new Program(this.directory, await freePort(), settings).ready();
    const { username } = this;
    this.token = (await this.server.post('/api/login', { username, password: PASSWORD })).result.token;
    await this.server.post(`/business/${TENANT.uniacid}/admin/manageBusiness`, { id: TENANT.enterpriseId }, this.token);
  }

  /** @param waits whether a lease ends by itself; otherwise it is ended, as 15 s for each kill would be minutes */
  async restart(waits: boolean): Promise<void> {
    await this.server.kill('SIGKILL');
    if (!waits) await this.dataSource.query('UPDATE wecom_write SET lease_until = 0');
    await this.start();
  }

  /** @returns the item of the answer, or undefined if none came */
  async write(externalUserid: string, route: string, parameters: object): Promise<any> {
    const { id } = await this.row(externalUserid);
    const path = `/business/${TENANT.uniacid}/plugin/WechatCustomers/${route}`;
    const answer = await this.server.post(path, { id, ...parameters }, this.token).catch(() => undefined);
    return answer?.data.items[0];
  }

  async list(search: object): Promise<any> {
    const path = `/business/${TENANT.uniacid}/plugin/WechatCustomers/getList`;
    return (await this.server.post(path, { search }, this.token)).data.data;
  }

  async row(externalUserid: string): Promise<any> {
    const rows = await this.dataSource.query<unknown[]>(
      'SELECT * FROM wechat_follow WHERE crop_id = ? AND external_userid = ?',
      [TENANT.enterpriseId, externalUserid],
    );
    return rows[0];
  }

  async intents(): Promise<number> {
    return (await this.dataSource.query<unknown[]>('SELECT follow_id FROM wecom_write')).length;
  }

  settled(): Promise<void> {
    return until(async () => (await this.intents()) === 0);
  }

  /** The follows of which row and WeCom say different things. */
  async disagreeing(): Promise<string[]> {
    const differing: string[] = [];
    for (const { contact, follow } of this.corp.allListed()) {
      const { remark, tag_id } = await this.row(contact.external_userid);
      const isSame = remark === follow.remark && tagSet(tag_id) === tagSet(follow.tag_id.join(','));
      if (!isSame) differing.push(contact.external_userid);
    }
    return differing;
  }

  async entries(): Promise<number> {
    return (await this.dataSource.query<unknown[]>("SELECT id FROM audit_entry WHERE kind = 'follow'")).length;
  }
}

const tagSet = (tagId: string) => tagId.split(',').filter(Boolean).sort().join();

/** Writes remarks and tags of one follow, one after the other. */
class Writer {
  told = '';
  /** Written without an answer: it may have happened. */
  open: string | undefined;
  acknowledged = 0;

  constructor(
    private readonly place: Place,
    readonly externalUserid: string,
  ) {}

  /** Goes on until the server is killed. */
  async writeOn(): Promise<void> {
    const [a] = this.place.corp.tagGroups[0]!.tag;
    for (let n = 0; ; n++) {
      if (n % 3 === 2) {
        const side = Math.random() < 0.5 ? 'add_tag' : 'remove_tag';
        if (!(await this.place.write(this.externalUserid, 'markTag', { [side]: a!.id }))) return;
        continue;
      }
      this.open = `备注${Math.random()}`.slice(0, 20);
      const item = await this.place.write(this.externalUserid, 'remark', { remark: this.open });
      if (!item) return;
      if (item.result !== 1) throw new Error(`${this.externalUserid}: ${item.msg}`);
      this.told = this.open;
      this.open = undefined;
      this.acknowledged++;
    }
  }

  /** Whether WeCom says what no answer accounts for. */
  isLost(said: string): boolean {
    const mayBe = this.open === undefined ? [this.told] : [this.told, this.open];
    const isLost = !mayBe.includes(said);
    this.told = said;
    this.open = undefined;
    return isLost;
  }
}

describe('a write-back that is killed', () => {
  let place: Place;

  beforeEach(async () => {
    place = await Place.make();
  });

  afterEach(() => place?.remove());

  test("between WeCom's ok and the commit: the row gets what WeCom has", async () => {
    const held = place.wecom.faults.add({ path: 'externalcontact/remark', kind: 'held' });
    const answer = place.write('wm0', 'remark', { remark: '新备注' });
    await until(() => held.fired === 1);
    expect(place.corp.relation('ann', 'wm0').follow.remark).toBe('新备注');
    const restarted = place.restart(true);
    expect(await answer).toBeUndefined();
    held.remove();
    await restarted;
    await place.settled();
    expect(await place.list({ remark: '新备注' })).toMatchObject([{ external_userid: 'wm0', remark: '新备注' }]);
    expect(await place.disagreeing()).toEqual([]);
    expect(await place.entries()).toBe(1);
    expect(place.wecom.counts().calls).toMatchObject({ 'externalcontact/remark': 1, 'externalcontact/get': 1 });
    await expectExactlyDerived(place.dataSource, TENANT);
  });

  test('before WeCom heard of it: both get it', async () => {
    const hung = place.wecom.faults.add({ path: 'externalcontact/mark_tag', kind: 'hang' });
    const [, b] = place.corp.tagGroups[0]!.tag;
    const answer = place.write('wm0', 'markTag', { add_tag: b!.id });
    await until(() => hung.fired === 1);
    await place.restart(false);
    expect(await answer).toBeUndefined();
    await place.settled();
    expect((await place.row('wm0')).tag_id).toBe(b!.id);
    expect(await place.disagreeing()).toEqual([]);
    expect(await place.entries()).toBe(1);
  });

  test('at any moment, again and again: rows and WeCom agree, and no answer was wrong', async () => {
    const writers = Array.from({ length: FOLLOWS }, (_, n) => new Writer(place, `wm${n}`));
    place.wecom.latencyMs = 5;
    let [lost, left, disagreeing] = [0, 0, 0];
    for (let kill = 0; kill < KILLS; kill++) {
      const writing = Promise.all(writers.map((writer) => writer.writeOn()));
      await Promise.race([sleep(100 + Math.random() * 400), writing]);
      const restarted = place.restart(false);
      await writing;
      left += await place.intents();
      await restarted;
      await place.settled();
      disagreeing += (await place.disagreeing()).length;
      for (const writer of writers) {
        const said = place.corp.relation('ann', writer.externalUserid).follow.remark!;
        if (writer.isLost(said)) lost++;
      }
    }
    const acknowledged = writers.reduce((sum, writer) => sum + writer.acknowledged, 0);
    measured('kill -9 of a server that writes back', {
      kills: KILLS,
      'remarks acknowledged': acknowledged,
      'writes left to be settled': left,
      lost,
      'rows that differ from WeCom': disagreeing,
    });
    expect(acknowledged).toBeGreaterThan(KILLS);
    expect(left).toBeGreaterThan(0);
    expect([lost, disagreeing]).toEqual([0, 0]);
    for (const { externalUserid } of writers) {
      const atOnce = place.wecom.inFlight.highest(place.corp.corpId, `pair ann ${externalUserid}`);
      expect(atOnce).toBeLessThanOrEqual(1);
    }
    await expectExactlyDerived(place.dataSource, TENANT);
  });
});
