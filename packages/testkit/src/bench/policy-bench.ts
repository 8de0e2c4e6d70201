import { LabelledRows, questions, shares, type Question, type Share } from '@hirundo/server/testing/policy'
import { median } from './measure.ts'
import type { Line } from './report.ts'

export interface PolicyBench {
  readonly lines: readonly Line[]
  readonly result: Readonly<Record<string, unknown>>
}

const LABELS = 200
/** Each question with and without the filter, in turn; medians. */
const ASKED = 21
const goals = { page_ratio: 1.5, page_ms: 50, count_ratio: 2 } as const

interface Answered {
  readonly question: Question
  readonly share: Share
  readonly filtered_ms: number
  readonly unfiltered_ms: number
}

async function measure(store: LabelledRows, question: Question, share: Share, rows: number): Promise<Answered> {
  const [filtered, unfiltered]: [number[], number[]] = [[], []]
  for (let turn = 0; turn < ASKED; turn++) {
    unfiltered.push((await store.ask(question, undefined)).ms)
    const one = await store.ask(question, share)
    filtered.push(one.ms)
    // A wrong answer is no fast answer.
    const expected = question === 'count' ? (rows * share) / 100 : share === 0 ? 0 : 100
    if (one.rows !== expected) throw new Error(`${question}, ${share} %: ${one.rows} rows instead of ${expected}`)
  }
  return { question, share, filtered_ms: median(filtered), unfiltered_ms: median(unfiltered) }
}

function lineOf({ question, share, filtered_ms, unfiltered_ms }: Answered): Line {
  const ratio = filtered_ms / unfiltered_ms
  const met = question === 'count' ? ratio <= goals.count_ratio : ratio <= goals.page_ratio || filtered_ms <= goals.page_ms
  return {
    what: `policy: ${question}, of which the viewer may see ${share} %`, goal: question === 'count' ? `≤ ${goals.count_ratio} ×` : `≤ ${goals.page_ratio} × or ≤ ${goals.page_ms} ms`,
    reached: `${ratio.toFixed(2)} × (${filtered_ms.toFixed(1)} ms; without filter ${unfiltered_ms.toFixed(1)} ms)`, met,
  }
}

/** Lists and counts of labelled rows by what a viewer may see, against the same questions without the filter, on one PostgreSQL in one run. */
export async function policyBench(rows: number, say: (text: string) => void): Promise<PolicyBench> {
  say(`${rows.toLocaleString('en')} rows with ${LABELS} labels …`)
  const store = await LabelledRows.start({ rows, labels: LABELS })
  try {
    const answers: Answered[] = []
    const learned_ms: Record<string, number> = {}
    for (const share of shares) {
      learned_ms[share] = await store.learn(share)
      say(`  a new viewer who may see ${share} %: ${LABELS} labels decided in ${learned_ms[share].toFixed(0)} ms, once`)
      for (const question of questions) {
        const answered = await measure(store, question, share, rows)
        say(`  ${lineOf(answered).what}: ${lineOf(answered).reached}`)
        answers.push(answered)
      }
    }
    return { lines: answers.map(lineOf), result: { rows, labels: LABELS, learned_ms, answers } }
  } finally {
    await store.stop()
  }
}
