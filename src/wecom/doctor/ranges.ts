import type { DataSource } from 'typeorm';
import type { Tenant } from '../../enterprise/tenant';
import { sentenceOf } from '../client/errors';
import type { WecomApi } from '../client/wecom-client';
import { missingEmployees } from '../employees';
import type { Access } from './access';
import { isFault, Refused } from './advice';
import { Finding, finding, Text } from './finding';

/** Bounds the calls, of each list: whether a range is right shows in the first few. */
export const MAX_ASKED = 10;

/** Employees as WeCom answered to user/get. */
interface Asked {
  visible: string[];
  refused: Refused[];
}

/**
 * Compares the follow list with what the app sees, and with the employees whose customers are stored: who has left the
 * list has lost either the right to 客户联系 or the app's sight.
 */
export async function checkRanges(
  dataSource: DataSource,
  tenant: Tenant,
  api: WecomApi,
  { followers, refused }: Required<Pick<Access, 'followers' | 'refused'>>,
): Promise<Finding[]> {
  const listed = await ask(api, followers.slice(0, MAX_ASKED));
  const missing = await missingEmployees(dataSource.manager, tenant, followers);
  const gone = await ask(api, missing.slice(0, MAX_ASKED));
  const asked = listed.visible.length + listed.refused.length;
  return [
    visibleRange(onceEach([...refused, ...listed.refused, ...gone.refused]), asked),
    contactsRange(followers.length, gone.visible, Math.max(0, missing.length - MAX_ASKED)),
  ];
}

async function ask(api: WecomApi, userids: string[]): Promise<Asked> {
  const asked: Asked = { visible: [], refused: [] };
  for (const userid of userids) {
    try {
      await api.user(userid);
      asked.visible.push(userid);
    } catch (error) {
      if (!isFault(error)) throw error;
      asked.refused.push({ userid, fault: error });
    }
  }
  return asked;
}

const onceEach = (refused: Refused[]): Refused[] => [...new Map(refused.map((each) => [each.userid, each])).values()];

function visibleRange(refused: Refused[], asked: number): Finding {
  if (refused.length === 0) {
    return finding('visible', 'ok', {
      zh: `查询了成员列表中的 ${asked} 人，均可见`,
      en: `${asked} employees of the follow list were asked for, all are seen`,
    });
  }
  const zh = refused.map(({ userid, fault }) => `${userid}（${sentenceOf(fault)}）`).join('、');
  const en = refused.map(({ userid, fault: { errcode } }) => `${userid} (${errcode})`).join(', ');
  return finding('visible', 'wrong', {
    zh: `不能读取：${zh}。若未离职，在管理后台「应用管理 → 自建 → 该应用 → 可见范围」加入；若已离职，下次同步后不再提示`,
    en: `cannot be read: ${en}; add those who have not left the corp to the app's 可见范围, the next sync notes those who have`,
  });
}

function contactsRange(listed: number, withoutRight: string[], notAsked: number): Finding {
  const where: Text = {
    zh: '在管理后台「客户联系 → 权限配置 → 使用范围」加入',
    en: 'add them under 客户联系 → 权限配置 → 使用范围',
  };
  if (listed === 0) {
    return finding('contacts', 'wrong', {
      zh: `成员列表为空，同步会失败：${where.zh}服务客户的成员，并确认他们在应用可见范围内`,
      en: `the follow list is empty, so that a sync fails: ${where.en}, and see that they are in the app's 可见范围`,
    });
  }
  const more: Text =
    notAsked === 0
      ? { zh: '', en: '' }
      : {
          zh: `；另有 ${notAsked} 人不在列表中，未逐一查询`,
          en: `; ${notAsked} more who left the list were not asked for`,
        };
  if (withoutRight.length > 0) {
    return finding('contacts', 'wrong', {
      zh: `有客户但已不在成员列表中：${withoutRight.join('、')}${more.zh}。如仍需同步其客户，${where.zh}`,
      en: `have customers here, but are not in the follow list any more: ${withoutRight.join(', ')}${more.en}; ${where.en} if they still serve customers`,
    });
  }
  return finding('contacts', 'ok', {
    zh: `成员列表有 ${listed} 人${more.zh}`,
    en: `the follow list has ${listed} employees${more.en}`,
  });
}
