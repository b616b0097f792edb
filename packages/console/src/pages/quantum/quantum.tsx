import type { QuantumRequest } from '@myriad/contracts';
import { lazy, Suspense, useState } from 'react';
import { saveText } from '../../format/csv.ts';
import { Button } from '../../ui/button.tsx';
import { SelectField } from '../../ui/field.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Card, PageFrame, Waiting } from '../../ui/page.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import { CircuitCost } from './circuit-cost.tsx';
import { CircuitPicture } from './circuit-picture.tsx';
import { resultCsv } from './complex.ts';
import { DescribeForm } from './describe-form.tsx';
import { type Example, examples, randomGrid } from './examples.ts';
import { type Ask, RunForm } from './run-form.tsx';
import { RunResult } from './run-result.tsx';
import { RunStatus } from './run-status.tsx';
import { useCircuitRun } from './use-circuit-run.ts';
import { useInspection } from './use-inspection.ts';
import { quantumWords } from './words.ts';

const QasmEditor = lazy(() => import('./qasm-editor.tsx'));
const first = examples[0] as Example;

/** The Quantum Lab: a circuit as text, its picture and cost, a run here or on the node, and what came out. */
export default function QuantumPage() {
  const say = useWords(quantumWords);
  const sayCommon = useWords(common);
  const [source, setSource] = useState(first.source);
  const [ask, setAsk] = useState<Ask>({
    what: 'measure',
    shots: '1024',
    seed: '1',
    bitstring: '',
    pauli: 'Z0 Z1',
    place: 'browser',
  });
  const inspection = useInspection(source);
  const { run, start, stop } = useCircuitRun();
  const fresh = inspection?.source === source;
  const inspected = inspection?.inspected ?? null;
  const circuit = inspected?.ok ? inspected.circuit : null;
  const failure = fresh && inspected && !inspected.ok ? inspected.failure : null;
  const chosen = examples.find((example) => example.source === source)?.name ?? 'own';

  const choose = (example: Example) => {
    setSource(example.source);
    setAsk((before) => ({
      ...before,
      what: example.what,
      bitstring: '',
      ...(example.pauli ? { pauli: example.pauli } : {}),
    }));
  };
  const begin = () => start(requestOf(source, ask), ask.place);

  return (
    <PageFrame
      wide
      sentence={
        failure
          ? failure.line === null
            ? say('refused')
            : say('faulty', { line: failure.line })
          : circuit
            ? say('holds', { qubits: circuit.qubits, gates: circuit.gates })
            : say('sentence')
      }
      under={say('under')}
    >
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
          <DescribeForm onWritten={setSource} />
          <Card title={say('source')}>
            <div className="mb-3 flex flex-wrap items-end gap-2">
              <SelectField
                label={say('example')}
                value={chosen}
                onChange={(event) => {
                  const example = examples.find(({ name }) => name === event.target.value);
                  if (example) choose(example);
                }}
                options={[
                  ...(chosen === 'own' ? [{ value: 'own', label: say('example_own') }] : []),
                  ...examples.map(({ name }) => ({ value: name, label: say(`example_${name}`) })),
                ]}
              />
              <Button
                look="quiet"
                onClick={() => {
                  setSource(randomGrid(5, 10, 1 + Math.floor(Math.random() * 1e6)));
                  setAsk((before) => ({ ...before, what: 'amplitude', bitstring: '' }));
                }}
              >
                {say('anotherRandom')}
              </Button>
              <Button look="quiet" onClick={() => saveText('circuit.qasm', source, 'text/plain')} className="ml-auto">
                <Icon name="download" />
                {say('saveQasm')}
              </Button>
            </div>
            <Suspense fallback={<Waiting label={sayCommon('loading')} rows={8} />}>
              <QasmEditor label={say('editor')} value={source} failure={failure} onChange={setSource} />
            </Suspense>
            <p aria-live="polite" className={`mt-2 break-words ${failure ? 'text-bad' : 'text-soft'}`}>
              {failure
                ? failure.line === null
                  ? failure.message
                  : say('fault', { line: failure.line, column: failure.column ?? 1, message: failure.message })
                : fresh
                  ? say('fine')
                  : `${say('reading')}…`}
            </p>
          </Card>
        </div>
        <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
          <RunForm
            ask={ask}
            onAsk={setAsk}
            ready={fresh && failure === null}
            running={run.status === 'running'}
            onRun={begin}
            onStop={stop}
          />
          {circuit && <CircuitCost circuit={circuit} />}
        </div>
      </div>
      {circuit && (
        <Card
          title={say('drawing')}
          note={
            circuit.svg !== null && (
              <Button look="quiet" onClick={() => saveText('circuit.svg', circuit.svg ?? '', 'image/svg+xml')}>
                <Icon name="download" />
                {say('saveSvg')}
              </Button>
            )
          }
        >
          {circuit.svg === null ? (
            <p className="text-soft">{say('tooLarge')}</p>
          ) : (
            <CircuitPicture svg={circuit.svg} label={say('drawn', { qubits: circuit.qubits, gates: circuit.gates })} />
          )}
        </Card>
      )}
      <RunStatus run={run} />
      {run.status === 'done' && (
        <>
          <RunResult result={run.result} onSource={setSource} />
          <div>
            <Button onClick={() => saveText('results.csv', resultCsv(run.result), 'text/csv')}>
              <Icon name="download" />
              {say('saveCsv')}
            </Button>
          </div>
        </>
      )}
    </PageFrame>
  );
}

function requestOf(source: string, { what, shots, seed, bitstring, pauli }: Ask): QuantumRequest {
  if (what === 'measure') return { source, what, shots: Number(shots), seed: Number(seed) };
  if (what === 'amplitude') return { source, what, bitstring: bitstring.replace(/\s/g, ''), seed: Number(seed) };
  return { source, what, pauli, seed: Number(seed) };
}
