// What pages and reports say, in every language: the same keys, messages that parse, the same arguments.
import assert from 'node:assert/strict'
import { existsSync, globSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { describe, it } from 'node:test'
import { languages, type Language } from '@hirundo/contract'
import { IntlMessageFormat } from 'intl-messageformat'

type Texts = Readonly<Record<string, string>>
type Ast = ReturnType<IntlMessageFormat['getAst']>

const home = join(import.meta.dirname, '../../../contract/src/catalogues')
/** What the node says without a page: reports, bulletins and notices. */
const ofNode = new Set(['report', 'bulletin', 'policy'])
/** Files that make one whole out of the areas' files. */
const sums = new Set(['web'])
const areas = globSync('*/en.ts', { cwd: home }).map((file) => dirname(file)).toSorted()
const translations = languages.filter((language) => language !== 'en')

/** The one record of texts that a catalogue's file exports; a language without a file has no texts. */
async function read(area: string, language: Language): Promise<Texts> {
  const file = join(home, area, `${language.toLowerCase()}.ts`)
  if (!existsSync(file)) return {}
  const exported = Object.values(await import(file) as Record<string, unknown>).filter((value) => typeof value === 'object')
  assert.equal(exported.length, 1, `${area}/${basename(file)} exports ${exported.length} records`)
  return exported[0] as Texts
}

/** Arguments and tags of a message with their kinds, as `count:plural`; throws where it is no ICU message. */
function argumentsOf(message: string, locale: string): string[] {
  const kinds = ['literal', 'argument', 'number', 'date', 'time', 'select', 'plural', 'pound', 'tag']
  const found = new Set<string>()
  const walk = (ast: Ast): void => {
    for (const part of ast as readonly { type: number; value: string; options?: Record<string, { value: Ast }>; children?: Ast }[]) {
      if (part.type !== 0 && part.type !== 7) found.add(`${part.value}:${kinds[part.type]}`)
      for (const { value } of Object.values(part.options ?? {})) walk(value)
      if (part.children) walk(part.children)
    }
  }
  walk(new IntlMessageFormat(message, locale).getAst())
  return [...found].toSorted()
}

/**
 * A language without grammatical number says a plain argument where English says a plural, so the kind may differ;
 * what English calls by its name (`first_name`, a month) may be a number elsewhere (`first`).
 */
const names = (found: readonly string[]): string[] => [...new Set(found.map((one) => one.replace(/(_name)?:(plural|number|argument)$/, '')))].toSorted()

describe('catalogues', () => {
  it('are found', () => assert.ok(areas.length > 10, areas.join()))

  it('hold messages that parse, without white space at their ends', async () => {
    const wrong: string[] = []
    for (const area of areas) {
      for (const language of languages) {
        for (const [key, text] of Object.entries(await read(area, language))) {
          try {
            if (text.trim() !== text || text === '') wrong.push(`${language} ${key}: empty, or white space around it`)
            argumentsOf(text, language)
          } catch (error) {
            wrong.push(`${language} ${key}: ${(error as Error).message}`)
          }
        }
      }
    }
    assert.deepEqual(wrong, [])
  })

  it('have the same keys and arguments in every language, and nothing is left in English', async () => {
    const wrong: string[] = []
    for (const area of areas) {
      const english = await read(area, 'en')
      for (const language of translations) {
        const texts = await read(area, language)
        for (const key of Object.keys(texts)) if (!Object.hasOwn(english, key)) wrong.push(`${language} ${key}: English has no such key`)
        for (const [key, text] of Object.entries(english)) {
          const own = texts[key]
          if (own === undefined) wrong.push(`${language} ${key}: missing`)
          else if (names(argumentsOf(own, language)).join() !== names(argumentsOf(text, 'en')).join()) wrong.push(`${language} ${key}: arguments ${argumentsOf(own, language).join()} instead of ${argumentsOf(text, 'en').join()}`)
          else if (own === text && isSentence(text)) wrong.push(`${language} ${key}: left in English: ${text}`)
        }
      }
    }
    assert.deepEqual(wrong, [])
  })

  it('in the sum hold every text of every area', async () => {
    for (const sum of sums) {
      const all = await read(sum, 'en')
      for (const area of areas.filter((one) => !ofNode.has(one) && !sums.has(one))) {
        for (const key of Object.keys(await read(area, 'en'))) assert.ok(Object.hasOwn(all, key), `${area}: ${key} is not in ${sum}`)
      }
    }
  })
})

/** What a message says itself: its literal parts, without arguments and the words of its syntax. */
function literalsOf(message: string): string {
  const said: string[] = []
  const walk = (ast: Ast): void => {
    for (const part of ast as readonly { type: number; value: string; options?: Record<string, { value: Ast }>; children?: Ast }[]) {
      if (part.type === 0) said.push(part.value)
      for (const { value } of Object.values(part.options ?? {})) walk(value)
      if (part.children) walk(part.children)
    }
  }
  walk(new IntlMessageFormat(message, 'en').getAst())
  return said.join(' ')
}

/** Whether a message has words of a language: names, units and formats stay as they are. */
const isSentence = (text: string): boolean => /[a-z]{2,}/.test(literalsOf(text).replace(/\b(Hirundo|API|UTC|CSV|JSON|SVG|HTML|PDF|TOTP|IPv[46]|AS\d*|tcp|udp|icmp|[a-z]+(\/\d+)+)\b/g, ''))
