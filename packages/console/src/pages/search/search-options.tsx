import type { SearchSetting } from '@myriad/contracts';
import { useId, useState } from 'react';
import { Button, Choices } from '../../ui/button.tsx';
import { CheckField, SelectField } from '../../ui/field.tsx';
import { useWords } from '../../words/define-words.ts';
import { depthOf, depths, type Filters, filterCount, kinds, times } from './search-wish.ts';
import { searchWords } from './words.ts';

/** How much to read, and what to read: all of it in the address. */
export function SearchOptions({
  setting,
  filters,
  onChange,
}: {
  readonly setting: SearchSetting | undefined;
  readonly filters: Filters;
  readonly onChange: (patch: Filters) => void;
}) {
  const say = useWords(searchWords);
  const count = filterCount(filters);
  const [open, setOpen] = useState(count > 0);
  const panel = useId();
  return (
    <div className="grid w-full gap-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Choices
          label={say('depth')}
          value={depthOf(filters)}
          options={depths.map((depth) => ({ value: depth, label: say(`depth_${depth}`) }))}
          onChange={(depth) => onChange({ depth: depth === 'balanced' ? '' : depth })}
        />
        <Button look="quiet" aria-expanded={open} aria-controls={panel} onClick={() => setOpen(!open)}>
          {count > 0 ? say('filtersOn', { count }) : say('filters')}
        </Button>
        {setting?.web && (
          <CheckField
            label={say('web', { name: setting.web })}
            checked={filters.web === '1'}
            onChange={(event) => onChange({ web: event.target.checked ? '1' : '' })}
          />
        )}
      </div>
      <div id={panel} hidden={!open} className="rounded-card border border-line bg-card p-4">
        <div className="grid gap-3 sm:grid-cols-2">
          <SelectField
            label={say('where')}
            value={filters.in ?? ''}
            onChange={(event) => onChange({ in: event.target.value })}
            options={[
              { value: '', label: say('everywhere') },
              ...(setting?.collections ?? []).map(({ name, documents }) => ({
                value: name,
                label: `${name.replace(/^(library|drive):/, '')} (${documents})`,
              })),
            ]}
          />
          <SelectField
            label={say('kind')}
            value={filters.kind ?? ''}
            onChange={(event) => onChange({ kind: event.target.value })}
            options={[
              { value: '', label: say('kind_any') },
              ...kinds.map((kind) => ({ value: kind, label: say(`kind_${kind}`) })),
            ]}
          />
          <SelectField
            label={say('time')}
            value={filters.time ?? ''}
            onChange={(event) => onChange({ time: event.target.value })}
            options={[
              { value: '', label: say('time_any') },
              ...times.map((time) => ({ value: time, label: say(`time_${time}`) })),
            ]}
          />
          <SelectField
            label={say('by')}
            value={filters.by ?? ''}
            onChange={(event) => onChange({ by: event.target.value })}
            options={[
              { value: '', label: say('by_any') },
              { value: 'me', label: say('by_me') },
            ]}
          />
        </div>
        <div className="mt-3 flex flex-wrap items-center justify-between gap-2">
          <p className="text-small text-soft">{setting && !setting.web ? say('webNone') : ''}</p>
          <Button disabled={count === 0} onClick={() => onChange({ in: '', kind: '', time: '', by: '' })}>
            {say('clear')}
          </Button>
        </div>
      </div>
    </div>
  );
}
