import type { EventFields } from '../sender';
import type { Corp } from '../world';

/** Something that happens in the corp, and the event by which WeCom tells of it. */
interface Chapter {
  text: string;
  /** Lets it happen. */
  event: () => EventFields;
}

const NAMES = ['陈小姐😀', '李先生', '𠮷田', 'Anna', '王老板', '赵女士', "O'Neil", '孙总'];
const REMARKS = ['展会认识', '老客户 VIP⭐', '下周回访', '要报价'];

const pick = <T>(items: readonly T[], number: number): T => items[number % items.length]!;

/** Customers who come, are remarked on and go, for ever. */
export class Story {
  private come = 0;

  constructor(private readonly corp: Corp) {}

  /** Of each new customer: added, remarked on; every second one goes again. */
  *chapters(): Generator<Chapter> {
    for (;;) {
      const { userid, id, name } = this.nextCustomer();
      yield this.added(userid, id, name);
      yield this.remarked(userid, id, name);
      if (this.come % 2 === 0) yield this.gone(userid, id, name);
    }
  }

  private nextCustomer() {
    const { employees } = this.corp;
    const number = this.come++;
    const id = `wmDEMO${String(number + 1).padStart(26, '0')}`;
    return { userid: pick(employees, number).userid, id, name: pick(NAMES, number) };
  }

  private added(userid: string, id: string, name: string): Chapter {
    const tags = this.corp.tagGroups.flatMap(({ tag }) => tag);
    return {
      text: `新增客户 / new customer: ${name} ← ${userid}`,
      event: () => {
        this.corp.addContact({ external_userid: id, name });
        this.corp.follow(userid, id, {
          remark: name,
          tag_id: tags.slice(this.come, this.come + 2).map((tag) => tag.id),
        });
        return changeOf('add_external_contact', userid, id);
      },
    };
  }

  private remarked(userid: string, id: string, name: string): Chapter {
    const remark = `${name} ${pick(REMARKS, this.come)}`;
    return {
      text: `修改备注 / remark: ${name} → ${remark}`,
      event: () => {
        this.corp.relation(userid, id).follow.remark = remark;
        return changeOf('edit_external_contact', userid, id);
      },
    };
  }

  private gone(userid: string, id: string, name: string): Chapter {
    return {
      text: `客户流失 / customer lost: ${name} ✕ ${userid}`,
      event: () => {
        this.corp.unfollowByCustomer(userid, id);
        return changeOf('del_follow_user', userid, id);
      },
    };
  }
}

function changeOf(change: string, userid: string, externalUserid: string): EventFields {
  return { Event: 'change_external_contact', ChangeType: change, UserID: userid, ExternalUserID: externalUserid };
}
