import { draftBulletin, findingOwners, listFindings, listMutes, tlps, type FindingState, type FindingView, type Tlp } from '@hirundo/contract'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { call, useAnswer } from '../../api/api.ts'
import { useSession } from '../../app/session.tsx'
import { ActProblem } from '../../people/act-problem.tsx'
import { useStepUp } from '../../people/use-step-up.ts'
import { useText } from '../../text/text.tsx'
import { Button } from '../../ui/button.tsx'
import { Select } from '../../ui/field.tsx'
import { useToast } from '../../ui/toast.tsx'
import { ReasonDialog } from '../acts/reason-dialog.tsx'
import { actsOf, isReopening } from '../acts/states.ts'
import { actKey, type FindingActs } from '../acts/use-finding-acts.ts'
import { MuteDrawer } from '../mutes/mute-drawer.tsx'

interface ActsProps {
  readonly finding: FindingView
  readonly acts: FindingActs
}

/** Drafts an early warning of this finding and leads to it. */
function Draft({ finding }: Pick<ActsProps, 'finding'>) {
  const t = useText()
  const navigate = useNavigate()
  const { run, busy, error } = useStepUp()
  const draft = async () => {
    const made = await run(() => call(draftBulletin, { params: { id: finding.id } }))
    if (made) await navigate({ href: `/warn/bulletins/${made.id}` })
  }
  return <><Button isPending={busy} onPress={() => void draft()}>{t('warn.draft')}</Button><ActProblem error={error} /></>
}

/** What can be done with it now, the likeliest first. */
export function StateButtons({ finding, acts }: ActsProps) {
  const t = useText()
  const say = useToast()
  const client = useQueryClient()
  const [dialog, setDialog] = useState<'dismissed' | 'triaged' | 'mute'>()
  const act = (state: FindingState) => {
    if (state === 'dismissed' || (state === 'triaged' && isReopening(finding.state, state))) setDialog(state)
    else void acts.move(finding, { state })
  }
  const { victim, source, protocol, port } = finding.subject
  // Of a port that a source scans the source is what is kept off the board.
  const subject = source !== undefined ? { source } : victim !== undefined ? { victim } : protocol !== undefined && port !== undefined ? { protocol, port } : {}
  return (
    <div className="row">
      {actsOf[finding.state].map((state, i) => <Button key={state} {...(i === 0 && finding.state !== 'closed' ? { kind: 'primary' as const } : {})} isPending={acts.busy} onPress={() => act(state)}>{t(actKey(finding.state, state))}</Button>)}
      <Button onPress={() => setDialog('mute')}>{t('warn.mute')}</Button>
      <Draft finding={finding} />
      {dialog === undefined && <ActProblem error={acts.error} />}
      {(dialog === 'dismissed' || dialog === 'triaged') && <ReasonDialog finding={finding} to={dialog} acts={acts} onClose={() => setDialog(undefined)} />}
      {dialog === 'mute' && <MuteDrawer first={{ kind: finding.kind, subject }} onClose={() => setDialog(undefined)} onDone={() => {
        setDialog(undefined)
        say(t('warn.mute_done'))
        for (const { id } of [listMutes, listFindings]) void client.invalidateQueries({ queryKey: [id] })
      }} />}
    </div>
  )
}

const NOBODY = 'nobody'

/** Whose it is, and who may see it. */
export function OwnerAndLabel({ finding, acts }: ActsProps) {
  const t = useText()
  const me = useSession()?.person
  const { data } = useAnswer(findingOwners, {})
  const people = data?.people ?? []
  const known = [...people, ...(finding.owner && !people.some(({ id }) => id === finding.owner!.id) ? [finding.owner] : [])].toSorted((a, b) => Number(b.id === me?.id) - Number(a.id === me?.id))
  const give = (id: string) => void acts.own(finding, id === NOBODY ? null : known.find((one) => one.id === id) ?? null)
  return (
    <div className="pair">
      <Select label={t('warn.owner')} value={finding.owner?.id ?? NOBODY} onChange={give} choices={[{ id: NOBODY, label: t('warn.owner_nobody') }, ...known.map(({ id, name }) => ({ id, label: id === me?.id ? t('warn.owner_me_named', { name }) : name }))]} />
      <Select<Tlp> label={t('warn.tlp')} value={finding.tlp} onChange={(tlp) => void acts.label(finding, tlp)} choices={tlps.map((id) => ({ id, label: id }))} hint={t('warn.tlp_hint')} />
    </div>
  )
}
