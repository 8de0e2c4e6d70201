import { getFactors, type FactorsView, type PersonView } from '@hirundo/contract'
import { useQueryClient } from '@tanstack/react-query'
import { useAnswer } from '../api/api.ts'
import { useSession, useSetSession } from '../app/session.tsx'
import { useText, type Text } from '../text/text.tsx'
import { Page } from '../ui/page.tsx'
import { Answered, Loading } from '../ui/state.tsx'
import { MySessions } from './my-sessions.tsx'
import { PasskeySection } from './passkey-section.tsx'
import { PasswordSection } from './password-section.tsx'
import { ProfileSection } from './profile-section.tsx'
import './people.css'

function sentenceOf(factors: FactorsView | undefined, t: Text): string {
  if (!factors) return t('people.account_sentence')
  const passkeys = factors.passkeys.length
  const codes = factors.recovery_codes_left
  if (factors.totp_confirmed_at !== null) return passkeys > 0 ? t('people.account_both', { passkeys, codes }) : t('people.account_password', { codes })
  if (passkeys > 0) return t('people.account_passkeys', { passkeys })
  return factors.oidc ? t('people.account_oidc') : t('people.account_sentence')
}

/** How can I sign in, and where am I signed in? */
export function AccountPage() {
  const t = useText()
  const session = useSession()
  const setSession = useSetSession()
  const client = useQueryClient()
  const answer = useAnswer(getFactors, {})
  const changed = (factors: FactorsView) => {
    client.setQueriesData({ queryKey: [getFactors.id] }, factors)
    // A change of factor gives the session a new cookie and the person new factors.
    setSession(undefined)
  }
  const person: PersonView | null | undefined = session?.person
  return (
    <Page name={t('shell.account')} sentence={person?.break_glass ? t('people.account_break_glass') : sentenceOf(answer.data, t)}>
      <div className="grid">
        <div className="two-thirds account-ways">
          {person?.break_glass ? <p className="prose">{t('people.account_break_glass_about')}</p> : (
            <>
              <Answered answer={answer} lines={3}>{(factors) => <PasskeySection factors={factors} onChanged={changed} />}</Answered>
              {answer.data && person && <PasswordSection factors={answer.data} sign_in_name={person.sign_in_name} onChanged={changed} />}
            </>
          )}
          <MySessions />
        </div>
        <div className="third">{person ? <ProfileSection person={person} /> : <Loading lines={3} />}</div>
      </div>
    </Page>
  )
}
