import type { UpstreamModel } from '@myriad/contracts';
import { asCount, asList, asRecord, asText, at } from '../dialect/json-value.ts';

/** Names of a models list; the context length stands under a name of its own at each server. */
export function readModels(json: unknown): readonly UpstreamModel[] {
  const rows = Array.isArray(json)
    ? json
    : asList(at(json, 'data')).length > 0
      ? asList(at(json, 'data'))
      : asList(at(json, 'models'));
  return rows.flatMap((row) => {
    const model = asRecord(row);
    const name = asText(model?.id) ?? asText(model?.name) ?? asText(model?.model);
    if (!model || !name) return [];
    const context =
      asCount(model.context_length) ??
      asCount(model.max_model_len) ??
      asCount(model.max_context_length) ??
      asCount(at(model.meta, 'n_ctx_train')) ??
      asCount(model.context_window);
    const ownedBy = asText(model.owned_by);
    return [{ name, ...(context ? { contextTokens: context } : {}), ...(ownedBy ? { ownedBy } : {}) }];
  });
}
