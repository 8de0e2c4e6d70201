import { listNotices, readNotices, type CallOutput } from '@hirundo/contract'
import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Button as AriaButton, Dialog, DialogTrigger, Popover } from 'react-aria-components'
import { call, useAnswer } from '../../api/api.ts'
import { useScope } from '../../app/session.tsx'
import { useText } from '../../text/text.tsx'
import { Button } from '../../ui/button.tsx'
import { Time } from '../../ui/time.tsx'

const ASKED_EVERY_MS = 30_000
const SHOWN_MAX = 10
type Notice = CallOutput<typeof listNotices>['notices'][number]

function Entry({ notice, onOpen }: { readonly notice: Notice; readonly onOpen: () => void }) {
  const t = useText()
  return (
    <li className={notice.read ? 'notice-entry' : 'notice-entry unread'}>
      <Link to={notice.href as never} onClick={onOpen} data-value>{notice.title}</Link>
      <span className="quiet block small">{!notice.read && <><strong className="person">{t('warn.notices_new')}</strong> · </>}<Time at={notice.at} both={false} /></span>
    </li>
  )
}

/** What the node told the person who is signed in, by their subscriptions to the web; nothing while it has none for them. */
export function Bell() {
  const t = useText()
  const client = useQueryClient()
  const may = useScope('findings:read')
  const { data } = useAnswer(listNotices, {}, { enabled: may, every_ms: ASKED_EVERY_MS })
  if (data === undefined) return null
  const { unread, notices } = data
  const read = async (ids: readonly string[]) => {
    if (ids.length > 0) await call(readNotices, { body: { ids: [...ids] } }).catch(() => undefined)
    await client.invalidateQueries({ queryKey: [listNotices.id] })
  }
  return (
    <DialogTrigger>
      <AriaButton className="button icon bell" aria-label={t('warn.notices_unread', { n: unread })}>
        <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinejoin="round"><path d="M4 14h12l-1.5-2V8.5a4.5 4.5 0 0 0-9 0V12zM8.5 16.5h3" /></svg>
        {unread > 0 && <span className="bell-count" data-value aria-hidden="true">{unread > 99 ? '99+' : unread}</span>}
      </AriaButton>
      <Popover className="popover" placement="bottom end">
        <Dialog className="dialog" aria-label={t('warn.notices')}>
          {({ close }) => notices.length === 0 ? <p className="quiet">{t('warn.notices_none')}</p> : (
            <>
              <ul className="stack tight">{notices.slice(0, SHOWN_MAX).map((notice) => <Entry key={notice.id} notice={notice} onOpen={() => {
                close()
                void read(notice.read ? [] : [notice.id])
              }} />)}</ul>
              {unread > 0 && <div><Button onPress={() => void read(notices.filter((one) => !one.read).map(({ id }) => id))}>{t('warn.notices_read')}</Button></div>}
            </>
          )}
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}
