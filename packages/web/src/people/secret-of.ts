const secret_chars_max = 100

/** The secret behind # of a one-time link; empty when there is none that could be one. */
export function secretOf(hash: string): string {
  try {
    const secret = decodeURIComponent(hash.replace(/^#/, '')).trim()
    return secret.length <= secret_chars_max ? secret : ''
  } catch {
    // A link that was cut in the middle of an escape.
    return ''
  }
}
