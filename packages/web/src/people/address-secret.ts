import { useState } from 'react'

const secret_chars_max = 100

/** The secret behind # of a one-time link. Read once and taken out of the address at once, so that it stays in no history and on no screenshot. */
function takeSecret(): string {
  const secret = decodeURIComponent(location.hash.slice(1)).slice(0, secret_chars_max)
  if (secret !== '') history.replaceState(history.state, '', location.pathname + location.search)
  return secret
}

/** Empty when the page was opened, or loaded again, without it. */
export function useAddressSecret(): string {
  const [secret] = useState(takeSecret)
  return secret
}
