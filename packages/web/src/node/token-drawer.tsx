import { revokeToken, type TokenView } from '@hirundo/contract'
import { call } from '../api/api.ts'
import { ActDialog } from '../people/step-up.tsx'
import { useStepUp } from '../people/use-step-up.ts'
import { useText } from '../text/text.tsx'
import { Ask } from '../ui/ask.tsx'
import { Time } from '../ui/time.tsx'
import { useToast } from '../ui/toast.tsx'
import { scopeTexts } from './scope-texts.ts'
import { tokenState } from './token-state.ts'
import { TokenStatus } from './token-status.tsx'

function RevokeQuestion({ token: { name, made } }: { readonly token: TokenView }) {
  const t = useText()
  return (
    <>
      <p>{t('node.token_revoke_question', { name })}</p>
      {made.length > 0 && <>
        <p>{t('node.token_revoke_made', { n: made.length })}</p>
        <ul className="wrap-list">{made.map(({ id, name: of }) => <li key={id} data-value>{of}</li>)}</ul>
      </>}
    </>
  )
}

/** Everything about one token, and its end. */
export function TokenDrawer({ token, onClose, onChanged }: { readonly token: TokenView; readonly onClose: () => void; readonly onChanged: () => void }) {
  const t = useText()
  const say = useToast()
  const acting = useStepUp()
  const revoke = async () => {
    if (!(await acting.run(() => call(revokeToken, { params: { id: token.id } })))) return
    onChanged()
    say(t('node.token_revoked', { name: token.name }))
  }
  return (
    <ActDialog acting={acting} drawer title={token.name} isOpen onClose={onClose}>
      <dl className="facts">
        <div><dt>{t('node.state')}</dt><dd><TokenStatus state={tokenState(token, Date.now())} /></dd></div>
        <div><dt>{t('node.id')}</dt><dd><code>{token.id}</code></dd></div>
        <div><dt>{t('node.created')}</dt><dd><Time at={token.created_at} /></dd></div>
        <div><dt>{t('node.expires')}</dt><dd>{token.expires_at === null ? t('node.expires_never') : <Time at={token.expires_at} />}</dd></div>
        <div><dt>{t('node.last_used')}</dt><dd>{token.last_used_at === null ? t('node.never') : <Time at={token.last_used_at} />}</dd></div>
        {token.revoked_at !== null && <div><dt>{t('node.revoked')}</dt><dd><Time at={token.revoked_at} /></dd></div>}
      </dl>
      <section className="section" aria-labelledby="token-scopes">
        <h3 id="token-scopes">{t('node.scopes')}</h3>
        <ul className="stack tight">{token.scopes.map((scope) => <li key={scope}><code>{scope}</code><span className="quiet block">{t(scopeTexts[scope])}</span></li>)}</ul>
      </section>
      <section className="section" aria-labelledby="token-networks">
        <h3 id="token-networks">{t('node.networks')}</h3>
        {token.networks.length === 0 ? <p>{t('node.networks_any')}</p> : <ul>{token.networks.map((network) => <li key={network}><code>{network}</code></li>)}</ul>}
      </section>
      {token.revoked_at === null && <Ask label={t('node.token_revoke')} question={<RevokeQuestion token={token} />} isPending={acting.busy} onConfirm={() => void revoke()} />}
    </ActDialog>
  )
}
