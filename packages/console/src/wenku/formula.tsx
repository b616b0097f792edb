import { useEffect, useState } from 'react';

type Render = (latex: string, display: boolean) => string;
let renderer: Render | null = null;

async function load(): Promise<Render> {
  const [{ default: katex }] = await Promise.all([import('katex'), import('katex/dist/katex.min.css')]);
  renderer = (latex, displayMode) => katex.renderToString(latex, { displayMode, throwOnError: false, trust: false });
  return renderer;
}

/** A formula, set by KaTeX, which is loaded with the first one; until then its LaTeX. */
export function Formula({ latex, display = false }: { readonly latex: string; readonly display?: boolean }) {
  const [render, setRender] = useState<Render | null>(() => renderer);
  useEffect(() => {
    if (!render) void load().then((loaded) => setRender(() => loaded));
  }, [render]);
  if (!render) return <code>{latex}</code>;
  // biome-ignore lint/security/noDangerouslySetInnerHtml: KaTeX escapes what it does not know, and `trust` is off
  return <span dangerouslySetInnerHTML={{ __html: render(latex, display) }} />;
}
