import {
  commentFinding, findingSummary, getFinding, listFindings, setFindingLabel, setFindingOwner, setFindingState,
  type Dismissal, type FindingState, type Tlp,
} from '@hirundo/contract'
import { useQueryClient } from '@tanstack/react-query'
import { useMemo } from 'react'
import { call } from '../../api/api.ts'
import { useStepUp } from '../../people/use-step-up.ts'
import { useText } from '../../text/text.tsx'
import { useToast } from '../../ui/toast.tsx'
import type { Finding } from '../words/finding.ts'
import { undoing, type Move } from './states.ts'

export interface FindingActs {
  /** Moves it and says so; what was moved can be moved back while that is shown. True: it was done. */
  readonly move: (finding: Finding & { readonly dismissal?: Dismissal | null }, to: Move) => Promise<boolean>
  readonly own: (finding: Finding, person: { readonly id: string; readonly name: string } | null) => Promise<boolean>
  readonly label: (finding: Finding, tlp: Tlp) => Promise<boolean>
  readonly comment: (finding: Finding, text: string) => Promise<boolean>
  readonly busy: boolean
  readonly error: unknown
}

/** `from`: the state that the person saw; who moved it meanwhile is not overruled unseen. */
const set = (id: string, from: FindingState, { state, dismissal, text }: Move) =>
  call(setFindingState, { params: { id }, body: { state, from, ...(dismissal === undefined ? {} : { dismissal }), ...(text === undefined || text === '' ? {} : { text }) } })
const give = (id: string, person: string | null) => call(setFindingOwner, { params: { id }, body: { person } })

/** What a person does to findings, on the board as on a finding's page: every act is said, and lists are asked for again. */
export function useFindingActs(): FindingActs {
  const t = useText()
  const say = useToast()
  const client = useQueryClient()
  const { run, busy, error } = useStepUp()
  return useMemo(() => {
    const done = async (work: () => Promise<unknown>): Promise<boolean> => {
      const answer = await run(work)
      await Promise.all([listFindings, findingSummary, getFinding].map(({ id }) => client.invalidateQueries({ queryKey: [id] })))
      return answer !== undefined
    }
    const back = (id: string, from: FindingState, moves: readonly Move[]) => done(async () => {
      for (const [i, move] of moves.entries()) await set(id, moves[i - 1]?.state ?? from, move)
      return moves
    })
    return {
      busy, error,
      move: async ({ id, state, dismissal = null }, to) => {
        if (!(await done(() => set(id, state, to)))) return false
        const moves = undoing({ state, dismissal }, to.state, t('warn.undone'))
        say(t(`warn.moved_${to.state}`), moves.length === 0 ? undefined : () => void back(id, to.state, moves))
        return true
      },
      own: async ({ id, owner }, person) => {
        if (!(await done(() => give(id, person?.id ?? null)))) return false
        say(person === null ? t('warn.owned_nobody') : t('warn.owned', { name: person.name }), () => void done(() => give(id, owner?.id ?? null)))
        return true
      },
      label: ({ id }, tlp) => done(() => call(setFindingLabel, { params: { id }, body: { tlp } })),
      comment: ({ id }, text) => done(() => call(commentFinding, { params: { id }, body: { text } })),
    }
  }, [t, say, client, run, busy, error])
}

/** What an act is called: a first triage is not an opening again. */
export const actKey = (from: FindingState, to: FindingState) => (to === 'triaged' && from !== 'new' ? 'warn.act_reopen' as const : `warn.act_${to}` as const)
