import type { ApiAnswer } from '@myriad/contracts';
import { errorOfResponse } from '@myriad/sdk';
import { myriad } from '../api/client.ts';

/** Sends the bytes of a file to a path of Wenku. @throws MyriadError what the node answered. */
export async function sendBytes<
  R extends 'POST /api/wenku/import' | 'POST /api/wenku/:id/images' | 'POST /api/wenku-readings',
>(path: string, file: Blob): Promise<ApiAnswer<R>> {
  const response = await fetch(myriad.url(path), {
    method: 'POST',
    headers: { ...myriad.headers('POST'), 'content-type': file.type || 'application/octet-stream' },
    body: file,
  });
  if (!response.ok) throw await errorOfResponse(response);
  return (await response.json()) as ApiAnswer<R>;
}

const kept = new Set(['image/png', 'image/jpeg', 'image/gif']);

/** A picture as PNG, JPEG or GIF, at most 2,400 pixels wide: those open in every program that it may be exported to. */
export async function asPicture(file: File): Promise<Blob> {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, 2_400 / Math.max(bitmap.width, bitmap.height));
  if (scale === 1 && kept.has(file.type)) return file;
  const canvas = new OffscreenCanvas(Math.round(bitmap.width * scale), Math.round(bitmap.height * scale));
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  return canvas.convertToBlob(
    file.type === 'image/jpeg' ? { type: 'image/jpeg', quality: 0.9 } : { type: 'image/png' },
  );
}

/** Lets the reader choose one file. */
export function chooseFile(accept: string, onFile: (file: File) => unknown): void {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = accept;
  input.onchange = () => {
    const file = input.files?.[0];
    if (file) onFile(file);
  };
  input.click();
}
