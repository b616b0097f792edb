import type { QuantumWhat } from '@myriad/contracts';
import { Button } from '../../ui/button.tsx';
import { SelectField, TextArea, TextField } from '../../ui/field.tsx';
import { Card } from '../../ui/page.tsx';
import { useWords } from '../../words/define-words.ts';
import type { Place } from './use-circuit-run.ts';
import { quantumWords } from './words.ts';

/** What the form holds, as typed. */
export interface Ask {
  readonly what: QuantumWhat;
  readonly shots: string;
  readonly seed: string;
  readonly bitstring: string;
  readonly pauli: string;
  readonly place: Place;
}

const whats: readonly QuantumWhat[] = ['measure', 'amplitude', 'expectation', 'optimise'];
const places: readonly Place[] = ['browser', 'node'];

export function RunForm({
  ask,
  onAsk,
  ready,
  running,
  onRun,
  onStop,
}: {
  readonly ask: Ask;
  readonly onAsk: (ask: Ask) => void;
  readonly ready: boolean;
  readonly running: boolean;
  readonly onRun: () => void;
  readonly onStop: () => void;
}) {
  const say = useWords(quantumWords);
  const set = (name: keyof Ask) => (event: { readonly target: { readonly value: string } }) =>
    onAsk({ ...ask, [name]: event.target.value });
  return (
    <Card title={say('runs')}>
      <form
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          if (ready && !running) onRun();
        }}
      >
        <SelectField
          label={say('what')}
          value={ask.what}
          onChange={set('what')}
          options={whats.map((value) => ({ value, label: say(`what_${value}`) }))}
        />
        {ask.what === 'amplitude' && (
          <TextField
            label={say('bitstring')}
            hint={say('bitstringHint')}
            pattern="[01\s]*"
            className="font-mono"
            spellCheck={false}
            value={ask.bitstring}
            onChange={set('bitstring')}
          />
        )}
        {(ask.what === 'expectation' || ask.what === 'optimise') && (
          <TextArea
            label={say('pauli')}
            hint={say('pauliHint')}
            rows={3}
            required
            className="font-mono"
            spellCheck={false}
            value={ask.pauli}
            onChange={set('pauli')}
          />
        )}
        <div className="grid grid-cols-2 gap-3">
          {ask.what === 'measure' && (
            <TextField
              label={say('shots')}
              type="number"
              min={1}
              max={1_000_000}
              required
              value={ask.shots}
              onChange={set('shots')}
            />
          )}
          <TextField
            label={say('seed')}
            type="number"
            min={0}
            max={4_294_967_295}
            required
            value={ask.seed}
            onChange={set('seed')}
          />
        </div>
        <SelectField
          label={say('place')}
          value={ask.place}
          onChange={set('place')}
          options={places.map((value) => ({ value, label: say(`place_${value}`) }))}
        />
        <div className="flex gap-2">
          <Button look="primary" type="submit" disabled={!ready || running}>
            {say('run')}
          </Button>
          {running && <Button onClick={onStop}>{say('cancel')}</Button>}
        </div>
      </form>
    </Card>
  );
}
