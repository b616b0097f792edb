import type { Citation, WenkuNode } from '@myriad/contracts';

/** Turns `[n]` in written text into citations of the document, where the run verified one of that number; others go. */
export function placeCitations(nodes: readonly WenkuNode[], citations: readonly Citation[]): readonly WenkuNode[] {
  return nodes.map((node) => {
    if (!node.content || node.type === 'codeBlock') return node;
    return {
      ...node,
      content: placeCitations(
        node.content.flatMap((child) => cut(child, citations)),
        citations,
      ),
    };
  });
}

function cut(node: WenkuNode, citations: readonly Citation[]): readonly WenkuNode[] {
  if (node.type !== 'text' || !/\[\d+\]/.test(node.text ?? '') || node.marks?.some(({ type }) => type === 'code'))
    return [node];
  return (node.text ?? '').split(/(\s?\[\d+\])/).flatMap((part): readonly WenkuNode[] => {
    const number = /^\s?\[(\d+)\]$/.exec(part)?.[1];
    if (number === undefined) return part === '' ? [] : [{ ...node, text: part }];
    const citation = citations.find((each) => each.number === Number(number));
    if (!citation) return [];
    const { documentId, documentName, passageId, quote, start, end, page } = citation;
    const attrs = { documentId, documentName, passageId, quote, start, end, ...(page === undefined ? {} : { page }) };
    return [{ type: 'citation', attrs }];
  });
}
