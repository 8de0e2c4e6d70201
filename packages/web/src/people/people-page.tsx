import { listPersons, type PersonView } from '@hirundo/contract'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { ParamLink } from '../node/param-link.tsx'
import { useParam } from '../node/use-param.ts'
import { rows_max, usePages } from '../node/use-pages.ts'
import { useText, type Text } from '../text/text.tsx'
import { Button } from '../ui/button.tsx'
import { Page } from '../ui/page.tsx'
import { Answered } from '../ui/state.tsx'
import { Table } from '../ui/table.tsx'
import { Time } from '../ui/time.tsx'
import { BreakGlassSection } from './break-glass-section.tsx'
import { InviteDrawer } from './invite-drawer.tsx'
import { PersonDrawer } from './person-drawer.tsx'
import { PersonState, waysText } from './person-parts.tsx'
import './people.css'

function sentenceOf(persons: readonly PersonView[] | undefined, t: Text): string {
  if (!persons) return t('people.people_sentence')
  const own = persons.filter(({ break_glass }) => !break_glass)
  const count = (state: PersonView['state']) => own.filter((person) => person.state === state).length
  const administrators = own.filter(({ role, state }) => role === 'administrator' && state === 'active').length
  return t('people.people_counted', { active: count('active'), administrators, invited: count('invited'), disabled: count('disabled') })
}

/** Who can sign in to this node, as what? */
export function PeoplePage() {
  const t = useText()
  const client = useQueryClient()
  const [id, open] = useParam('person')
  const [inviting, setInviting] = useState(false)
  const { answer, has_more, busy, more } = usePages(listPersons, {})
  const persons = answer.data?.flatMap((page) => page.persons)
  const changed = () => void client.invalidateQueries({ queryKey: [listPersons.id] })
  const person = persons?.find((one) => one.id === id)
  return (
    <Page name={t('shell.people')} sentence={sentenceOf(persons, t)} filters={<Button kind="primary" onPress={() => setInviting(true)}>{t('people.invite')}</Button>}>
      <Answered answer={{ ...answer, data: persons }}>{(all) => <PersonTable persons={all.filter(({ break_glass }) => !break_glass)} />}</Answered>
      {has_more && <div><Button isPending={busy} onPress={more}>{t('ui.more')}</Button></div>}
      <BreakGlassSection account={persons?.find(({ break_glass }) => break_glass)} onChanged={changed} />
      <InviteDrawer isOpen={inviting} onClose={() => setInviting(false)} onChanged={changed} />
      {person && <PersonDrawer key={person.id} person={person} onClose={() => open(undefined)} onChanged={changed} />}
    </Page>
  )
}

function PersonTable({ persons }: { readonly persons: readonly PersonView[] }) {
  const t = useText()
  return (
    <Table caption={t('people.table')} caption_hidden cards rows_shown_max={rows_max} rows={persons} row_key={({ id }) => id} columns={[
      { id: 'name', head: t('people.name'), row_head: true, cell: (person) => <>
        <ParamLink name="person" value={person.id}><span data-value>{person.name}</span></ParamLink>
        <span className="quiet block" data-value>{person.sign_in_name}</span>
      </> },
      { id: 'role', head: t('people.role'), cell: ({ role }) => t(`people.role_${role}`) },
      { id: 'state', head: t('people.state'), cell: (person) => <PersonState state={person.state} /> },
      { id: 'ways', head: t('people.ways'), cell: (person) => waysText(person, t).map((way) => <span key={way} className="block">{way}</span>) },
      { id: 'last', head: t('people.last_sign_in'), cell: ({ last_sign_in_at }) => <Time at={last_sign_in_at} /> },
    ]} />
  )
}
