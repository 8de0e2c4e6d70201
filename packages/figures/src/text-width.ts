/** Shapes that are far from the average in every sans-serif face. */
const wide = 'mwMW@%#+<=>^~'
const narrow = ' .,:;/|!\'ijlftr-()[]I'

/** Advance of a character in ems: wide for CJK, hangul, full-width forms and emoji; else that of a broad sans-serif (DejaVu Sans), so that texts fit in narrower ones too. */
function advance(point: number): number {
  if (point >= 0x1100 && (point <= 0x115f || (point >= 0x2e80 && point <= 0xa4cf) || (point >= 0xac00 && point <= 0xd7a3)
    || (point >= 0xf900 && point <= 0xfaff) || (point >= 0xfe30 && point <= 0xfe6f) || (point >= 0xff00 && point <= 0xff60)
    || (point >= 0xffe0 && point <= 0xffe6) || point >= 0x1f000)) return 1
  const sign = String.fromCodePoint(point)
  if (wide.includes(sign)) return 0.92
  if (narrow.includes(sign)) return 0.38
  return point >= 0x41 && point <= 0x5a ? 0.7 : 0.62
}

/** Estimated width of a text in pixels; a little generous, since the fonts of the reader are not known. */
export function textWidth(value: string, size_px: number): number {
  let ems = 0
  for (const sign of value) ems += advance(sign.codePointAt(0)!)
  return ems * size_px
}

/** The text, shortened with an ellipsis so that it fits; whole characters only. */
export function fitText(value: string, width_px: number, size_px: number): string {
  if (textWidth(value, size_px) <= width_px) return value
  let used = size_px * 0.9
  let kept = ''
  for (const sign of value) {
    used += advance(sign.codePointAt(0)!) * size_px
    if (used > width_px) break
    kept += sign
  }
  return `${kept.trimEnd()}…`
}
