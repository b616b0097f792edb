import type { QuantumOptimised } from '@myriad/contracts';
import { useFormat } from '../../format/use-format.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/page.tsx';
import { Table } from '../../ui/table.tsx';
import { useWords } from '../../words/define-words.ts';
import { significant } from './complex.ts';
import { EnergyCurve } from './energy-curve.tsx';
import { quantumWords } from './words.ts';

/** The lowest mean, how it was reached, and the angles; the circuit found can go back into the editor. */
export function Optimised({
  result,
  onSource,
}: {
  readonly result: QuantumOptimised;
  readonly onSource: (source: string) => void;
}) {
  const say = useWords(quantumWords);
  const format = useFormat();
  const rows = result.angles.map((angle, index) => ({ ...angle, index }));
  return (
    <>
      <Card
        title={say('lowestIs', { value: significant(result.value, 9) })}
        note={say('optimisedNote', {
          rounds: result.rounds,
          evaluations: format.number(result.evaluations),
          time: format.duration(result.seconds * 1000),
        })}
      >
        <EnergyCurve curve={result.curve} />
        <p className="mt-2 text-soft">{say(result.converged ? 'converged' : 'notConverged')}</p>
        <Button className="mt-3" onClick={() => onSource(result.source)}>
          {say('takeAngles')}
        </Button>
      </Card>
      <Card title={say('angles')} flush>
        <Table
          caption={say('angles')}
          rows={rows}
          rowKey={({ index }) => String(index)}
          columns={[
            {
              key: 'gate',
              title: say('gate'),
              cell: (row) => (
                <code className="font-mono">
                  {row.gate} {row.qubits.map((qubit) => `q${qubit}`).join(', ')}
                </code>
              ),
            },
            { key: 'angle', title: say('angle'), number: true, cell: (row) => significant(row.value, 8) },
          ]}
        />
      </Card>
    </>
  );
}
