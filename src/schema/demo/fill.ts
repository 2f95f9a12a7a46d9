import type { DataSource, EntityTarget, ObjectLiteral, QueryDeepPartialEntity } from 'typeorm';
import { User } from '../../auth/entities/user.entity';
import { hashPassword } from '../../auth/passwords';
import { EnterpriseRight } from '../../enterprise/entities/enterprise-right.entity';
import { Enterprise } from '../../enterprise/entities/enterprise.entity';
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
    // Without updateEntity(false) TypeORM writes its guess of generated ids into the rows, which are constants.
    const insert = <T extends ObjectLiteral>(entity: EntityTarget<T>, rows: QueryDeepPartialEntity<T>[]) =>
      manager.createQueryBuilder().insert().into(entity).values(rows).updateEntity(false).execute();
    await insert(User, users);
    await insert(Enterprise, enterprises);
    await insert(EnterpriseRight, rights);
    await insert(Customer, customers);
    await insert(UserCustomer, userCustomers);
    await insert(Contact, contacts);
    await insert(Employee, employees);
    await insert(Tag, tags);
    await insert(Follow, follows);
    await rebuildFollowIndex(manager);
  });
}
