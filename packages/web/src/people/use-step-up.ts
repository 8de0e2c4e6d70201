import { useCallback, useRef, useState } from 'react'
import { ProblemError } from '../api/api.ts'

/** The person did not sign in once more, so that nothing was done. */
class NotConfirmed extends Error {}

/** Something that is being done for the person in front of the page. */
export interface Acting {
  /** Does it; when the node wants a sign-in once more, asks for that and does it again. `undefined`: it failed, see `error`, or was not confirmed. */
  readonly run: <T>(work: () => Promise<T>) => Promise<T | undefined>
  readonly busy: boolean
  readonly error: unknown
  readonly clear: () => void
  /** While a sign-in once more is asked for. */
  readonly asking: boolean
  /** The sign-in succeeded, or was given up. */
  readonly answer: (confirmed: boolean) => void
}

/** One thing at a time, with its state: for buttons and forms that change something. */
export function useStepUp(): Acting {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const [asking, setAsking] = useState(false)
  const waiting = useRef<(confirmed: boolean) => void>(undefined)
  const under_way = useRef(false)
  const answer = useCallback((confirmed: boolean) => {
    setAsking(false)
    waiting.current?.(confirmed)
    waiting.current = undefined
  }, [])
  const ask = useCallback(async () => {
    setAsking(true)
    const confirmed = await new Promise<boolean>((resolve) => { waiting.current = resolve })
    if (!confirmed) throw new NotConfirmed()
  }, [])
  const run = useCallback(async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    // A second press of Enter while the first is under way.
    if (under_way.current) return undefined
    under_way.current = true
    setBusy(true)
    setError(undefined)
    try {
      return await work().catch(async (reason: unknown) => {
        if (!(reason instanceof ProblemError) || reason.problem.code !== 'auth/reauthenticate') throw reason
        await ask()
        return work()
      })
    } catch (reason) {
      if (!(reason instanceof NotConfirmed)) setError(reason)
      return undefined
    } finally {
      under_way.current = false
      setBusy(false)
    }
  }, [ask])
  const clear = useCallback(() => setError(undefined), [])
  return { run, busy, error, clear, asking, answer }
}
