import * as pdf from 'pdfjs-dist';
import workerUrl from 'pdfjs-dist/build/pdf.worker.min.mjs?url';
import { useEffect, useRef, useState } from 'react';
import { ProblemNote } from '../ui/problem-note.tsx';

pdf.GlobalWorkerOptions.workerSrc = workerUrl;

/** Pages of a PDF as pictures, drawn when they come near. The document is read by ranges, not whole. */
export default function PdfView({
  url,
  label,
}: {
  readonly url: string;
  readonly label: (page: number, count: number) => string;
}) {
  const [document, setDocument] = useState<pdf.PDFDocumentProxy | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  useEffect(() => {
    const task = pdf.getDocument({
      url,
      cMapUrl: '/pdf/cmaps/',
      cMapPacked: true,
      standardFontDataUrl: '/pdf/standard_fonts/',
      disableAutoFetch: true,
      verbosity: pdf.VerbosityLevel.ERRORS,
    });
    let here = true;
    task.promise.then(
      (loaded) => here && setDocument(loaded),
      (error: unknown) => here && setFailure(error),
    );
    return () => {
      here = false;
      void task.destroy();
    };
  }, [url]);
  if (failure) return <ProblemNote error={failure} />;
  if (!document) return null;
  return (
    <ol className="grid justify-items-center gap-4">
      {Array.from({ length: document.numPages }, (_, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: pages keep their order
        <li key={at} className="w-full max-w-[860px]">
          <PdfPage document={document} number={at + 1} label={label(at + 1, document.numPages)} />
        </li>
      ))}
    </ol>
  );
}

function PdfPage({
  document,
  number,
  label,
}: {
  readonly document: pdf.PDFDocumentProxy;
  readonly number: number;
  readonly label: string;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [near, setNear] = useState(number === 1);
  useEffect(() => {
    const target = canvas.current;
    if (!target || near) return;
    const watch = new IntersectionObserver(([entry]) => entry?.isIntersecting && setNear(true), {
      rootMargin: '800px',
    });
    watch.observe(target);
    return () => watch.disconnect();
  }, [near]);
  useEffect(() => {
    if (!near) return;
    let here = true;
    let task: pdf.RenderTask | null = null;
    void document.getPage(number).then((page) => {
      const target = canvas.current;
      if (!here || !target) return;
      const width = target.parentElement?.clientWidth ?? 800;
      const natural = page.getViewport({ scale: 1 });
      const viewport = page.getViewport({ scale: (width / natural.width) * Math.min(2, devicePixelRatio) });
      target.width = viewport.width;
      target.height = viewport.height;
      target.style.aspectRatio = `${natural.width} / ${natural.height}`;
      task = page.render({ canvas: target, viewport });
      task.promise.catch(() => {});
    });
    return () => {
      here = false;
      task?.cancel();
    };
  }, [document, number, near]);
  return (
    <canvas
      ref={canvas}
      role="img"
      aria-label={label}
      className="aspect-[0.707] w-full rounded-[4px] border border-line bg-[#fff]"
    />
  );
}
