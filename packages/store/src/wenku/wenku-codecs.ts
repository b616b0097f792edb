import type { WenkuContent, WenkuDocument, WenkuImage, WenkuJob, WenkuVersion } from '@myriad/contracts';
import { recordCodec } from '../records/record-codec.ts';

export const wenkuDocumentCodec = recordCodec<WenkuDocument>({
  id: 'plain',
  kind: 'plain',
  title: 'plain',
  ownerId: 'plain',
  readers: 'json',
  editors: 'json',
  language: 'plain',
  sources: 'json',
  revision: 'plain',
  words: 'plain',
  forkedFrom: 'plain',
  createdAt: 'plain',
  updatedAt: 'plain',
  updatedBy: 'plain',
});

export const wenkuVersionCodec = recordCodec<WenkuVersion & { readonly content: WenkuContent }>({
  documentId: 'plain',
  number: 'plain',
  name: 'plain',
  title: 'plain',
  words: 'plain',
  createdAt: 'plain',
  createdBy: 'plain',
  content: 'json',
});

export const wenkuVersionRowCodec = recordCodec<WenkuVersion>({
  documentId: 'plain',
  number: 'plain',
  name: 'plain',
  title: 'plain',
  words: 'plain',
  createdAt: 'plain',
  createdBy: 'plain',
});

export const wenkuImageCodec = recordCodec<WenkuImage>({
  hash: 'plain',
  mediaType: 'plain',
  width: 'plain',
  height: 'plain',
  sizeBytes: 'plain',
});

export const wenkuJobCodec = recordCodec<WenkuJob>({
  id: 'plain',
  kind: 'plain',
  target: 'plain',
  ownerId: 'plain',
  language: 'plain',
  status: 'plain',
  input: 'json',
  parts: 'json',
  outline: 'json',
  errorCode: 'plain',
  errorText: 'plain',
  createdAt: 'plain',
  updatedAt: 'plain',
});
