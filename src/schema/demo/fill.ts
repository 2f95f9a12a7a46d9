import type { DataSource } from 'typeorm';
import { User } from '../../auth/entities/user.entity';
import { hashPassword } from '../../auth/passwords';
import { EnterpriseRight } from '../../enterprise/entities/enterprise-right.entity';
import { Enterprise } from '../../enterprise/entities/enterprise.entity';
import { insertRows } from '../../database/insert';
import { inTransaction } from '../../database/transaction';
import { OperatorError } from '../../base/operator-error';
import { Customer } from '../../user-customer/entities/customer.entity';
import { UserCustomer } from '../../user-customer/entities/user-customer.entity';
import { Employee } from '../../wechat-customers/entities/employee.entity';
import { Contact } from '../../wechat-customers/entities/contact.entity';
import { Follow } from '../../wechat-customers/entities/follow.entity';
import { Tag } from '../../wechat-customers/entities/tag.entity';
import { rebuildFollowIndex } from '../../wechat-customers/search-index/rebuild';
import { accounts, customers, enterprises, rights, userCustomers } from './mix';
import { wechatRows } from './wechat';

/** Its passwords are public, so demo data must not join real accounts. */
class NotEmpty extends OperatorError {
  constructor() {
    super('demo data goes only into a database without accounts');
  }
}

/**
 * Fills a migrated database with the rows that every golden answer needs (CONTRACT 3), in one transaction.
 * @throws NotEmpty when the database has accounts
 */
export async function fillDemoData(dataSource: DataSource): Promise<void> {
  const users = await Promise.all(
    accounts.map(async ({ password, ...user }) => ({ ...user, passwordHash: await hashPassword(password) })),
  );
  const { contacts, employees, tags, follows } = wechatRows();
  await inTransaction(dataSource, async (manager) => {
    if ((await manager.count(User)) > 0) throw new NotEmpty();
    await insertRows(manager, User, users);
    await insertRows(manager, Enterprise, enterprises);
    await insertRows(manager, EnterpriseRight, rights);
    await insertRows(manager, Customer, customers);
    await insertRows(manager, UserCustomer, userCustomers);
    await insertRows(manager, Contact, contacts);
    await insertRows(manager, Employee, employees);
    await insertRows(manager, Tag, tags);
    await insertRows(manager, Follow, follows);
    await rebuildFollowIndex(manager);
  });
}
