import type { ButtonHTMLAttributes, ReactNode, Ref } from 'react';
import { Icon, type IconName } from './icon.tsx';

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  /** `primary` decides, `plain` does, `quiet` stands in a row of text, `danger` cannot be taken back. */
  readonly look?: 'primary' | 'plain' | 'quiet' | 'danger';
  readonly busy?: boolean;
  readonly ref?: Ref<HTMLButtonElement>;
}

const looks = {
  primary: 'border-ink bg-ink text-paper hover:opacity-90',
  plain: 'border-line bg-card text-ink hover:border-field',
  quiet: 'border-transparent text-soft hover:bg-hair hover:text-ink',
  danger: 'border-decide bg-decide text-decide-ink hover:opacity-90',
};

export function buttonClass(look: NonNullable<ButtonProps['look']>, extra = ''): string {
  return `inline-flex min-h-8 items-center justify-center gap-1.5 rounded-control border px-3 py-1 text-base font-medium whitespace-nowrap transition-[opacity,background-color,border-color] disabled:opacity-55 ${looks[look]} ${extra}`;
}

export function Button({ look = 'plain', busy = false, className = '', children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      aria-busy={busy || undefined}
      {...rest}
      disabled={rest.disabled || busy}
      className={buttonClass(look, className)}
    >
      {children}
    </button>
  );
}

export interface IconButtonProps extends Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'children'> {
  readonly icon: IconName;
  /** What it does, in words; its name for screen readers and its tooltip. */
  readonly label: string;
  readonly ref?: Ref<HTMLButtonElement>;
}

export function IconButton({ icon, label, className = '', ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={`inline-grid size-8 shrink-0 place-items-center rounded-control text-soft hover:bg-hair hover:text-ink disabled:opacity-40 aria-pressed:bg-hair aria-pressed:text-ink ${className}`}
    >
      <Icon name={icon} />
    </button>
  );
}

/** A row of choices of which one holds. */
export function Choices<T extends string>({
  label,
  value,
  options,
  onChange,
}: {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: ReactNode }[];
  readonly onChange: (value: T) => void;
}) {
  return (
    <fieldset className="inline-flex min-w-0 flex-wrap gap-0.5 rounded-control border border-line bg-card p-0.5">
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
          className="min-h-7 rounded-[5px] px-2.5 text-soft hover:text-ink aria-pressed:bg-hair aria-pressed:font-medium aria-pressed:text-ink"
        >
          {option.label}
        </button>
      ))}
    </fieldset>
  );
}
