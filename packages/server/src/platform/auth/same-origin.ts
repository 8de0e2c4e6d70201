const safe = new Set(['GET', 'HEAD', 'OPTIONS'])

export interface Provenance {
  readonly method: string
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** Of the node, as the caller reached it. */
  readonly origin: string
}

/**
 * Whether a browser says that one of our own pages asks: `Sec-Fetch-Site: same-origin`, or where it does not send that,
 * an Origin of ours. Undefined when it says neither, as programs do.
 */
function saysOurs({ headers, origin }: Provenance): boolean | undefined {
  const site = headers['sec-fetch-site']
  if (site !== undefined) return site === 'same-origin'
  const from = headers['origin']
  return from === undefined ? undefined : from === origin
}

/** Whether a request that changes something may use a cookie: only from one of our own pages. */
export const cookieMayAct = (request: Provenance): boolean => safe.has(request.method) || saysOurs(request) === true

/** Whether a page of another site has a request sent to a route that is open to all, which could sign somebody in or out. */
export const isForeign = (request: Provenance): boolean => !safe.has(request.method) && saysOurs(request) === false
