import { nodeScope, roles, scopesOfRole, type Role } from '@hirundo/contract'
import { useSession } from '../app/session.tsx'
import { useText } from '../text/text.tsx'
import { Select } from '../ui/field.tsx'

/** A role with what it may do in words; roles that may more than the reader cannot be given. */
export function RoleChoice({ value, onChange }: { readonly value: Role; readonly onChange: (role: Role) => void }) {
  const t = useText()
  const own = useSession()?.scopes ?? []
  const choices = roles.filter((role) => role === value || scopesOfRole[role].every((scope) => scope === nodeScope || own.includes(scope)))
  return <Select<Role> label={t('people.role')} hint={t(`people.role_${value}_about`)} value={value} onChange={onChange} choices={choices.map((id) => ({ id, label: t(`people.role_${id}`) }))} />
}
