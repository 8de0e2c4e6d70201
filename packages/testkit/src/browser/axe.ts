import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from './chromium.ts'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface AxeResult {
  readonly violations: readonly { readonly id: string; readonly help: string; readonly nodes: readonly { readonly target: readonly unknown[]; readonly failureSummary?: string }[] }[]
}

const nodes_shown_max = 3

/**
 * What axe-core finds wrong on a page as it stands, one line each: every rule of WCAG 2.2 A and AA and its best
 * practices. It is run by the debugger, which the content security policy of the page does not bind.
 */
export async function axeFaults(page: Page): Promise<string[]> {
  if (await page.evaluate('typeof window.axe') === 'undefined') await page.evaluate(source)
  const { violations } = await page.evaluate<AxeResult>("window.axe.run(document, { resultTypes: ['violations'] })")
  return violations.map(({ id, help, nodes }) => {
    const where = nodes.slice(0, nodes_shown_max).map(({ target, failureSummary }) => `${target.join(' ')}: ${(failureSummary ?? '').replace(/\s+/g, ' ').slice(0, 300)}`)
    return `${id} (${help}), ${nodes.length} ×: ${where.join(' | ')}`
  })
}
