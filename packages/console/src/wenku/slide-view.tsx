import { canvas, coverLayouts, lineHeight, type PlacedBox, placeSlide, themes } from '@myriad/builtin/wenku';
import type { DeckTheme, Slide } from '@myriad/contracts';
import { type CSSProperties, useLayoutEffect, useRef, useState } from 'react';
import { myriad } from '../api/client.ts';
import { useWords } from '../words/define-words.ts';
import { ChartPicture } from './chart-picture.tsx';
import { SlideBullets } from './slide-bullets.tsx';
import { EditableWords, SlideRuns } from './slide-words.tsx';
import { wenkuWords } from './words.ts';

export interface SlideViewProps {
  readonly slide: Slide;
  readonly theme: DeckTheme;
  readonly documentId: string;
  /** With it the words are edited where they stand. */
  readonly onChange?: (change: Partial<Slide>) => void;
}

/** A slide as wide as its place. */
export function SlideView(props: SlideViewProps) {
  const frame = useRef<HTMLDivElement>(null);
  const [scale, setScale] = useState(0);
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return;
    const measure = () => setScale(element.clientWidth / canvas.width);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <div ref={frame} className="w-full overflow-hidden" style={{ aspectRatio: `${canvas.width} / ${canvas.height}` }}>
      {scale > 0 && <SlideCanvas {...props} scale={scale} />}
    </div>
  );
}

function SlideCanvas({ slide, theme: name, documentId, onChange, scale }: SlideViewProps & { readonly scale: number }) {
  const theme = themes[name];
  const cover = coverLayouts.has(slide.layout);
  return (
    <div
      className="wenku-slide relative origin-top-left overflow-hidden"
      style={{
        width: canvas.width,
        height: canvas.height,
        transform: `scale(${scale})`,
        background: cover ? theme.cover : theme.ground,
        color: cover ? theme.coverInk : theme.ink,
      }}
    >
      {placeSlide(slide).map((box) => (
        <SlideBox key={box.role} box={box} slide={slide} name={name} documentId={documentId} onChange={onChange} />
      ))}
    </div>
  );
}

const valign = { top: 'flex-start', middle: 'center', bottom: 'flex-end' } as const;

function SlideBox({
  box,
  slide,
  name,
  documentId,
  onChange,
}: {
  readonly box: PlacedBox;
  readonly slide: Slide;
  readonly name: DeckTheme;
  readonly documentId: string;
  readonly onChange: SlideViewProps['onChange'];
}) {
  const say = useWords(wenkuWords);
  const theme = themes[name];
  const cover = coverLayouts.has(slide.layout);
  const place: CSSProperties = { position: 'absolute', left: box.x, top: box.y, width: box.w, height: box.h };
  const words = (field: 'title' | 'subtitle' | 'caption' | 'quote' | 'by') => {
    const soft = field === 'subtitle' || field === 'caption' || field === 'by';
    const style: CSSProperties = {
      ...place,
      display: 'flex',
      flexDirection: 'column',
      justifyContent: valign[box.valign],
      fontSize: box.size,
      lineHeight,
      fontWeight: box.bold ? 700 : 400,
      textAlign: box.align,
      ...(soft ? { color: cover ? theme.coverSoft : theme.soft } : {}),
    };
    if (onChange)
      return (
        <div style={style}>
          <EditableWords
            text={slide[field]}
            label={say(`field_${field}`)}
            onChange={(text) => onChange({ [field]: text })}
            style={{ textAlign: box.align }}
          />
        </div>
      );
    if (slide[field].trim() === '') return null;
    return (
      <div style={style}>
        <p className="whitespace-pre-wrap">
          {field === 'by' && '— '}
          <SlideRuns text={slide[field]} />
        </p>
      </div>
    );
  };
  switch (box.role) {
    case 'title':
    case 'subtitle':
    case 'caption':
    case 'quote':
    case 'by':
      return words(box.role);
    case 'rule':
      return <div style={{ ...place, background: theme.accent }} />;
    case 'body':
      return (
        <div style={place}>
          <SlideBullets
            bullets={slide.bullets}
            box={box}
            theme={theme}
            onChange={onChange && ((bullets) => onChange({ bullets }))}
          />
        </div>
      );
    case 'right':
      return (
        <div style={place}>
          <SlideBullets
            bullets={slide.right}
            box={box}
            theme={theme}
            onChange={onChange && ((right) => onChange({ right }))}
          />
        </div>
      );
    case 'image':
      return (
        <div
          className="grid place-items-center"
          style={{ ...place, ...(slide.image ? {} : { background: theme.panel }) }}
        >
          {slide.image && (
            <img
              src={myriad.url(`/api/wenku/${documentId}/images/${slide.image}`)}
              alt={slide.caption || slide.title}
              style={{ maxWidth: box.w, maxHeight: box.h, width: '100%', height: '100%', objectFit: 'contain' }}
            />
          )}
        </div>
      );
    case 'table':
      return <SlideTable slide={slide} box={box} place={place} name={name} />;
    default:
      return (
        <div style={place}>
          <ChartPicture slide={slide} width={box.w} height={box.h} theme={theme} />
        </div>
      );
  }
}

function SlideTable({
  slide,
  box,
  place,
  name,
}: {
  readonly slide: Slide;
  readonly box: PlacedBox;
  readonly place: CSSProperties;
  readonly name: DeckTheme;
}) {
  const theme = themes[name];
  const cell = { padding: '9px 12px', verticalAlign: 'top', textAlign: 'left' } as const;
  const [header = [], ...rows] = slide.rows;
  return (
    <div style={{ ...place, overflow: 'hidden' }}>
      <table
        style={{ width: '100%', borderCollapse: 'collapse', tableLayout: 'fixed', fontSize: box.size, lineHeight: 1.3 }}
      >
        <thead>
          <tr>
            {header.map((text, column) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: cells have no identity but their place
              <th key={column} scope="col" style={{ ...cell, borderBottom: `2px solid ${theme.accent}` }}>
                <SlideRuns text={text} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
            <tr key={at}>
              {row.map((text, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: cells have no identity but their place
                <td key={column} style={{ ...cell, borderBottom: `1px solid ${theme.line}` }}>
                  <SlideRuns text={text} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
