import { chartShapes, type ThemeColours } from '@myriad/builtin/wenku';
import type { Slide } from '@myriad/contracts';

/** A slide's chart as SVG. */
export function ChartPicture({
  slide,
  width,
  height,
  theme,
}: {
  readonly slide: Slide;
  readonly width: number;
  readonly height: number;
  readonly theme: ThemeColours;
}) {
  const shapes = chartShapes(slide.rows, slide.chart, width, height);
  const colour = (series: number) => theme.series[series % theme.series.length];
  return (
    <svg
      role="img"
      aria-label={slide.caption || slide.title}
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      fontSize={shapes.size}
    >
      {shapes.grid.map((line) => (
        <line
          key={`${line.x1},${line.y1}`}
          x1={line.x1}
          y1={line.y1}
          x2={line.x2}
          y2={line.y2}
          stroke={line.strong ? theme.soft : theme.line}
        />
      ))}
      {shapes.rects.map((rect) => (
        <rect
          key={`${rect.x},${rect.y}`}
          x={rect.x}
          y={rect.y}
          width={rect.w}
          height={rect.h}
          fill={colour(rect.series)}
        />
      ))}
      {shapes.lines.map((line) => (
        <polyline
          key={line.series}
          fill="none"
          stroke={colour(line.series)}
          strokeWidth={4}
          strokeLinejoin="round"
          points={line.points.map((point) => point.join(',')).join(' ')}
        />
      ))}
      {shapes.labels.map((label) => (
        <text key={`${label.x},${label.y}`} x={label.x} y={label.y} textAnchor={label.anchor} fill={theme.soft}>
          {label.text}
        </text>
      ))}
      {shapes.legend.map((entry) => (
        <g key={entry.series}>
          <rect x={entry.x} y={entry.y} width={14} height={14} fill={colour(entry.series)} />
          <text x={entry.x + 22} y={entry.y + 13} fill={theme.ink}>
            {entry.text}
          </text>
        </g>
      ))}
    </svg>
  );
}
