import { createClient } from '../client/dist/index.js'; // in a project of your own: '@customer-hub/client'

const { HUB_URL = 'http://127.0.0.1:3000', HUB_USERNAME = 'admin', HUB_PASSWORD = 'demo-admin' } = process.env;

/** The client of the examples: of the demo's super user, unless the environment names another account. */
export const hub = createClient({ baseUrl: HUB_URL, username: HUB_USERNAME, password: HUB_PASSWORD });

const { HUB_UNIACID = '2', HUB_ENTERPRISE = '1' } = process.env;

/** The enterprise of family B that the examples look at. */
export const enterprise = { uniacid: Number(HUB_UNIACID), id: Number(HUB_ENTERPRISE) };
