import type { QuantumAmplitude, QuantumExpectation, QuantumMeasured, QuantumResult } from '@myriad/contracts';
import { useFormat } from '../../format/use-format.ts';
import { Card } from '../../ui/page.tsx';
import { Table } from '../../ui/table.tsx';
import { useWords } from '../../words/define-words.ts';
import { BlochSphere } from './bloch-sphere.tsx';
import { complex, significant } from './complex.ts';
import { Histogram } from './histogram.tsx';
import { Optimised } from './optimised.tsx';
import { quantumWords } from './words.ts';

const mostSpheres = 6;

export function RunResult({
  result,
  onSource,
}: {
  readonly result: QuantumResult;
  /** Puts a circuit that came out into the editor. */
  readonly onSource: (source: string) => void;
}) {
  if (result.what === 'measure') return <Measured result={result} />;
  if (result.what === 'amplitude') return <Amplitude result={result} />;
  if (result.what === 'optimise') return <Optimised result={result} onSource={onSource} />;
  return <Expectation result={result} />;
}

function Measured({ result }: { readonly result: QuantumMeasured }) {
  const say = useWords(quantumWords);
  const format = useFormat();
  const { shots, seed, seconds, state } = result;
  const note = say('outcomeNote', { shots: format.number(shots), seed, time: format.duration(seconds * 1000) });
  return (
    <>
      <Card title={say('outcomes')} note={note}>
        <Histogram result={result} />
      </Card>
      {state && state.bloch.length <= mostSpheres && (
        <Card title={say('bloch')} note={say('blochNote')}>
          <div className="flex flex-wrap gap-x-5 gap-y-3">
            {state.bloch.map((vector, qubit) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the index is the qubit
              <BlochSphere key={qubit} qubit={qubit} vector={vector} />
            ))}
          </div>
        </Card>
      )}
      <Card title={say('amplitudes')} flush={state !== null}>
        {state ? (
          <Table
            caption={say('amplitudes')}
            rows={state.top}
            rowKey={({ bitstring }) => bitstring}
            columns={[
              {
                key: 'basis',
                title: say('basis'),
                cell: (row) => <code className="font-mono">|{row.bitstring}⟩</code>,
              },
              { key: 'amplitude', title: say('amplitude'), number: true, cell: (row) => complex(row.re, row.im) },
              {
                key: 'probability',
                title: say('probability'),
                number: true,
                cell: (row) => significant(row.probability),
              },
              {
                key: 'phase',
                title: say('phase'),
                number: true,
                wideOnly: true,
                cell: (row) => `${significant(Math.atan2(row.im, row.re) / Math.PI, 4)} π`,
              },
            ]}
          />
        ) : (
          <p className="text-soft">{say('noState')}</p>
        )}
      </Card>
    </>
  );
}

function Amplitude({ result }: { readonly result: QuantumAmplitude }) {
  const say = useWords(quantumWords);
  const format = useFormat();
  const rows: readonly (readonly [string, string])[] = [
    [say('amplitude'), complex(result.re, result.im, 10)],
    [say('probability'), significant(result.probability, 10)],
    [say('fidelity'), significant(result.fidelity)],
    [say('plan'), say('planIs', { macs: result.plan.log2Macs, slices: format.number(result.plan.slices) })],
  ];
  return (
    <Card
      title={<span className="break-all">{say('amplitudeIs', { bits: result.bitstring })}</span>}
      note={format.duration(result.seconds * 1000)}
    >
      <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-6 gap-y-1.5">
        {rows.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-soft">{name}</dt>
            <dd className="break-words tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}

function Expectation({ result }: { readonly result: QuantumExpectation }) {
  const say = useWords(quantumWords);
  const format = useFormat();
  return (
    <Card
      title={say('meanIs', { value: significant(result.value, 9) })}
      note={format.duration(result.seconds * 1000)}
      flush
    >
      <Table
        caption={say('what_expectation')}
        rows={result.terms.map((term, index) => ({ ...term, index }))}
        rowKey={({ index }) => String(index)}
        columns={[
          { key: 'pauli', title: say('product'), cell: (row) => <code className="font-mono">{row.pauli}</code> },
          { key: 'value', title: say('value'), number: true, cell: (row) => significant(row.value, 8) },
          { key: 'qubits', title: say('lightCone'), number: true, cell: (row) => row.qubits },
        ]}
      />
    </Card>
  );
}
