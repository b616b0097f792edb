import type { KnowledgeDocument } from '@myriad/contracts';
import { errorOfResponse, MyriadError, pathOf } from '@myriad/sdk';
import { myriad } from './client.ts';

type UploadRoute = 'POST /api/conversations/:id/files' | 'POST /api/collections/:id/documents';

export interface Upload {
  readonly done: Promise<KnowledgeDocument>;
  cancel(): void;
}

/**
 * Sends a file with progress, which `fetch` cannot tell in every browser.
 *
 * @param onProgress Share of the bytes sent, 0 to 1.
 */
export function uploadFile(
  route: UploadRoute,
  id: string,
  file: File,
  onProgress: (ratio: number) => void = () => {},
): Upload {
  const [method, path] = pathOf(route, { id }, { name: file.name });
  const request = new XMLHttpRequest();
  const done = new Promise<KnowledgeDocument>((resolve, reject) => {
    request.open(method, myriad.url(path));
    for (const [name, value] of Object.entries(myriad.headers(method))) request.setRequestHeader(name, value);
    request.setRequestHeader('content-type', file.type || 'application/octet-stream');
    request.upload.addEventListener('progress', (event) => {
      if (event.lengthComputable) onProgress(event.loaded / event.total);
    });
    request.addEventListener('load', () => {
      if (request.status < 300) {
        onProgress(1);
        resolve(JSON.parse(request.responseText) as KnowledgeDocument);
        return;
      }
      const response = new Response(request.responseText, { status: request.status });
      errorOfResponse(response).then(reject, reject);
    });
    request.addEventListener('error', () =>
      reject(new MyriadError('upstream_unavailable', 'The node cannot be reached.')),
    );
    request.addEventListener('abort', () => reject(new MyriadError('aborted', 'The upload was stopped.')));
    request.send(file);
  });
  return { done, cancel: () => request.abort() };
}
