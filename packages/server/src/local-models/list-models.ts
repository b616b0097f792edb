/** The models that this node may download: those offered, behind the mirror, and the operator's own. */
import { type Config, MyriadError } from '@myriad/contracts';
import { checkOperatorAddress } from './check-address.ts';
import { type OfferedModel, offeredModels } from './offered-models.ts';

export interface DownloadableModel {
  readonly name: string;
  readonly url: string;
  readonly mirrored: boolean;
  readonly sizeBytes: number | null;
  readonly sha256: string | null;
  readonly licence: string | null;
  readonly contextTokens: number | null;
  readonly languages: readonly string[];
  readonly source: 'offered' | 'config';
  readonly facts: OfferedModel['facts'] | null;
}

/** @throws MyriadError `config_invalid` for two own entries of one name, or an address in the clear off this machine. */
export function listModels(
  config: Pick<Config, 'localModels' | 'modelMirror'>,
  offered: readonly OfferedModel[] = offeredModels,
): readonly DownloadableModel[] {
  const own = config.localModels.map((entry): DownloadableModel => {
    checkOperatorAddress(entry.url, `localModels "${entry.name}"`);
    return {
      name: entry.name,
      url: entry.url,
      mirrored: false,
      sizeBytes: entry.sizeBytes ?? null,
      sha256: entry.sha256 ?? null,
      licence: entry.licence ?? null,
      contextTokens: entry.contextTokens ?? null,
      languages: entry.languages ?? [],
      source: 'config',
      facts: null,
    };
  });
  const names = new Set<string>();
  for (const { name } of own) {
    if (names.has(name)) throw new MyriadError('config_invalid', `\`localModels\` has two entries named "${name}".`);
    names.add(name);
  }
  return [
    ...offered
      .filter(({ name }) => !names.has(name))
      .map(
        (model): DownloadableModel => ({
          ...model,
          url: throughMirror(model.url, config.modelMirror),
          mirrored: config.modelMirror !== undefined,
          source: 'offered',
        }),
      ),
    ...own,
  ];
}

/** Puts the mirror in place of scheme and host; the path stays, below the mirror's own. */
export function throughMirror(url: string, mirror: string | undefined): string {
  if (mirror === undefined) return url;
  return `${mirror.replace(/\/+$/, '')}${new URL(url).pathname}`;
}
