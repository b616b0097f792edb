import type { Price } from '@myriad/contracts';

/** `2026-11-24 09:30` in the reader's zone, or `never`. */
export function formatTime(time: number | null): string {
  if (time === null) return 'never';
  const date = new Date(time);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** `0.0123 USD`, or `unpriced`. */
export function formatMoney(micros: number | null, currency: string): string {
  if (micros === null) return 'unpriced';
  const value = micros / 1_000_000;
  return `${value === 0 ? '0' : Math.abs(value) < 0.01 ? value.toPrecision(2) : value.toFixed(4)} ${currency}`;
}

/** `0.50 / 1.50 USD per million tokens`, or `unpriced`. */
export function formatPrice(price: Price | null): string {
  if (!price) return 'unpriced';
  if (price.inputMicrosPerMillion === 0 && price.outputMicrosPerMillion === 0) return 'free';
  return `${price.inputMicrosPerMillion / 1e6} / ${price.outputMicrosPerMillion / 1e6} ${price.currency} per million`;
}

export function formatBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit += 1) value /= 1000;
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}
