import { localPath } from '@hirundo/base'

export const HOME = '/observe'

/** Where sign-in leads back to: a path of these pages, but never sign-in itself; else the first page. */
export function nextPath(wanted: unknown): string {
  const path = localPath(wanted)
  return path === undefined || /^\/(sign-in|setup|invitation|enrol)(?![\w-])/.test(path) ? HOME : path
}

/** Leads to the identity provider and from there back to `next`. `again`: to show once more that it is you. */
export function oidcPath(next: string, again = false): string {
  const asked = new URLSearchParams({ ...(again ? { again: 'true' } : {}), ...(next === HOME ? {} : { next }) }).toString()
  return `/api/v1/session/oidc${asked === '' ? '' : `?${asked}`}`
}
