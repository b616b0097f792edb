/** A form → the body of a request, streamed from the files; opened anew for each time that it is sent. */
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { MediaBody } from '@myriad/contracts';
import type { Form, FormFile } from './receive-form.ts';

/** @param changed Fields whose value is another one upstream. */
export function writeForm(form: Form, changed: Readonly<Record<string, string>>): MediaBody {
  const boundary = `myriad-${randomBytes(16).toString('hex')}`;
  const parts: (Buffer | FormFile)[] = [];
  for (const [name, value] of form.fields)
    parts.push(
      Buffer.from(
        `--${boundary}\r\ncontent-disposition: form-data; name="${quoted(name)}"\r\n\r\n${changed[name] ?? value}\r\n`,
      ),
    );
  for (const file of form.files) {
    const disposition = `form-data; name="${quoted(file.field)}"; filename="${quoted(file.name)}"`;
    parts.push(
      Buffer.from(
        `--${boundary}\r\ncontent-disposition: ${disposition}\r\ncontent-type: ${file.mediaType.replace(/[\r\n]/g, '')}\r\n\r\n`,
      ),
      file,
      Buffer.from('\r\n'),
    );
  }
  parts.push(Buffer.from(`--${boundary}--\r\n`));
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    sizeBytes: parts.reduce((sum, part) => sum + (Buffer.isBuffer(part) ? part.length : part.sizeBytes), 0),
    async *open() {
      for (const part of parts) {
        if (Buffer.isBuffer(part)) yield part;
        else yield* createReadStream(part.path) as AsyncIterable<Uint8Array>;
      }
    },
  };
}

/** As browsers write names (HTML, "multipart/form-data encoding algorithm"). */
function quoted(text: string): string {
  return text.replace(/\r/g, '%0D').replace(/\n/g, '%0A').replace(/"/g, '%22');
}
