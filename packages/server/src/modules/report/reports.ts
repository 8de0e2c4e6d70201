import { fail, ok, type Result } from '@hirundo/base'
import type { Language, QuarterReport } from '@hirundo/contract'
import type { Actor, Platform } from '../../platform/module.ts'
import type { ObservatoryAnswers } from '../observatory/index.ts'
import { gather, type QuarterFacts } from './gather.ts'
import { reportDocument, type ReportDocument } from './html/document.ts'
import { Kept } from './kept.ts'
import { findPrinter } from './pdf/find-browser.ts'
import { printPdf } from './pdf/print.ts'
import { reportedAt, type Quarter, type Reported } from './quarter.ts'
import { organisationName } from './store.ts'
import { tell } from './tell.ts'
import type { Words } from './texts.ts'
import { Turn } from './turn.ts'

/** One reader: a report in every language. */
const turns = { waiting_max: 8, waiting_of_one_max: 5 }
const FACTS_KEPT_MAX = 16
const PDFS_KEPT_MAX = 6

export interface ReportConfig {
  /** Absolute path of the Chromium or Chrome that prints PDF; empty: the first one in PATH. */
  readonly browser: string
}
export const reportDefaults: ReportConfig = { browser: '' }

interface Gathered {
  readonly facts: QuarterFacts
  readonly written_ms: number
}

interface Asked {
  readonly quarter: Quarter
  readonly language: Language
}

/**
 * Writes reports: one at a time per node, and each once for as long as nothing more of the organisation's observations
 * became queryable. Problems: `report/not-yet`, `report/busy`, those of the questions; of PDF also `report/no-browser`,
 * `report/print-failed`.
 */
export class Reports {
  readonly #platform: Pick<Platform, 'db' | 'world'>
  readonly #answers: ObservatoryAnswers
  readonly #config: ReportConfig
  readonly #turn = new Turn(turns)
  readonly #facts = new Kept<Gathered>(FACTS_KEPT_MAX)
  readonly #pdfs = new Kept<Uint8Array>(PDFS_KEPT_MAX)

  constructor(platform: Pick<Platform, 'db' | 'world'>, answers: ObservatoryAnswers, config: ReportConfig) {
    this.#platform = platform
    this.#answers = answers
    this.#config = config
  }

  async #keyOf({ organisation_id }: Actor, { quarter: { year, quarter }, now }: Reported): Promise<string> {
    return [organisation_id, year, quarter, now.to, await this.#answers.mark(organisation_id)].join(' ')
  }

  async #gathered(actor: Actor, reported: Reported, key: string): Promise<Result<Gathered>> {
    const known = this.#facts.get(key)
    if (known) return ok(known)
    const facts = await gather(this.#answers, actor, reported)
    if (!facts.ok) return facts
    const gathered = { facts: facts.value, written_ms: this.#platform.world.now() }
    this.#facts.set(key, gathered)
    return ok(gathered)
  }

  async #told(actor: Actor, { quarter, language }: Asked): Promise<Result<{ report: QuarterReport, words: Words, key: string }>> {
    const reported = reportedAt(quarter, this.#platform.world.now())
    if (!reported.ok) return reported
    const key = await this.#keyOf(actor, reported.value)
    const gathered = await this.#gathered(actor, reported.value, key)
    if (!gathered.ok) return gathered
    const { facts, written_ms } = gathered.value
    return ok({ ...tell(facts, await organisationName(this.#platform.db, actor.organisation_id), written_ms, language), key: `${key} ${language}` })
  }

  async #document(actor: Actor, asked: Asked): Promise<Result<ReportDocument & { key: string }>> {
    const told = await this.#told(actor, asked)
    return told.ok ? ok({ ...reportDocument(told.value.report, told.value.words), key: told.value.key }) : told
  }

  model(actor: Actor, asked: Asked): Promise<Result<QuarterReport>> {
    return this.#turn.run(actor.actor_id, async () => {
      const told = await this.#told(actor, asked)
      return told.ok ? ok(told.value.report) : told
    })
  }

  html(actor: Actor, asked: Asked): Promise<Result<ReportDocument>> {
    return this.#turn.run(actor.actor_id, () => this.#document(actor, asked))
  }

  async pdf(actor: Actor, asked: Asked): Promise<Result<Uint8Array>> {
    const browser = findPrinter(this.#config.browser, process.env['PATH'])
    if (browser === undefined) return fail('report/no-browser', { next: 'install Chromium or Chrome, or name it in report.browser; the HTML needs none' })
    return this.#turn.run(actor.actor_id, async () => {
      const page = await this.#document(actor, asked)
      if (!page.ok) return page
      const known = this.#pdfs.get(page.value.key)
      if (known) return ok(known)
      const printed = await printPdf(browser, page.value.text)
      if (printed.ok) this.#pdfs.set(page.value.key, printed.value)
      return printed
    })
  }
}
