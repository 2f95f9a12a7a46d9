import type { EntityManager } from 'typeorm';
import type { Changes } from '../../audit/changes';
import { Entry, note } from '../../audit/note';
import { Contact } from '../../wechat-customers/entities/contact.entity';
import { Follow } from '../../wechat-customers/entities/follow.entity';
import { compareMovedFollows, MovedFollow, writeMovedFollows } from '../../wechat-customers/write/moved-follows';
import type { Given } from '../../wechat-customers/write/page';
import { AS_MOVED } from '../../wechat-customers/write/rules';
import type { Context, Outcome, Plan } from '../kinds/kind';
import { changesOf } from './compared';

export async function compareFollows(manager: EntityManager, rows: Given[], context: Context): Promise<Plan> {
  const moved = await compareMovedFollows(manager, context.tenant!, rows);
  const outcomes = rows.map((row) => outcomeOf(moved.rows.get(row)!));
  return {
    outcomes,
    write: async () => {
      const written = rows.filter((_, i) => outcomes[i] === 'new' || outcomes[i] === 'changed');
      await writeMovedFollows(manager, moved);
      await note(manager, ...written.map((row) => entryOf(moved.rows.get(row) as MovedFollow, context)));
    },
  };
}

/** A follow is changed with its contact, whose columns are part of its row. */
function outcomeOf(moved: MovedFollow | string): Outcome {
  if (typeof moved === 'string') return { refused: moved };
  if (!moved.follow.stored) return 'new';
  return moved.follow.isChanged || moved.contact.isChanged ? 'changed' : 'equal';
}

/** Of a new follow its key alone, as the row has the rest; of a changed one what differed. */
function entryOf({ follow, contact }: MovedFollow, { tenant, actor, metadataOf }: Context): Entry {
  const { id, userid, externalUserid } = follow.next;
  const about = { kind: 'follow', actor, enterpriseId: tenant!.enterpriseId } as const;
  const key: Changes = { id: String(id), userid, external_userid: externalUserid };
  if (!follow.stored) return { ...about, action: 'add', changes: key };
  const ofContact = contact.isChanged ? changesOf(metadataOf(Contact), AS_MOVED.contact, contact) : {};
  const named = Object.entries(ofContact).map(([name, change]) => [`customer_${name}`, change] as const);
  const changes = { ...changesOf(metadataOf(Follow), AS_MOVED.follow, follow), ...Object.fromEntries(named) };
  return { ...about, action: 'edit', changes: { ...key, ...changes } };
}
