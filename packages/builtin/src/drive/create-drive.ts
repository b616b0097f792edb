import type { KnowledgeDocument } from '@myriad/contracts';
import { type AnswerNodes, answerNodes } from './answer-nodes.ts';
import { type ChangeTree, changeTree } from './change-tree.ts';
import type { DriveParts } from './drive-parts.ts';
import { type FindNodes, findNodes } from './find-nodes.ts';
import { type IndexFiles, indexFiles } from './index-files.ts';
import { type SearchDrive, searchDrive } from './search-drive.ts';
import { type ShareNodes, shareNodes } from './share-nodes.ts';
import { type StageUploads, stageUploads } from './stage-uploads.ts';
import { type WriteFiles, writeFiles } from './write-files.ts';

export interface DriveDesk {
  readonly nodes: FindNodes;
  readonly tree: ChangeTree;
  readonly files: WriteFiles;
  readonly sharing: ShareNodes;
  readonly answers: AnswerNodes;
  readonly finding: SearchDrive;
  readonly indexing: IndexFiles;
  readonly uploads: StageUploads;
  /** Does what a dead process left half done, and what time asks for; again every hour. */
  start(): void;
  close(): Promise<void>;
}

const automaticTags = 5;
const hourMs = 3_600_000;

/** The drive: everything that pages, WebDAV and uploads do with files goes through here, each step with who acts. */
export function createDrive(parts: DriveParts & { readonly publicUrl: () => string }): DriveDesk {
  const nodes = findNodes(parts);
  const indexing = indexFiles(parts, nodes);
  const files = writeFiles(parts, nodes, indexing);
  const tree = changeTree(parts, nodes, files, indexing);
  const sharing = shareNodes(parts, nodes, indexing);
  const answers = answerNodes(parts, nodes);
  const finding = searchDrive(parts, nodes, answers);
  const uploads = stageUploads(parts, files, tree);
  const { knowledge, store, clock, onFault } = parts;
  let cancel = () => {};
  let closed = false;
  let tagging: Promise<void> = Promise.resolve();

  const tag = async ({ id, status }: KnowledgeDocument) => {
    if (closed || status !== 'ready') return;
    const node = await store.drive.nodeByDocument(id);
    if (node) await store.drive.setTags(node.id, true, await knowledge.keywords(id, automaticTags));
  };
  // One after another: many files that become ready at once must not all be counted at once.
  knowledge.onIndexed((document) => {
    tagging = tagging.then(() => tag(document)).catch((error: unknown) => onFault('tags', error));
  });

  const hourly = async () => {
    await tree.sweepTrash();
    await uploads.sweep();
  };
  const schedule = () => {
    cancel = clock.after(hourMs, () => {
      hourly().catch((error: unknown) => onFault('sweep', error));
      if (!closed) schedule();
    });
  };

  return {
    nodes,
    tree,
    files,
    sharing,
    answers,
    finding,
    indexing,
    uploads,
    start() {
      indexing
        .resume()
        .then(hourly)
        .catch((error: unknown) => onFault('resume', error));
      schedule();
    },
    async close() {
      closed = true;
      cancel();
      await uploads.close();
      await tagging;
    },
  };
}
