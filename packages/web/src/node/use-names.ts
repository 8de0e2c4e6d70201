import { listPersons, listSensors, listTokens } from '@hirundo/contract'
import { useMemo } from 'react'
import { useAnswer } from '../api/api.ts'
import { useScope, useSession } from '../app/session.tsx'

const rows_max = 1000
const all = { query: { limit: rows_max } }

/** Names of ids in the audit log, as far as the reader may know them: persons, tokens, sensors. `undefined`: no name is known. */
export function useNames(): (id: string) => string | undefined {
  const own = useSession()?.person
  const persons = useAnswer(listPersons, all, { enabled: useScope('people:write') }).data
  const tokens = useAnswer(listTokens, all, { enabled: useScope('tokens:write') }).data
  const sensors = useAnswer(listSensors, {}, { enabled: useScope('sensors:read') }).data
  return useMemo(() => {
    const names = new Map<string, string>([...(own ? [own] : []), ...(persons?.persons ?? []), ...(tokens?.tokens ?? []), ...(sensors?.sensors ?? [])].map(({ id, name }) => [id, name]))
    return (id) => names.get(id.replace(/^(person|sensor):/, ''))
  }, [own, persons, tokens, sensors])
}
