import { Command } from 'commander';
import type { DataSource } from 'typeorm';
import { operator } from '../audit/operator';
import { wholeNumber } from '../base/command-arguments';
import { OperatorError } from '../base/operator-error';
import type { InDatabase } from '../database/connect';
import { sameText } from '../database/same-text';
import { findEnterprise } from '../enterprise/enterprises';
import { bind } from '../enterprise/rights';
import { Employee } from './entities/employee.entity';

/** `right bind`: here, because only this room knows employees, and a slip in a userid would show an empty list. */
export function bindCommand(inDatabase: InDatabase): Command {
  return new Command('bind')
    .arguments('<username> <enterprise> <userid>')
    .description('say which employee an account is: that employee’s follows are its own')
    .action((username: string, id: string, userid: string) =>
      inDatabase(
        (database) => bindToEmployee(database, username, wholeNumber(id), userid),
        `${username} is ${userid} in enterprise ${id}`,
      ),
    );
}

/** @throws OperatorError if the enterprise has no such employee, or the account no right in it */
async function bindToEmployee(dataSource: DataSource, username: string, enterpriseId: number, userid: string) {
  await assertEmployee(dataSource, enterpriseId, userid);
  await bind(dataSource, username, enterpriseId, userid, operator());
}

/** @throws OperatorError if there is no such enterprise, or no such employee in it */
export async function assertEmployee(dataSource: DataSource, enterpriseId: number, userid: string): Promise<void> {
  const { uniacid } = await findEnterprise(dataSource, enterpriseId);
  const isKnown = await dataSource.manager.existsBy(Employee, { uniacid, enterpriseId, userid: sameText(userid) });
  if (!isKnown) throw new OperatorError(`enterprise ${enterpriseId} has no employee ${userid}`);
}
