import { useState } from 'react'
import { Button as AriaButton } from 'react-aria-components'
import { useText } from '../../text/text.tsx'
import { Ask } from '../ask.tsx'
import { Button } from '../button.tsx'
import { Check } from '../check.tsx'
import { CopyButton } from '../copy-button.tsx'
import { Segmented, Select, Switch, TextField } from '../field.tsx'
import { Menu } from '../menu.tsx'
import { useToast } from '../toast.tsx'
import { Specimens } from './specimen.tsx'

export function Buttons() {
  const t = useText()
  const say = useToast()
  return (
    <Specimens title={t('node.gallery_buttons')}>
      <div className="row">
        <Button kind="primary" onPress={() => say(t('ui.saved'), () => undefined)}>{t('ui.save')}</Button>
        <Button onPress={() => say(t('ui.saved'))}>{t('ui.apply')}</Button>
        <Button kind="plain">{t('ui.more')}</Button>
        <Button kind="danger">{t('people.remove')}</Button>
        <Button isDisabled>{t('node.gallery_disabled')}</Button>
        <Button kind="primary" isDisabled>{t('node.gallery_disabled')}</Button>
        <Button isPending>{t('node.gallery_pending')}</Button>
        <CopyButton text="hirundo" what={t('node.gallery_buttons')} />
        <Menu label={t('ui.figure_menu')} face={<span aria-hidden="true">⋯</span>} entries={[{ id: 'csv', label: t('ui.figure_csv'), onAction: () => say(t('ui.copied')) }, { id: 'json', label: t('ui.figure_json'), onAction: () => say(t('ui.copied')) }]} />
        <a className="button" href="#content">{t('node.gallery_link')}</a>
      </div>
      <div className="row">
        <AriaButton className="chip"><span className="quiet">{t('ui.period')}</span> {t('ui.period_last', { length: t('ui.hours', { n: 24 }) })}</AriaButton>
        <AriaButton className="chip" aria-pressed="true">{t('ui.days', { n: 7 })}</AriaButton>
        <AriaButton className="chip" aria-pressed="false">{t('ui.days', { n: 30 })}</AriaButton>
      </div>
      <Ask label={t('people.remove')} question={t('node.gallery_question')} onConfirm={() => say(t('ui.saved'))} />
    </Specimens>
  )
}

export function Fields() {
  const t = useText()
  const [typed, setTyped] = useState('')
  const [choice, setChoice] = useState<'include' | 'exclude' | 'only'>('include')
  const [on, setOn] = useState(true)
  const choices = (['include', 'exclude', 'only'] as const).map((id) => ({ id, label: t(`ui.research_${id}`) }))
  return (
    <Specimens title={t('node.gallery_fields')}>
      <div className="facts">
        <TextField label={t('people.name')} value={typed} onChange={setTyped} autoComplete="off" />
        <TextField label={t('people.sign_in_name')} hint={t('people.sign_in_name_hint')} value={typed} onChange={setTyped} autoComplete="off" />
        <TextField label={t('people.password')} type="password" error={t('people.missing')} value={typed} onChange={setTyped} autoComplete="off" />
        <TextField label={t('people.name')} isDisabled value={t('node.gallery_disabled')} onChange={() => undefined} />
        <TextField label={t('node.networks')} lines={3} value={typed} onChange={setTyped} />
        <Select label={t('ui.research')} value={choice} onChange={setChoice} choices={choices} hint={t('node.gallery_hint')} />
      </div>
      <Segmented label={t('ui.research')} value={choice} onChange={setChoice} choices={choices} />
      <div className="row">
        <Switch isSelected={on} onChange={setOn}>{t(on ? 'ui.yes' : 'ui.no')}</Switch>
        <Switch isSelected onChange={() => undefined} isDisabled>{t('node.gallery_disabled')}</Switch>
        <Check isSelected={on} onChange={setOn}>{t('people.recovery_kept')}</Check>
        <Check isSelected={false} onChange={() => undefined} isDisabled>{t('node.gallery_disabled')}</Check>
      </div>
    </Specimens>
  )
}
