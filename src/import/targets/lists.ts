import { note } from '../../audit/note';
import { idsInUse } from '../../wechat-customers/write/moved';
import { compareMovedList, List, ListRow, writeMovedList } from '../../wechat-customers/write/moved-lists';
import type { Kind } from '../kinds/kind';
import { changesOf, outcomeOf } from './compared';

/** How tags and employees are compared and written. @param word the kind of its audit entries */
export function comparingList<Row extends ListRow>(
  list: List<Row>,
  word: 'tag' | 'employee',
): Kind<Partial<Row>>['compare'] {
  return async (manager, rows, { tenant, actor, metadataOf }) => {
    const compared = await compareMovedList(manager, tenant!, list, rows);
    const taken = await idsInUse(manager, list.entity, compared);
    const isRefused = ({ stored, next }: (typeof compared)[number]) => !stored && taken.has(next.id);
    return {
      outcomes: compared.map((each) =>
        isRefused(each) ? { refused: `id is that of another ${word}` } : outcomeOf(each),
      ),
      write: async () => {
        const written = compared.filter((each) => each.isChanged && !isRefused(each));
        await writeMovedList(manager, tenant!, list, written);
        const metadata = metadataOf(list.entity);
        const entries = written.map((each) => ({
          ...({ kind: word, action: each.stored ? 'edit' : 'add', actor } as const),
          enterpriseId: tenant!.enterpriseId,
          changes: { [list.column]: list.keyOf(each.next), ...changesOf(metadata, list.fields, each) },
        }));
        await note(manager, ...entries);
      },
    };
  };
}
