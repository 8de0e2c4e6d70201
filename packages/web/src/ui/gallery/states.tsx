import { useState } from 'react'
import { ProblemError } from '../../api/api.ts'
import { useText } from '../../text/text.tsx'
import { Button } from '../button.tsx'
import { Dialog } from '../dialog.tsx'
import { Switch } from '../field.tsx'
import { Once } from '../once.tsx'
import { Empty, Loading, Notice, ProblemView } from '../state.tsx'
import { Specimens } from './specimen.tsx'

export function States() {
  const t = useText()
  const [loading, setLoading] = useState(false)
  const problem = (code: string, status: number, detail: string) => new ProblemError({ code, status, title: t(status === 403 ? 'shell.forbidden' : 'shell.failed'), detail, instance: status === 500 ? 'urn:uuid:4f1d2c3b-0000-4000-8000-0123456789ab' : '' })
  return (
    <Specimens title={t('node.gallery_states')}>
      <Switch isSelected={loading} onChange={setLoading}>{t('node.gallery_loading')}</Switch>
      {loading && <Loading lines={3} />}
      <Empty title={t('node.tokens_none')}><p>{t('node.tokens_none_next')}</p><Button kind="primary">{t('node.token_create')}</Button></Empty>
      <Notice><span>{t('people.person_self')}</span></Notice>
      <Notice kind="person"><strong>{t('people.setup_open')}</strong><span>{t('people.setup_open_next')}</span></Notice>
      <Notice kind="loss"><strong>{t('people.break_glass_used')}</strong><span>{t('people.break_glass_used_next')}</span></Notice>
      <ProblemView error={problem('unreachable', 0, '')} onRetry={() => undefined} />
      <ProblemView error={problem('auth/forbidden', 403, '')} />
      <ProblemView error={problem('internal', 500, '')} />
      <div className="row">
        <span className="status good">{t('people.state_active')}</span>
        <span className="status person">{t('people.state_invited')}</span>
        <span className="status loss">{t('node.part_failed')}</span>
        <span className="status hollow quiet">{t('people.state_disabled')}</span>
      </div>
      <p className="band-simulated">{t('shell.simulated')}</p>
      <Once label={t('node.token_text', { name: 'dashboard' })} value="hirundo_0000000000000000000000000000000000000000"><p>{t('node.token_text_about')}</p></Once>
    </Specimens>
  )
}

export function Dialogs() {
  const t = useText()
  const [open, setOpen] = useState<'dialog' | 'alert' | 'drawer'>()
  const close = () => setOpen(undefined)
  return (
    <Specimens title={t('node.gallery_dialogs')}>
      <div className="row">
        <Button onPress={() => setOpen('dialog')}>{t('node.gallery_dialog')}</Button>
        <Button onPress={() => setOpen('alert')}>{t('node.gallery_alert')}</Button>
        <Button onPress={() => setOpen('drawer')}>{t('node.gallery_drawer')}</Button>
      </div>
      <Dialog title={t('people.step_up_title')} isOpen={open === 'dialog'} onClose={close}><p>{t('people.step_up_why')}</p></Dialog>
      <Dialog title={t('node.token_revoke')} role="alertdialog" isOpen={open === 'alert'} onClose={close}>
        <p>{t('node.token_revoke_question', { name: 'dashboard' })}</p>
        <div className="row"><Button kind="danger" onPress={close}>{t('node.token_revoke')}</Button><Button onPress={close}>{t('ui.cancel')}</Button></div>
      </Dialog>
      <Dialog title={t('people.invite')} drawer isOpen={open === 'drawer'} onClose={close}><p>{t('people.invite_about')}</p></Dialog>
    </Specimens>
  )
}
