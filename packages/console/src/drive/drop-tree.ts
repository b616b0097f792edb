/** Files with the folders they came in, from a drop or from a picker of folders. */
export interface TreeFile {
  readonly file: File;
  /** Folders above it, joined by `/`; empty for a file by itself. */
  readonly folder: string;
}

const filesOf = (entry: FileSystemFileEntry) => new Promise<File>((resolve, reject) => entry.file(resolve, reject));

async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  // A reader gives a hundred at a time, and nothing at the end.
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return all;
    all.push(...some);
  }
}

async function walk(entry: FileSystemEntry, folder: string, found: TreeFile[]): Promise<void> {
  if (entry.isFile) found.push({ file: await filesOf(entry as FileSystemFileEntry), folder });
  if (!entry.isDirectory) return;
  const here = folder === '' ? entry.name : `${folder}/${entry.name}`;
  for (const each of await entriesOf(entry as FileSystemDirectoryEntry)) await walk(each, here, found);
}

/** Must be called while the drop is handled: the transfer is empty afterwards. */
export function readDrop(transfer: DataTransfer): Promise<readonly TreeFile[]> {
  const entries = [...transfer.items].map((item) => (item.kind === 'file' ? item.webkitGetAsEntry() : null));
  const plain = [...transfer.files];
  if (entries.every((entry) => entry === null)) return Promise.resolve(plain.map((file) => ({ file, folder: '' })));
  return (async () => {
    const found: TreeFile[] = [];
    for (const entry of entries) if (entry) await walk(entry, '', found);
    return found;
  })();
}

/** From `<input webkitdirectory>`, whose files say their paths. */
export function readPicked(files: Iterable<File>): readonly TreeFile[] {
  return [...files].map((file) => ({ file, folder: file.webkitRelativePath.split('/').slice(0, -1).join('/') }));
}
