import { ok } from '@hirundo/base'
import * as contract from '@hirundo/contract'
import { handle, type Handler, type Platform } from '../../../platform/module.ts'
import type { ObservatoryAnswers } from '../../observatory/index.ts'
import { check, type CheckTools } from './check.ts'
import { comment, ownersOf, setLabel, setOwner, setState } from './commands.ts'
import { viewOf, type ViewTools } from './get.ts'
import { list } from './list.ts'
import { listMutes, muteFindings, unmute } from './mutes.ts'
import { series, type SeriesTools } from './series.ts'
import { summary, type WatchHealth } from './summary.ts'

export interface FindingTools extends ViewTools, Pick<CheckTools, 'db' | 'world'>, Pick<Platform, 'audit'> {
  readonly analytics: CheckTools['analytics'] & SeriesTools['analytics']
  readonly answers: ObservatoryAnswers
  healthOf(organisation_id: number): Promise<WatchHealth>
}

/** The board, one finding, what people do with it, and rules that mute. */
export function findingHandlers(tools: FindingTools): readonly Handler[] {
  const { db } = tools
  return [
    handle(contract.listFindings, ({ query }, { actor }) => list(tools, actor!, query)),
    handle(contract.findingSummary, async (_, { actor }) => summary(tools, actor!, await tools.healthOf(actor!.organisation_id))),
    handle(contract.findingOwners, async (_, { actor }) => ok({ people: await ownersOf(db, actor!.organisation_id) })),
    handle(contract.getFinding, ({ params }, { actor }) => viewOf(tools, actor!, params.id)),
    handle(contract.checkFinding, ({ params }, { actor }) => check(tools, actor!, params.id)),
    handle(contract.findingSeries, ({ params }, { actor }) => series(tools, tools.answers, actor!, params.id)),
    handle(contract.setFindingState, ({ params, body }, { actor }) => setState(tools, actor!, params.id, body)),
    handle(contract.setFindingOwner, ({ params, body }, { actor }) => setOwner(tools, actor!, params.id, body.person)),
    handle(contract.setFindingLabel, ({ params, body }, { actor }) => setLabel(tools, actor!, params.id, body.tlp)),
    handle(contract.commentFinding, ({ params, body }, { actor }) => comment(tools, actor!, params.id, body.text)),
    handle(contract.listMutes, async (_, { actor }) => ok({ mutes: await listMutes(tools, actor!.organisation_id) })),
    handle(contract.addMute, ({ body }, { actor }) => muteFindings(tools, actor!, body)),
    handle(contract.removeMute, ({ params }, { actor }) => unmute(tools, actor!, params.id)),
  ]
}
