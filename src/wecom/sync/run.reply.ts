import { ApiProperty } from '@nestjs/swagger';
import { TIME } from '../../http/openapi/schema';
import type { Progress } from './runs';
import type { Run, RunState } from './run.entity';

class RunEmployeesReply {
  @ApiProperty({ description: '客户联系成员数 / employees in the follow list', example: 300 })
  total: number;

  @ApiProperty({ description: '列表已读完 / lists read to their end', example: 299 })
  done: number;

  @ApiProperty({ description: '列表未读完 / lists that could not be read', example: 1 })
  failed: number;

  @ApiProperty({ description: '已不在列表中 / known, with follows, and no longer in the follow list', example: 0 })
  missing: number;
}

class RunFollowsReply {
  @ApiProperty({ description: '本次看到的跟进 / follows seen', example: 100000 })
  seen: number;

  @ApiProperty({ description: '新增 / new', example: 12 })
  new: number;

  @ApiProperty({ description: '有变化 / changed', example: 30 })
  changed: number;

  @ApiProperty({ description: '流失 / lost', example: 3 })
  lost: number;

  @ApiProperty({ description: '回归 / returned', example: 1 })
  returned: number;

  @ApiProperty({ description: '待确认的流失，仅 held / losses that wait for a confirmation', example: 0 })
  would_lose: number;
}

class RunProblemReply {
  @ApiProperty({ description: '成员 userid / employee', example: 'XiaoLiangZi' })
  userid: string;

  @ApiProperty({ description: '企业微信错误码，连接失败为 0 / WeCom’s code, 0 for a connection', example: 60111 })
  errcode: number;

  @ApiProperty({ description: '原因 / reason', example: '企业微信返回 60111：成员不存在，或不在应用可见范围内' })
  msg: string;
}

/** A full sync of an enterprise from WeCom. */
export class RunReply {
  @ApiProperty({ description: '编号 / id', example: 1 })
  id: number;

  @ApiProperty({
    description: 'running 进行中 ok 完整 partial 部分 held 待确认 failed 失败 / state',
    enum: ['running', 'ok', 'partial', 'held', 'failed'],
    example: 'partial',
  })
  state: RunState;

  @ApiProperty({ description: '开始时间 UTC+8 / started', ...TIME, example: '2026-11-27 03:00:00' })
  started_at: string;

  @ApiProperty({ description: '结束时间 UTC+8 / ended', ...TIME, nullable: true, example: '2026-11-27 03:01:10' })
  ended_at: string | null;

  @ApiProperty({ description: '接手次数 / how often it was taken over', example: 0 })
  resumed: number;

  @ApiProperty({ description: '成员 / employees', type: RunEmployeesReply })
  employees: RunEmployeesReply;

  @ApiProperty({ description: '跟进 / follows', type: RunFollowsReply })
  follows: RunFollowsReply;

  @ApiProperty({
    description: '等待企业微信频率限制至 / WeCom’s frequency limit is waited for until',
    ...TIME,
    nullable: true,
    example: null,
  })
  waiting_until: string | null;

  @ApiProperty({ description: '错误，无则为空 / error, empty if none', example: '' })
  error: string;

  @ApiProperty({ description: '最多 100 个成员的问题 / problems, one an employee', type: [RunProblemReply] })
  problems: RunProblemReply[];
}

export function toRunReply(run: Run, { employees, problems }: Progress): RunReply {
  return {
    id: run.id,
    state: run.state,
    started_at: run.startedAt!,
    ended_at: run.endedAt,
    resumed: run.resumed,
    employees,
    follows: {
      seen: run.followsSeen,
      new: run.followsNew,
      changed: run.followsChanged,
      lost: run.followsLost,
      returned: run.followsReturned,
      would_lose: run.wouldLose,
    },
    waiting_until: run.waitingUntil,
    error: run.error,
    problems,
  };
}
