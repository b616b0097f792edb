import type { Role } from '@myriad/contracts';
import { SelectField } from '../../ui/field.tsx';
import { common } from '../../words/common.ts';
import { useWords } from '../../words/define-words.ts';
import { peopleWords } from './words.ts';

const roles: readonly Role[] = ['member', 'builder', 'owner'];

/** A role with what it may do. */
export function RoleField({ role, onChange }: { readonly role: Role; readonly onChange: (role: Role) => void }) {
  const say = useWords(peopleWords);
  const sayCommon = useWords(common);
  return (
    <SelectField
      label={say('role')}
      hint={say(`roleHint_${role}`)}
      value={role}
      onChange={(event) => onChange(event.target.value as Role)}
      options={roles.map((value) => ({ value, label: sayCommon(`role_${value}`) }))}
    />
  );
}
