/** What a change that WeCom reports does to our rows. */
export type Effect =
  /** The contact is asked for, and its follow stored; one that had ended returns by an add. Half of one is none. */
  | { does: 'ask'; isAdd: boolean }
  /** The follow ends, without asking: WeCom may go on listing it. */
  | { does: 'end'; by: 'member' | 'customer' }
  /** The whole list of tags is asked for: a deleted group reports none of its tags. */
  | { does: 'reload-tags' }
  | { does: 'remove-employee' }
  | { does: 'rename-employee' }
  /** It is acknowledged and counted. */
  | { does: 'nothing' };

export const NOTHING: Effect = { does: 'nothing' };

/** By `Event/ChangeType`; `*` is every other ChangeType. */
const EFFECTS: Readonly<Record<string, Effect>> = {
  'change_external_contact/add_external_contact': { does: 'ask', isAdd: true },
  'change_external_contact/add_half_external_contact': { does: 'ask', isAdd: false },
  'change_external_contact/edit_external_contact': { does: 'ask', isAdd: false },
  'change_external_contact/del_external_contact': { does: 'end', by: 'member' },
  'change_external_contact/del_follow_user': { does: 'end', by: 'customer' },
  'change_external_tag/*': { does: 'reload-tags' },
  'change_contact/delete_user': { does: 'remove-employee' },
  'change_contact/update_user': { does: 'rename-employee' },
};

/** The ids without which an effect cannot be: an update_user without NewUserID renames nobody. */
export const NEEDED: Readonly<Record<Effect['does'], readonly string[]>> = {
  ask: ['UserID', 'ExternalUserID'],
  end: ['UserID', 'ExternalUserID'],
  'reload-tags': [],
  'remove-employee': ['UserID'],
  'rename-employee': ['UserID', 'NewUserID'],
  nothing: [],
};

/** @param change `Event/ChangeType` */
export function effectOf(change: string): Effect {
  return EFFECTS[change] ?? EFFECTS[change.replace(/\/.*/s, '/*')] ?? NOTHING;
}

/** Whether WeCom is asked, so that the same event once more is worth asking again. */
export function asks({ does }: Effect): boolean {
  return does === 'ask' || does === 'reload-tags';
}
