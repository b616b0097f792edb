import type { DriveBatchAnswer } from '@myriad/contracts';
import { useQueryClient } from '@tanstack/react-query';
import { myriad } from '../api/client.ts';
import { driveWords } from '../pages/drive/words.ts';
import { sentenceOf } from '../ui/problem-note.tsx';
import { tell, tellWithUndo } from '../ui/toast.tsx';
import { common } from '../words/common.ts';
import { useWords } from '../words/define-words.ts';
import { refreshDrive } from './refresh-drive.ts';

/** What one does with files, said and undone where it can be. */
export function useDriveActions() {
  const say = useWords(driveWords);
  const sayCommon = useWords(common);
  const queries = useQueryClient();

  const batch = async (
    action: 'move' | 'copy' | 'trash' | 'restore',
    ids: readonly string[],
    parentId?: string,
  ): Promise<DriveBatchAnswer | null> => {
    try {
      const answer = await myriad.call('POST /api/drive/batch', {
        body: { action, ids, ...(parentId === undefined ? {} : { parentId }) },
      });
      if (answer.failed.length > 0)
        tell(say('someFailed', { count: answer.failed.length, reason: answer.failed[0]?.detail ?? '' }));
      return answer;
    } catch (error) {
      tell(sentenceOf(error));
      return null;
    } finally {
      void refreshDrive(queries);
    }
  };

  return {
    async trash(ids: readonly string[]) {
      const answer = await batch('trash', ids);
      if (!answer || answer.done.length === 0) return;
      // It is in the trash already: undoing takes it back, and a page that is left loses nothing.
      tellWithUndo(
        say('trashed', { count: answer.done.length }),
        sayCommon('undo'),
        () => {},
        () => void batch('restore', answer.done),
      );
    },
    async restore(ids: readonly string[]) {
      const answer = await batch('restore', ids);
      if (answer && answer.done.length > 0) tell(say('restored', { count: answer.done.length }));
    },
    async move(ids: readonly string[], parentId: string) {
      const answer = await batch('move', ids, parentId);
      if (answer && answer.done.length > 0) tell(say('moved', { count: answer.done.length }));
    },
    async copy(ids: readonly string[], parentId: string) {
      const answer = await batch('copy', ids, parentId);
      if (answer && answer.done.length > 0) tell(say('copied', { count: answer.done.length }));
    },
    async rename(id: string, name: string) {
      await myriad
        .call('PATCH /api/drive/nodes/:id', { params: { id }, body: { name } })
        .catch((error: unknown) => tell(sentenceOf(error)));
      await refreshDrive(queries);
    },
    async createFolder(parentId: string, name: string): Promise<boolean> {
      const made = await myriad.call('POST /api/drive/folders', { body: { parentId, name } }).then(
        () => true,
        (error: unknown) => {
          tell(sentenceOf(error));
          return false;
        },
      );
      await refreshDrive(queries);
      return made;
    },
    async deleteForEver(id: string, name: string) {
      await myriad
        .call('DELETE /api/drive/nodes/:id', { params: { id }, query: { name } })
        .catch((error: unknown) => tell(sentenceOf(error)));
      await refreshDrive(queries);
    },
    async emptyTrash() {
      await myriad
        .call('DELETE /api/drive/trash', { query: { name: 'trash' } })
        .catch((error: unknown) => tell(sentenceOf(error)));
      await refreshDrive(queries);
    },
  };
}
