import type { DataSource } from 'typeorm';
import type { Tenant } from '../../enterprise/tenant';
import { Finding, finding, Text } from './finding';

/** What an enterprise has credentials for, and the address that WeCom has to be given. */
export interface Callbacks {
  isAppSet: boolean;
  isAssistantSet: boolean;
  url: string;
}

/** Looks at which callbacks are set, when the last ones came and whether any could not take effect. */
export async function checkCallbacks(dataSource: DataSource, tenant: Tenant, set: Callbacks): Promise<Finding[]> {
  const { app, assistant } = await lastHeard(dataSource, tenant);
  return [
    set.isAppSet ? heard('callbacks', app, TICK) : finding('callbacks', 'note', unset(set.url)),
    set.isAssistantSet ? heard('assistant', assistant, SAVE) : finding('assistant', 'note', unsetAssistant(set.url)),
    eventsSetAside(await countDead(dataSource, tenant), tenant),
  ];
}

const TICK: Text = {
  zh: '核对「接收消息」中的 URL，勾选「外部联系人变更回调」，并确认服务可从公网访问',
  en: 'check the URL under 接收消息, tick 外部联系人变更回调, and see that the server is reached from the internet',
};

const SAVE: Text = {
  zh: '核对「通讯录同步 → 设置接收事件服务器」中的 URL',
  en: 'check the URL under 通讯录同步 → 设置接收事件服务器',
};

function heard(check: 'callbacks' | 'assistant', last: string | null, advice: Text): Finding {
  if (last !== null)
    return finding(check, 'ok', { zh: `已设置，最近一次收到于 ${last}`, en: `set, last heard at ${last}` });
  return finding(check, 'note', {
    zh: `已设置，但 30 天内没有收到事件：如有变更应已收到，${advice.zh}`,
    en: `set, but no event came within 30 days: if there were changes, ${advice.en}`,
  });
}

const unset = (url: string): Text => ({
  zh: `未设置，变更要等下次同步：在「应用管理 → 自建 → 该应用 → 接收消息 → 设置API接收」填 ${url}，勾选「外部联系人变更回调」，先用同样的 Token 与 EncodingAESKey 执行 wecom credential set`,
  en: `not set, changes wait for the next sync: run 'wecom credential set' with a Token and EncodingAESKey, then give them and ${url} to the app under 接收消息 → 设置API接收, with 外部联系人变更回调 ticked`,
});

const unsetAssistant = (url: string): Text => ({
  zh: `未设置，成员离职要等下次同步才知道，改了 userid 的会被当成另一个人：在「管理工具 → 通讯录同步 → 设置接收事件服务器」填 ${url}，先用同样的 Token 与 EncodingAESKey 执行 wecom credential set --contacts`,
  en: `not set, employees who leave wait for the next sync, and one whose userid changes is taken for another: run 'wecom credential set --contacts', then give Token, EncodingAESKey and ${url} to 管理工具 → 通讯录同步 → 设置接收事件服务器`,
});

function eventsSetAside(dead: number, { enterpriseId }: Tenant): Finding {
  if (dead === 0) return finding('events', 'ok', { zh: '没有', en: 'none' });
  return finding('events', 'wrong', {
    zh: `${dead} 个：用 wecom events ${enterpriseId} 查看原因，处理后加 --replay 重新执行`,
    en: `${dead}: 'wecom events ${enterpriseId}' says why, with --replay they are tried again`,
  });
}

/** Events of employees come from the contacts-sync assistant, all others from the app. */
async function lastHeard({ manager }: DataSource, { uniacid, enterpriseId }: Tenant) {
  const last = async (condition: string) => {
    const [row] = await manager.query<{ last: string | null }[]>(
      `SELECT MAX(received_at) AS last FROM wecom_event
       WHERE uniacid = ? AND enterprise_id = ? AND ${condition}`,
      [uniacid, enterpriseId],
    );
    return row!.last;
  };
  return {
    app: await last("change_type NOT LIKE 'change_contact/%'"),
    assistant: await last("change_type LIKE 'change_contact/%'"),
  };
}

async function countDead({ manager }: DataSource, { uniacid, enterpriseId }: Tenant): Promise<number> {
  const [row] = await manager.query<{ dead: number | string }[]>(
    `SELECT COUNT(*) AS dead FROM wecom_event WHERE uniacid = ? AND enterprise_id = ? AND state = 'dead'`,
    [uniacid, enterpriseId],
  );
  return Number(row!.dead);
}
