import { useMemo } from 'react'
import { useFormat } from '../../text/format.ts'
import { useText, type TextValues } from '../../text/text.tsx'
import { lengthText } from '../question/question-bar.tsx'
import type { Asking } from '../question/question.ts'

/** The period for a sentence: `{span, select, last {in the last {length}} other {from {from} to {to}}}`. */
export function usePeriodValues({ last, from, to }: Pick<Asking, 'last' | 'from' | 'to'>): TextValues {
  const t = useText()
  const format = useFormat()
  return useMemo(() => (last === undefined
    ? { span: 'range', length: '', from: format.instant(from), to: format.instant(to) }
    : { span: 'last', length: lengthText(last, t), from: '', to: '' }), [last, from, to, t, format])
}
