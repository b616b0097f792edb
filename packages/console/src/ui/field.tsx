import {
  type InputHTMLAttributes,
  type ReactNode,
  type Ref,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
  useId,
} from 'react';

const control =
  'w-full rounded-control border border-field bg-card px-2.5 py-1.5 text-base text-ink focus-visible:outline-2 focus-visible:outline-offset-0 focus-visible:outline-data disabled:opacity-60';

interface FieldProps {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  readonly error?: string | null;
  /** Hides the label from sight, not from screen readers. */
  readonly quiet?: boolean;
}

function Frame({
  label,
  hint,
  error,
  quiet,
  id,
  children,
}: FieldProps & { readonly id: string; readonly children: ReactNode }) {
  return (
    <div className="grid gap-1">
      <label htmlFor={id} className={quiet ? 'sr-only' : 'text-small font-medium text-soft'}>
        {label}
      </label>
      {children}
      {hint && (
        <p id={`${id}-hint`} className="text-small text-soft">
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} role="alert" className="text-small text-bad">
          {error}
        </p>
      )}
    </div>
  );
}

function described(id: string, { hint, error }: FieldProps): string | undefined {
  return [hint ? `${id}-hint` : '', error ? `${id}-error` : ''].filter(Boolean).join(' ') || undefined;
}

export function TextField({
  label,
  hint,
  error,
  quiet,
  className = '',
  ...rest
}: FieldProps & InputHTMLAttributes<HTMLInputElement> & { readonly ref?: Ref<HTMLInputElement> }) {
  const id = useId();
  const frame: FieldProps = { label, hint, error: error ?? null, quiet: quiet ?? false };
  return (
    <Frame {...frame} id={id}>
      <input
        id={id}
        aria-invalid={error ? true : undefined}
        aria-describedby={described(id, frame)}
        {...rest}
        className={`${control} min-h-9 ${className}`}
      />
    </Frame>
  );
}

export function TextArea({
  label,
  hint,
  error,
  quiet,
  className = '',
  ...rest
}: FieldProps & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  const id = useId();
  const frame: FieldProps = { label, hint, error: error ?? null, quiet: quiet ?? false };
  return (
    <Frame {...frame} id={id}>
      <textarea id={id} aria-describedby={described(id, frame)} {...rest} className={`${control} ${className}`} />
    </Frame>
  );
}

export interface Option {
  readonly value: string;
  readonly label: string;
}

/** The platform's own select: it works with every keyboard, screen reader and phone. */
export function SelectField({
  label,
  hint,
  error,
  quiet,
  options,
  className = '',
  ...rest
}: FieldProps & SelectHTMLAttributes<HTMLSelectElement> & { readonly options: readonly Option[] }) {
  const id = useId();
  const frame: FieldProps = { label, hint, error: error ?? null, quiet: quiet ?? false };
  return (
    <Frame {...frame} id={id}>
      <select id={id} aria-describedby={described(id, frame)} {...rest} className={`${control} min-h-9 ${className}`}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </Frame>
  );
}

export function CheckField({ label, hint, ...rest }: FieldProps & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId();
  return (
    <div className="flex items-start gap-2">
      <input id={id} type="checkbox" {...rest} className="mt-0.5 size-4 accent-data" />
      <label htmlFor={id}>
        {label}
        {hint && <span className="block text-small text-soft">{hint}</span>}
      </label>
    </div>
  );
}
