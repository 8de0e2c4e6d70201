const URL_TEXT_CHARS_MAX = 16_384

/** Addresses of files that a text names: what is written after http, https, ftp or tftp, and `tftp -g -r FILE HOST`. */
export function urlsIn(text: string): string[] {
  const plain = text.slice(0, URL_TEXT_CHARS_MAX)
  const found: string[] = plain.match(/(?:https?|ftp|tftp):\/\/[^\s"'<>|;&`)\\]{1,1024}/gi) ?? []
  for (const [, file, host] of plain.matchAll(/\btftp\s+-g\s+-r\s+(\S{1,256})\s+(\S{1,256})/g)) found.push(`tftp://${host}/${file}`)
  for (const [, host, file] of plain.matchAll(/\btftp\s+(\S{1,256})\s+-c\s+get\s+(\S{1,256})/g)) found.push(`tftp://${host}/${file}`)
  return [...new Set(found)]
}
