export const HOME = '/observe'
const path_chars_max = 2000
// eslint-disable-next-line no-control-regex -- browsers drop these from an address, so that `/<tab>/host` would be another host
const dropped = /[\u0000-\u0020\u007f\\]/

/** Where sign-in leads back to: a path of these pages. Anything that a browser could take for another host is the first page. */
export function nextPath(wanted: unknown): string {
  if (typeof wanted !== 'string' || wanted.length > path_chars_max || !/^\/[^/]/.test(wanted) || dropped.test(wanted)) return HOME
  return /^\/(sign-in|setup|invitation|enrol)(?![\w-])/.test(wanted) ? HOME : wanted
}
