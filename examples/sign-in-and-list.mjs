// Signs in, then lists relations of family A and follows of family B.
import { enterprise, hub } from './hub.mjs';

const user = await hub.auth.user();
console.log(`signed in as ${user.username}, user ${user.user_id}`);

const relations = await hub.userCustomer.getList({ page_size: 5 });
console.log(`${relations.total_records} relations, the newest:`);
for (const { user_id, customer_id, created } of relations.data) {
  console.log(`  user ${user_id} follows customer ${customer_id} since ${created}`);
}

await hub.enterprise.manageBusiness(enterprise); // the server remembers the choice
const follows = await hub.wechatCustomers.getList({
  uniacid: enterprise.uniacid,
  search: { status: 1 },
  per_page: 5,
});
console.log(`${follows.total} follows that are not lost, the newest:`);
for (const { userid, remark, has_one_customer: contact } of follows.data) {
  console.log(`  ${userid} follows ${contact?.name ?? 'a contact that is gone'} (${remark})`);
}

await hub.auth.logout();
