/**
 * Japanese and Korean write 5分 and 5분, Chinese 5 分钟: so do our texts, and the languages' data of `Intl` do it
 * otherwise or not always. What it makes is set as the texts around it are.
 */
export function spaced(text: string, locale: string): string {
  const han = /(?<=\d)\s*(?=[\p{Script=Han}\p{Script=Katakana}\p{Script=Hangul}])/gu
  return locale === 'en' ? text : text.replace(han, locale.startsWith('zh') ? ' ' : '')
}
