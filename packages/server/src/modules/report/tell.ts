import { formatMillis } from '@hirundo/base'
import type { Language, QuarterReport } from '@hirundo/contract'
import type { QuarterFacts } from './gather.ts'
import { portName, wordsOf, type Words } from './texts.ts'

/** A difference below is called none: it is within what a few minutes of coverage do. */
const SAME_SHARE = 0.01

function changed({ packets_per_sensor_day: now, previous_packets_per_sensor_day: before }: QuarterFacts, words: Words): string {
  if (now === null || !before) return words.say('change_unknown')
  const change = now / before - 1
  if (Math.abs(change) < SAME_SHARE) return words.say('change_same')
  return words.say(change > 0 ? 'change_up' : 'change_down', { percent: words.percent(Math.abs(change)) })
}

function summaryOf(facts: QuarterFacts, words: Words): string {
  const { coverage: { sensors_live: live, sensors_total: total }, services: [first] } = facts
  const [from, to] = [words.day(facts.from), words.day(formatMillis(Date.parse(facts.to) - 1))]
  if (!first) return words.say('summary_empty', { from, to, live, total })
  const sentence = words.say('summary', {
    from, to, live, total, packets: words.count(facts.packets), per_day: words.mean(facts.packets_per_sensor_day), service: portName(first.key, first.service),
  })
  // Chinese and Japanese write no space between sentences.
  return `${sentence}${/^(ja|zh)/.test(words.language) ? '' : ' '}${changed(facts, words)}`
}

/** The facts with title and summary in a language. */
export function tell(facts: QuarterFacts, organisation: string, written_ms: number, language: Language): { readonly report: QuarterReport, readonly words: Words } {
  const words = wordsOf(language)
  return {
    words,
    report: {
      ...facts, organisation, language, title: words.say('title', { period: words.months(facts.year, facts.quarter) }),
      summary: summaryOf(facts, words), written_at: formatMillis(written_ms),
    },
  }
}
