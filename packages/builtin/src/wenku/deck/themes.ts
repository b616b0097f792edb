import type { DeckTheme } from '@myriad/contracts';

/** Colours of a deck, as `#rrggbb`. Text on its ground has a contrast of at least 4.5 : 1; the test reckons it. */
export interface ThemeColours {
  readonly dark: boolean;
  readonly ground: string;
  /** Ground of title, section and closing slides. */
  readonly cover: string;
  readonly coverInk: string;
  readonly coverSoft: string;
  readonly ink: string;
  readonly soft: string;
  readonly accent: string;
  readonly line: string;
  readonly panel: string;
  /** Series of a chart, in order. */
  readonly series: readonly string[];
}

export const themes: Readonly<Record<DeckTheme, ThemeColours>> = {
  paper: {
    dark: false,
    ground: '#fbfaf7',
    cover: '#f3f0e8',
    coverInk: '#1b1f24',
    coverSoft: '#5a626d',
    ink: '#1b1f24',
    soft: '#5d6672',
    accent: '#b3372a',
    line: '#ddd9cf',
    panel: '#f3f0e8',
    series: ['#1f5f8b', '#b3372a', '#8a6a12', '#2c7a4b', '#6b5b95'],
  },
  azure: {
    dark: false,
    ground: '#ffffff',
    cover: '#123b5d',
    coverInk: '#ffffff',
    coverSoft: '#bcd3e6',
    ink: '#10243a',
    soft: '#51667c',
    accent: '#1f6fa8',
    line: '#d5dfe8',
    panel: '#eef4f9',
    series: ['#1f6fa8', '#e08a2e', '#4b9a8c', '#8a5aa8', '#b3372a'],
  },
  ink: {
    dark: true,
    ground: '#14171b',
    cover: '#0e1013',
    coverInk: '#f3f1ec',
    coverSoft: '#a9b1bb',
    ink: '#f0eee9',
    soft: '#a9b1bb',
    accent: '#e8796b',
    line: '#343b45',
    panel: '#1f242b',
    series: ['#6fb1de', '#e8796b', '#d9b54a', '#6cc48f', '#b79ae0'],
  },
  pine: {
    dark: true,
    ground: '#10231d',
    cover: '#0b1a15',
    coverInk: '#f2f6ef',
    coverSoft: '#a9c0b3',
    ink: '#edf3ec',
    soft: '#a9c0b3',
    accent: '#dcb955',
    line: '#2f4a3f',
    panel: '#193229',
    series: ['#dcb955', '#6cc48f', '#7fb8d8', '#e58f7a', '#b7cf8a'],
  },
};

export const coverLayouts: ReadonlySet<string> = new Set(['title', 'section', 'closing']);
