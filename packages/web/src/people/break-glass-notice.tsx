import { Link } from '@tanstack/react-router'
import { useSession } from '../app/session.tsx'
import { useText } from '../text/text.tsx'
import { Notice } from '../ui/state.tsx'
import { Time } from '../ui/time.tsx'

/** To administrators, until the emergency account has a new password: somebody used it. */
export function BreakGlassNotice() {
  const t = useText()
  const at = useSession()?.break_glass_used_at ?? null
  if (at === null) return null
  return (
    <Notice kind="loss">
      <strong>{t('people.break_glass_used')}</strong>
      <Time at={at} />
      <span>{t('people.break_glass_used_next')}</span>
      <span className="row">
        <Link to="/node/audit" search={{ action: 'person.break-glass-use' } as never}>{t('shell.audit')}</Link>
        <Link to="/node/people">{t('shell.people')}</Link>
      </span>
    </Notice>
  )
}
