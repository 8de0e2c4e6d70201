import { getSession } from '@hirundo/contract'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { call } from '../api/api.ts'
import { useSetSession } from '../app/session.tsx'

/** Goes on after a sign-in. False: the browser did not keep the session's cookie, so that nobody is signed in after all. */
export function useEnter(): (to: string) => Promise<boolean> {
  const client = useQueryClient()
  const setSession = useSetSession()
  const navigate = useNavigate()
  return async (to) => {
    // What another person was shown in this browser is not theirs.
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== getSession.id })
    const session = await call(getSession, {})
    setSession(session)
    if (!session.signed_in) return false
    await navigate({ href: session.needs === 'enrolment' ? '/enrol' : to })
    return true
  }
}
