import { useText } from '../text/text.tsx'
import { ProblemView } from '../ui/state.tsx'
import { PasskeyError } from './passkey.ts'

/** What went wrong with something that a person did: by the node's words, or about the browser's passkey dialog. */
export function ActProblem({ error }: { readonly error: unknown }) {
  const t = useText()
  if (error === undefined || error === null) return null
  if (!(error instanceof PasskeyError)) return <ProblemView error={error} />
  return (
    <div className="notice person" role="alert">
      <strong>{t(`people.passkey_${error.reason}`)}</strong>
      <span>{t(`people.passkey_${error.reason}_next`)}</span>
    </div>
  )
}
