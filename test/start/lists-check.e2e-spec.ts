import { whyReindex } from '../../src/wechat-customers/search-index/sample';
import { TestApp } from '../app';
import { buildFollow } from '../factories';

/** The check of the lists beside serving. */
describe('the check of the lists', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await TestApp.start();
    for (let n = 0; n < 3; n++) await buildFollow(app.dataSource);
  });

  afterAll(() => app.stop());

  test('lets requests pass between its readings, of 21 places and more', async () => {
    let turns = 0;
    let isChecking = true;
    const turn = () => {
      turns++;
      if (isChecking) setImmediate(turn);
    };
    setImmediate(turn);
    expect(await whyReindex(app.dataSource.manager)).toBeUndefined();
    isChecking = false;
    expect(turns).toBeGreaterThan(21);
  });
});
