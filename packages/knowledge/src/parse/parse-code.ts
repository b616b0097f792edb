import type { Block, Parser } from './blocks.ts';
import { decodeText } from './decode-text.ts';

/** Source code: blocks of lines between blank lines, kept as written, headed by the definition they stand in. */
export const parseCode: Parser = ({ bytes }) => {
  const lines = decodeText(bytes)
    .text.replace(/\r\n?/g, '\n')
    .split('\n')
    .map((line) => line.trimEnd().slice(0, 2_000));
  const blocks: Block[] = [];
  let open: string[] = [];
  const close = () => {
    const text = open.join('\n').replace(/^\n+|\n+$/g, '');
    if (text !== '') blocks.push({ kind: 'code', text });
    open = [];
  };
  for (const line of lines) {
    const outer = /^\S/.test(line);
    if (line === '' && open.length >= 12) close();
    else if (outer && definition.test(line) && open.some((earlier) => !/^\s*(\/\/|\/?\*|#|--|@|$)/.test(earlier)))
      close();
    open.push(line);
    if (open.length >= 60) close();
  }
  close();
  return { blocks, pages: null, remark: null };
};

const definition =
  /^(export |public |private |protected |static |async |abstract |final |pub )*(function|class|interface|type|enum|def|fn|func|struct|impl|trait|module|package|object|const \w+ = (async )?\(|CREATE |create )/;
