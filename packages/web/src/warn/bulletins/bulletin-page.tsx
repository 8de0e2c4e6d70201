import { getBulletin, languages, listBulletins, type BulletinView, type Language } from '@hirundo/contract'
import { useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useAnswer } from '../../api/api.ts'
import { useScope } from '../../app/session.tsx'
import { useParam } from '../../node/use-param.ts'
import { languageNames } from '../../text/languages.ts'
import { useFormat } from '../../text/format.ts'
import { useReader, useText } from '../../text/text.tsx'
import { Button } from '../../ui/button.tsx'
import { Segmented } from '../../ui/field.tsx'
import { Page } from '../../ui/page.tsx'
import { Answered } from '../../ui/state.tsx'
import { Time } from '../../ui/time.tsx'
import { SeverityMark, TlpLabel } from '../words/marks.tsx'
import { isMissing, Missing } from '../words/missing.tsx'
import { underscored } from '../words/subject.ts'
import '../warn.css'
import { BulletinEditor } from './bulletin-editor.tsx'
import { BulletinPaper } from './bulletin-paper.tsx'
import { BulletinStateMark, Deliveries } from './bulletin-parts.tsx'
import { emptyDraft, isChanged, type Draft } from './draft.ts'
import { ReleaseSection, WithdrawSection } from './release-section.tsx'

const views = ['edit', 'read'] as const
/** While messages are on their way. */
const ASKED_EVERY_MS = 15_000

/** Facts of a bulletin, and the findings behind it. */
function Facts({ bulletin }: { readonly bulletin: BulletinView }) {
  const t = useText()
  return (
    <dl className="facts">
      <div><dt>{t('bulletins.drafted')}</dt><dd><Time at={bulletin.created_at} /><span className="quiet block small" data-value>{bulletin.created_by}</span></dd></div>
      {bulletin.released_at !== null && <div><dt>{t('bulletins.released')}</dt><dd><Time at={bulletin.released_at} /><span className="quiet block small" data-value>{bulletin.released_by}</span></dd></div>}
      {bulletin.state !== 'draft' && <div><dt>{t('bulletins.deliveries')}</dt><dd><Deliveries deliveries={bulletin.deliveries} /> <Link to="/warn/subscriptions" search={{ bulletin: bulletin.id } as never}>{t('bulletins.deliveries_list')}</Link></dd></div>}
      {bulletin.withdrawn_why !== null && <div><dt>{t('bulletins.withdraw_why')}</dt><dd data-value>{bulletin.withdrawn_why}</dd></div>}
      <div><dt>{t('bulletins.findings')}</dt><dd>{bulletin.findings.map((id) => <Link key={id} className="block" to="/warn/findings/$id" params={{ id } as never}>{t('bulletins.finding_of', { kind: t(`warn.kind_${underscored(bulletin.kind)}`) })}</Link>)}</dd></div>
    </dl>
  )
}

function Content({ bulletin, onChanged }: { readonly bulletin: BulletinView; readonly onChanged: (bulletin: BulletinView) => void }) {
  const t = useText()
  const { locale } = useReader()
  const may_write = useScope('findings:write')
  const may_release = useScope('bulletins:release')
  const [wanted_language, chooseLanguage] = useParam('language')
  const [wanted_view, chooseView] = useParam('view')
  const language: Language = languages.find((one) => one === wanted_language) ?? locale
  const editable = bulletin.state === 'draft' && may_write
  const view = editable ? views.find((one) => one === wanted_view) ?? 'edit' : 'read'
  const [draft, setDraft] = useState<Draft>(() => emptyDraft(bulletin))
  const saved = (next: BulletinView) => {
    setDraft(emptyDraft(next))
    onChanged(next)
  }
  const rebase = (theirs: BulletinView, next: Draft) => {
    onChanged(theirs)
    setDraft(next)
  }
  return (
    <div className="grid">
      <div className="two-thirds stack">
        <div className="row screen-only">
          <Segmented<Language> label={t('shell.language')} value={language} onChange={(next) => chooseLanguage(next)} choices={languages.map((id) => ({ id, label: languageNames[id] }))} />
          {editable && <Segmented label={t('bulletins.view')} value={view} onChange={(next) => chooseView(next)} choices={views.map((id) => ({ id, label: t(`bulletins.view_${id}`) }))} />}
          {view === 'read' && <Button onPress={() => print()}>{t('bulletins.print')}</Button>}
        </div>
        <p className="quiet small screen-only">{t(bulletin.edited.includes(language) || draft.texts[language] !== undefined ? 'bulletins.edited' : 'bulletins.as_drafted', { language: languageNames[language] })}</p>
        {view === 'edit' ? <BulletinEditor bulletin={bulletin} language={language} onLanguage={chooseLanguage} draft={draft} onDraft={setDraft} onSaved={saved} onRebased={rebase} /> : <BulletinPaper bulletin={bulletin} language={language} />}
      </div>
      <div className="third stack screen-only">
        <Facts bulletin={bulletin} />
        {bulletin.state === 'draft' && <ReleaseSection bulletin={bulletin} unsaved={isChanged(draft)} onChanged={saved} />}
        {bulletin.state === 'released' && may_release && <WithdrawSection bulletin={bulletin} onChanged={onChanged} />}
      </div>
    </div>
  )
}

function Story({ id }: { readonly id: string }) {
  const t = useText()
  const format = useFormat()
  const { locale } = useReader()
  const client = useQueryClient()
  const key = [getBulletin.id, { params: { id } }, locale]
  const waits = (client.getQueryData<BulletinView>(key)?.deliveries.waiting ?? 0) > 0
  const answer = useAnswer(getBulletin, { params: { id } }, waits ? { every_ms: ASKED_EVERY_MS } : {})
  const bulletin = answer.data
  const changed = (next: BulletinView) => {
    client.setQueryData(key, next)
    void client.invalidateQueries({ queryKey: [listBulletins.id] })
  }
  const sentence = bulletin === undefined ? t(answer.error ? 'top.sentence_failed' : 'bulletins.bulletin_loading') : t(`bulletins.sentence_${bulletin.state}`, {
    number: bulletin.number, title: bulletin.texts[locale].title, by: bulletin.released_by ?? bulletin.created_by, at: format.instant(bulletin.released_at ?? bulletin.created_at), sent: bulletin.deliveries.sent, waiting: bulletin.deliveries.waiting, edited: bulletin.edited.length,
  })
  if (isMissing(answer.error)) return <Missing name={t('bulletins.name')} title={t('bulletins.missing')} text={t('bulletins.missing_text')} to="/warn/bulletins" link={t('bulletins.to_list')} />
  return (
    <Page name={bulletin?.number ?? t('bulletins.name')} sentence={sentence}
      filters={bulletin && <><BulletinStateMark state={bulletin.state} /><TlpLabel tlp={bulletin.tlp} /><SeverityMark severity={bulletin.severity} />{bulletin.simulated && <span className="tag">{t('ui.simulated')}</span>}</>}>
      <Answered answer={answer} lines={12}>{(known) => <Content bulletin={known} onChanged={changed} />}</Answered>
    </Page>
  )
}

/** One early warning: its text in every language, who will get it, and its release by a person. */
export function BulletinPage() {
  const { id = '' } = useParams({ strict: false }) as { readonly id?: string }
  return <Story key={id} id={id} />
}
