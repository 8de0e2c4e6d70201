import { nodeScope, scopesOfRole, type Role, type Scope } from '@hirundo/contract'
import { DEFAULT_ORGANISATION } from '../db/tables.ts'

/** What scopes allow in an organisation: the node as a whole is operated from the one that it began with. */
export const scopesIn = (organisation_id: number, scopes: readonly Scope[]): readonly Scope[] =>
  organisation_id === DEFAULT_ORGANISATION ? scopes : scopes.filter((scope) => scope !== nodeScope)

/** What a person of a role may do in their organisation. */
export const scopesOf = ({ role, organisation_id }: { readonly role: Role; readonly organisation_id: number }): readonly Scope[] =>
  scopesIn(organisation_id, scopesOfRole[role])
