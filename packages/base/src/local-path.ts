const path_chars_max = 2000
// eslint-disable-next-line no-control-regex -- browsers drop these from an address, so that `/<tab>/host` would be another host
const dropped = /[\u0000-\u0020\u007f\\]/

/** A path of our own pages that somebody else may have written; undefined for anything that a browser could take for another host. */
export function localPath(wanted: unknown): string | undefined {
  return typeof wanted === 'string' && wanted.length <= path_chars_max && /^\/[^/]/.test(wanted) && !dropped.test(wanted) ? wanted : undefined
}
