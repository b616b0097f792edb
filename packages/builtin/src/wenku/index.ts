/** Wenku's documents and decks as plain data: what they may hold, how they read, compare, look and become one another. */

export { type ChartData, chartData, readNumber, valueAxis } from './deck/chart-data.ts';
export { type ChartShapes, chartShapes } from './deck/chart-shapes.ts';
export { slideParagraphs } from './deck/deck-text.ts';
export { docFromDeck } from './deck/doc-from-deck.ts';
export {
  type Box,
  bulletGap,
  canvas,
  levelIndent,
  levelScale,
  lineHeight,
  type PlacedBox,
  placeSlide,
} from './deck/geometry.ts';
export { type InlineRun, inlineRuns, plainInline } from './deck/inline-runs.ts';
export { slidesFromDoc } from './deck/slides-from-doc.ts';
export { coverLayouts, type ThemeColours, themes } from './deck/themes.ts';
export { compareTexts, diffWords } from './diff/compare-texts.ts';
export { isWenkuFormat, mediaTypes } from './file-formats.ts';
export { type ImageFacts, imageFacts } from './image-facts.ts';
export { docFromMarkdown } from './markdown/from-markdown.ts';
export {
  chineseMarkdown,
  englishMarkdown,
  type MarkdownWords,
  markdownOf,
  markdownOfNodes,
} from './markdown/to-markdown.ts';
export { blankContent, blankSlide } from './model/blank.ts';
export { checkContent, imageHash, safeAddress } from './model/check-content.ts';
export { deckThemes, slideLayouts } from './model/check-deck.ts';
export { countWords, paragraphsOf, plainTextOf, textOf } from './model/plain-text.ts';
export { collectSources, type Source } from './model/sources.ts';
export {
  keyFigures,
  type Language,
  outlineOf,
  pageAt,
  summarise,
  type TextToRead,
  tablesOf,
} from './read/summarise.ts';
export { templateContent, wenkuTemplates } from './templates/templates.ts';
export { placeCitations } from './write/place-citations.ts';
export {
  outlinePrompt,
  readOutline,
  rewritePrompt,
  sectionPrompt,
  translatePrompt,
  unfenced,
  type WritingSetting,
} from './write/prompts.ts';
