const longestKept = 300;
/** Runs of characters that keys are made of, masked ones (`sk-ab***yz`) included. */
const keyLike = /[A-Za-z0-9_\-.*•…/+=]{8,}/g;
const knownPrefix = /^(?:(?:sk|pk|ak|rk|key|bce|gsk|xai|ghp|hf)[-_](?=.*[\d*•…])|AIza|ya29\.|eyJ)/;

/**
 * A provider's sentence fit to show: whatever resembles the key (the key, a piece of at least 4 characters of its start or
 * end, a masked form, or any other thing of a known key's shape) is taken out, and the rest is cut at 300 characters.
 */
export function redact(sentence: string, apiKey: string | null): string {
  const withoutKey = apiKey && apiKey.length >= 4 ? sentence.replaceAll(apiKey, '[key]') : sentence;
  const clean = withoutKey.replace(keyLike, (run) => {
    if (knownPrefix.test(run) || /[*•…]{2,}/.test(run)) return '[key]';
    if (apiKey && apiKey.length >= 8 && (apiKey.includes(run) || sharesEnds(run, apiKey))) return '[key]';
    return run;
  });
  const oneLine = clean.replace(/\s+/g, ' ').trim();
  return oneLine.length > longestKept ? `${oneLine.slice(0, longestKept)}…` : oneLine;
}

function sharesEnds(run: string, apiKey: string): boolean {
  return run.startsWith(apiKey.slice(0, 6)) || run.endsWith(apiKey.slice(-6));
}
