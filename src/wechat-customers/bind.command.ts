import { Command } from 'commander';
import type { DataSource } from 'typeorm';
import { wholeNumber } from '../base/command-arguments';
import { OperatorError } from '../base/operator-error';
import type { InDatabase } from '../database/connect';
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
  const { uniacid } = await findEnterprise(dataSource, enterpriseId);
  const employee = await dataSource.manager.findOneBy(Employee, { uniacid, enterpriseId, userid });
  // MySQL finds `LiLei` for `LiLei `, because its comparison ignores trailing spaces.
  if (employee?.userid !== userid) throw new OperatorError(`enterprise ${enterpriseId} has no employee ${userid}`);
  await bind(dataSource, username, enterpriseId, userid);
}
