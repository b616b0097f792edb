import { isAbsolute } from 'node:path';
import { type KpiSourceDefinition, type KpiSourceMapping, MyriadError, type SaveKpiSource } from '@myriad/contracts';
import { checkSelect } from './check-select.ts';

const nothing: KpiSourceDefinition = {
  name: '',
  kind: 'postgres',
  address: '',
  sql: '',
  mapping: { id: 'id', kpi: { name: '' }, unit: 'unit', value: 'value', time: 'time', timeUnit: 'ms', watermark: '' },
  overlap: 0,
  everyMinutes: 15,
  timeoutMs: 30_000,
  enabled: true,
};
const protocols = { postgres: ['postgres:', 'postgresql:'], mysql: ['mysql:', 'mariadb:'] } as const;

/**
 * What was there with the change, whole and checked; a password inside the address comes out of it.
 *
 * @throws MyriadError `invalid_request` naming the field and what was expected.
 */
export function checkDefinition(
  name: string,
  before: KpiSourceDefinition | null,
  change: SaveKpiSource,
): { readonly definition: KpiSourceDefinition; readonly passwordInAddress: string | null } {
  const { password: _, mapping: changedMapping, ...fields } = change;
  const base = before ?? nothing;
  const mapping: KpiSourceMapping = { ...base.mapping, ...changedMapping };
  const whole = { ...base, ...fields, name, mapping: { ...mapping, watermark: mapping.watermark || mapping.time } };
  const refuse = (field: string, expected: string): never => {
    throw new MyriadError('invalid_request', `${field}: expected ${expected}.`, { facts: { field } });
  };
  if (!/^[a-z][a-z0-9-]{0,63}$/.test(name))
    refuse('name', 'lower-case letters, digits and hyphens, such as shop-orders');
  for (const field of ['id', 'unit', 'value', 'time', 'watermark'] as const)
    if (!isColumn(whole.mapping[field])) refuse(`mapping.${field}`, 'the name of a column of the query');
  if ('name' in mapping.kpi) {
    if (!/^[a-z][a-z0-9_]{0,127}$/.test(mapping.kpi.name)) refuse('mapping.kpi', 'a KPI such as refund_cycle_hours');
  } else if (!isColumn(mapping.kpi.column)) refuse('mapping.kpi', 'the name of a column of the query');
  const sql = checkSelect(whole.sql);
  if (whole.kind === 'sqlite' || whole.kind === 'duckdb') {
    if (!isAbsolute(whole.address)) refuse('address', "the file's absolute path on this machine");
    return { definition: { ...whole, sql }, passwordInAddress: null };
  }
  const allowed: readonly string[] = protocols[whole.kind];
  const url = URL.canParse(whole.address) ? new URL(whole.address) : null;
  if (!url || !allowed.includes(url.protocol) || url.username === '' || url.pathname.length < 2)
    return refuse('address', `${allowed[0]}//user@host/database`);
  // The address of a cloud's own secrets is nobody's database.
  if (/^(169\.254\.|\[?fe80:|\[?fd00:ec2)/i.test(url.hostname))
    throw new MyriadError('address_blocked', `${url.hostname} is a link-local address and is not read.`);
  const passwordInAddress = url.password === '' ? null : decodeURIComponent(url.password);
  url.password = '';
  return { definition: { ...whole, sql, address: url.href }, passwordInAddress };
}

const isColumn = (name: unknown) => typeof name === 'string' && name.length > 0 && name.length <= 128;
