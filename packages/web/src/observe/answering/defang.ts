const scheme = /^([a-z][a-z\d+.-]{0,20}):\/\//i
const fanged: Readonly<Record<string, string>> = { http: 'hxxp', https: 'hxxps', ftp: 'fxp', ftps: 'fxps' }

/**
 * A URL as people show it to one another so that no program makes a link of it: `hxxp://192[.]0[.]2[.]7/x`. Only for
 * the eye: what is copied and downloaded is the original.
 */
export function defanged(url: string): string {
  const [start = '', name = ''] = scheme.exec(url) ?? []
  if (start === '') return url.replace(/^(www)\./i, '$1[.]')
  const rest = url.slice(start.length)
  const end = rest.search(/[/?#\\]/)
  const authority = end < 0 ? rest : rest.slice(0, end)
  const lower = name.toLowerCase()
  // A scheme that is not known for its links is cut in two all the same.
  const shown = Object.hasOwn(fanged, lower) ? `${fanged[lower]!}://` : `${name}[:]//`
  return `${shown}${authority.replaceAll('.', '[.]')}${end < 0 ? '' : rest.slice(end)}`
}

const within = /\b[a-z][a-z\d+.-]{1,20}:\/\/[^\s'"|;<>]*/gi

/** A text with all URLs in it as they are shown: commands that a stranger typed hold them too. */
export const defangedText = (text: string): string => text.replace(within, (url) => defanged(url))
