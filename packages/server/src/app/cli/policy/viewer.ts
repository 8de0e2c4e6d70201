import { membershipScopes, purposes, viewerRoles, workLayers, type MembershipScope, type Purpose, type Viewer, type ViewerCommunity, type ViewerRole, type WorkLayer } from '@hirundo/contract'
import { InvalidArgumentError, Option, type Command } from 'commander'

export interface ViewerOptions {
  readonly team?: string
  readonly own?: boolean
  readonly role: ViewerRole
  readonly layer?: WorkLayer[]
  readonly agreed?: Purpose[]
  readonly member?: ViewerCommunity[]
  readonly suspended?: ViewerCommunity[]
}

/** `abcd-efgh-ijkl-mnop-qrst/<uuid>`; the node checks the rest. */
const community = (scopes: readonly MembershipScope[]) => (text: string, before: ViewerCommunity[] | undefined): ViewerCommunity[] => {
  const [founder, id, ...more] = text.split('/')
  if (!founder || !id || more.length > 0) throw new InvalidArgumentError('It is the founder’s key and the community’s UUID: abcd-efgh-ijkl-mnop-qrst/5c0d1c1e-0000-4000-8000-000000000000.')
  return [...(before ?? []), { founder, id, scopes: [...scopes], carve_outs: [] }]
}

/** Adds what says who looks. */
export const viewerOptions = (command: Command): Command => command
  .option('--team <UUID>', 'of whom; the public when left out').option('--own', 'it is the team whose node this is')
  .addOption(new Option('--role <ROLE>', 'as what').choices(viewerRoles).default('public'))
  .addOption(new Option('--layer <LAYER...>', 'that the viewer works for').choices(workLayers)).addOption(new Option('--agreed <PURPOSE...>', 'that the team has agreed to').choices(purposes))
  .addOption(new Option('--member <COMMUNITY>', 'in good standing; may be repeated').argParser(community(membershipScopes)))
  .addOption(new Option('--suspended <COMMUNITY>', 'suspended from receiving; may be repeated').argParser(community(membershipScopes.filter((scope) => scope !== 'receive'))))

export const viewerOf = ({ team, own, role, layer, agreed, member, suspended }: ViewerOptions): Viewer => ({
  team: team ?? null, own: own ?? false, role, layers: layer ?? [], purposes: agreed ?? [], communities: [...(member ?? []), ...(suspended ?? [])],
})
