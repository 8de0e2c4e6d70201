import { listTokens, type TokenView } from '@hirundo/contract'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useText, type Text } from '../text/text.tsx'
import { Button } from '../ui/button.tsx'
import { Page } from '../ui/page.tsx'
import { Answered, Empty } from '../ui/state.tsx'
import { Table } from '../ui/table.tsx'
import { Time } from '../ui/time.tsx'
import { ParamLink } from './param-link.tsx'
import { TokenCreate } from './token-create.tsx'
import { TokenDrawer } from './token-drawer.tsx'
import { SOON_DAYS, tokenState } from './token-state.ts'
import { TokenStatus } from './token-status.tsx'
import { rows_max, usePages } from './use-pages.ts'
import { useParam } from './use-param.ts'
import './node.css'

function sentenceOf(tokens: readonly TokenView[] | undefined, t: Text): string {
  if (!tokens) return t('node.tokens_sentence')
  const states = tokens.map((token) => tokenState(token, Date.now()))
  const soon = states.filter((state) => state === 'soon').length
  return t('node.tokens_counted', { works: states.filter((state) => state === 'works').length + soon, soon, days: SOON_DAYS })
}

/** Which programs may ask this node, for what, from where and until when? */
export function TokensPage() {
  const t = useText()
  const client = useQueryClient()
  const [id, open] = useParam('token')
  const [creating, setCreating] = useState(false)
  const { answer, has_more, busy, more } = usePages(listTokens, {})
  const tokens = answer.data?.flatMap((page) => page.tokens)
  const changed = () => void client.invalidateQueries({ queryKey: [listTokens.id] })
  const token = tokens?.find((one) => one.id === id)
  return (
    <Page name={t('shell.tokens')} sentence={sentenceOf(tokens, t)} filters={<Button kind="primary" onPress={() => setCreating(true)}>{t('node.token_create')}</Button>}>
      <Answered answer={{ ...answer, data: tokens }}>{(all) => all.length === 0
        ? <Empty title={t('node.tokens_none')}><p>{t('node.tokens_none_next')}</p></Empty>
        : <TokenTable tokens={all} />}</Answered>
      {has_more && <div><Button isPending={busy} onPress={more}>{t('ui.more')}</Button></div>}
      <TokenCreate isOpen={creating} onClose={() => setCreating(false)} onChanged={changed} />
      {token && <TokenDrawer token={token} onClose={() => open(undefined)} onChanged={changed} />}
    </Page>
  )
}


function TokenTable({ tokens }: { readonly tokens: readonly TokenView[] }) {
  const t = useText()
  const now = Date.now()
  return (
    <Table caption={t('node.tokens_table')} caption_hidden cards rows_shown_max={rows_max} rows={tokens} row_key={({ id }) => id} columns={[
      { id: 'name', head: t('node.name'), row_head: true, cell: ({ id, name }) => <ParamLink name="token" value={id}><span data-value>{name}</span></ParamLink> },
      { id: 'state', head: t('node.state'), cell: (token) => <TokenStatus state={tokenState(token, now)} /> },
      { id: 'scopes', head: t('node.scopes'), cell: ({ scopes }) => <span className="wrap-list">{scopes.map((scope) => <code key={scope}>{scope}</code>)}</span> },
      { id: 'networks', head: t('node.networks'), cell: ({ networks }) => networks.length === 0 ? t('node.networks_any') : <span className="wrap-list">{networks.map((network) => <code key={network}>{network}</code>)}</span> },
      { id: 'expires', head: t('node.expires'), cell: ({ expires_at }) => expires_at === null ? t('node.expires_never') : <Time at={expires_at} both={false} /> },
      { id: 'used', head: t('node.last_used'), cell: ({ last_used_at }) => last_used_at === null ? <span className="quiet">{t('node.never')}</span> : <Time at={last_used_at} /> },
    ]} />
  )
}
