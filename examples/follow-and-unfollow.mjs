// Follows a customer of family A, changes the relation, and unfollows.
import { ApiError } from '../client/dist/index.js';
import { hub } from './hub.mjs';

const { HUB_USER = '998', HUB_CUSTOMER = '1003', HUB_SECRET = 'W2MX' } = process.env;
const pair = { user_id: HUB_USER, customer_id: HUB_CUSTOMER };

try {
  await hub.userCustomer.add({ ...pair, secret: 'none' });
} catch (error) {
  if (!(error instanceof ApiError)) throw error;
  console.log(`refused: ${error.message} (mix_code ${error.mixCode}, request ${error.requestId})`);
}

await hub.userCustomer.add({ ...pair, secret: HUB_SECRET, reference: 'from the example' });
console.log('followed:', await hub.userCustomer.get(pair));

await hub.userCustomer.edit({ ...pair, reference: '' }); // '' clears a field, an absent one stays
const { reference } = await hub.userCustomer.get(pair);
console.log(`reference after the edit: '${reference}'`);

await hub.userCustomer.delete(pair);
console.log('unfollowed');
