import { getSession, type Scope, type SessionView } from '@hirundo/contract'
import { useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { call } from '../api/api.ts'

const key = ['session.get'] as const
const query = { queryKey: key, queryFn: () => call(getSession, {}), staleTime: 60_000 }

/** Who is signed in, asked before a page is opened; anew when it is not known for sure any more. */
export const readSession = (client: QueryClient): Promise<SessionView> => client.fetchQuery(query)

/** The node says that nobody is signed in any more: what was known of the session is forgotten. */
export const forgetSession = (client: QueryClient): void => client.removeQueries({ queryKey: key })

/** The session as it is known now; `undefined` before the first answer. */
export const useSession = (): SessionView | undefined => useQuery(query).data

export function useScope(scope: Scope): boolean {
  return useSession()?.scopes.includes(scope) ?? false
}

/** To be called after anything that changes who is signed in. */
export function useSetSession(): (session: SessionView | undefined) => void {
  const client = useQueryClient()
  return (session) => {
    if (session) client.setQueryData(key, session)
    else void client.invalidateQueries({ queryKey: key })
  }
}
