import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { OperatorError } from '../../base/operator-error';
import { readEnv } from '../../config/env';
import type { CallLog } from '../client/lanes';
import { WecomClient } from '../client/wecom-client';
import { runningEnterprise } from '../corps/credentials';
import { Corps } from '../corps/corps';
import { Progress, showProgress } from './show-progress';
import { Runner } from './runner';
import { RunReply, toRunReply } from './run.reply';
import { Run } from './run.entity';
import { progressOf, startRun } from './runs';

/** How often the command looks how far the run is, and whether it is left to be taken over. */
const LOOK_MS = 500;

/** @throws OperatorError for an enterprise that is unknown, stopped or without credentials */
export async function syncByCommand(database: DataSource, enterpriseId: number, confirm: boolean): Promise<RunReply> {
  const env = readEnv(process.env);
  await runningEnterprise(database, enterpriseId);
  const corps = new Corps(env, database);
  const corp = await corps.of(enterpriseId);
  if (!corp) throw new OperatorError(`enterprise ${enterpriseId} has no credentials`);
  const client = new WecomClient(env, database, tellFailedCall);
  Logger.overrideLogger({ error: tell, warn: tell, log: tell });
  const runner = new Runner(database, corps, client, env);
  const { run } = await startRun(database, corp, confirm);
  const progress = showProgress();
  try {
    return await followToEnd(database, runner, run.id, progress);
  } finally {
    progress.end();
    await client.close();
  }
}

/** What the server logs with its error, a person is told without: an error may hold rows and SQL. */
const tell = (...said: unknown[]): void => console.error(said.find((each) => typeof each === 'string'));

const tellFailedCall: CallLog = ({ path, errcode, hint, reason }) =>
  tell(`${path}: ${reason || `errcode ${errcode}`}${hint && `, hint ${hint}`}`);

async function followToEnd(database: DataSource, runner: Runner, id: number, progress: Progress): Promise<RunReply> {
  for (;;) {
    const work = runner.carryOut(id);
    let isOver = false;
    void work.finally(() => (isOver = true));
    do {
      await Promise.race([work, sleep(LOOK_MS)]);
      const run = await database.manager.findOneByOrFail(Run, { id });
      const reply = toRunReply(run, await progressOf(database.manager, id));
      progress.show(reply);
      if (reply.state !== 'running') {
        await work;
        return reply;
      }
    } while (!isOver);
    await sleep(LOOK_MS); // another process carries it out
  }
}
