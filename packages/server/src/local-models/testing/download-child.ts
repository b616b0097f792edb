/** Downloads one file as a process of its own, so that a test can end it with kill −9. */
import { systemClock, systemRandom } from '@myriad/contracts';
import { downloadFile } from '../download-file.ts';

const [url, target, sha256, partBytes] = process.argv.slice(2) as [string, string, string, string];
await downloadFile({
  url,
  target,
  sizeBytes: null,
  sha256,
  partBytes: Number(partBytes),
  clock: systemClock,
  random: systemRandom,
  free: async () => null,
  signal: new AbortController().signal,
  onProgress: ({ receivedBytes }) => process.stdout.write(`${receivedBytes}\n`),
});
