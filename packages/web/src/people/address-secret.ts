import { useState } from 'react'
import { secretOf } from './secret-of.ts'

/** Reads the secret of a one-time link once and takes it out of the address at once, so that it stays in no history and on no screenshot. */
function takeSecret(): string {
  const secret = secretOf(location.hash)
  if (location.hash !== '') history.replaceState(history.state, '', location.pathname + location.search)
  return secret
}

/** Empty when the page was opened, or loaded again, without it. */
export function useAddressSecret(): string {
  const [secret] = useState(takeSecret)
  return secret
}
