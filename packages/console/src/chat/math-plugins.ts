import 'katex/dist/katex.min.css';
import type ReactMarkdown from 'react-markdown';
import rehypeKatex from 'rehype-katex';
import remarkMath from 'remark-math';

type Plugins = NonNullable<Parameters<typeof ReactMarkdown>[0]['remarkPlugins']>;

export const remark: Plugins = [[remarkMath, { singleDollarTextMath: false }]];
/** `trust` stays off: no links, images or HTML out of a formula. */
export const rehype: Plugins = [
  [rehypeKatex, { throwOnError: false, strict: false, trust: false, errorColor: 'inherit' }],
];
