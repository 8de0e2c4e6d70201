import { fail, ok, type Result } from '@hirundo/base'
import type { Language, Route } from '@hirundo/contract'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import { Locale } from 'typebox/system'

const errors_shown_max = 5
const locales = { en: Locale.en_US, ja: Locale.ja_JP, ko: Locale.ko_KR, 'zh-Hans': Locale.zh_Hans, 'zh-Hant': Locale.zh_Hant }

/** Checks one part of a request. Problem: `request/invalid` with what is wrong where, in the reader's language. */
export type Validate = (value: unknown, language: Language) => Result<unknown>

type Part = 'params' | 'query' | 'body'

/** A name that the schema does not declare: mostly a spelling mistake that would silently change the question. */
function undeclared(schema: TSchema, value: unknown): string | undefined {
  const { properties } = schema as { properties?: Record<string, unknown> }
  if (!properties || typeof value !== 'object' || value === null) return undefined
  return Object.keys(value).find((name) => !Object.hasOwn(properties, name))
}

/** Whether all text can be stored: PostgreSQL takes neither NUL nor half of a surrogate pair. */
function storable(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed() && !value.includes('\0')
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every(([name, one]) => storable(name) && storable(one))
}

function validator(part: Part, schema: TSchema): Validate {
  const compiled = Compile(schema)
  // Parameters and queries are text: "12" becomes 12 and a single value a list where the schema says so.
  const converted = (value: unknown) => (part === 'body' ? value : compiled.Convert({ ...(value as object) }))
  return (given, language) => {
    const value = converted(given)
    const unknown = undeclared(schema, value)
    if (unknown !== undefined) return fail('request/invalid', { what: part, unknown: unknown.slice(0, 64) })
    if (!storable(value)) return fail('request/invalid', { what: part, message: 'text holds U+0000 or half of a character' })
    if (compiled.Check(value)) return ok(value)
    Locale.Set(locales[language])
    const message = compiled.Errors(value).slice(0, errors_shown_max)
      .map((error) => `${part}${error.instancePath.slice(0, 100)}: ${error.message.slice(0, 200)}`).join('; ')
    return fail('request/invalid', { what: part, message })
  }
}

const nothing: Validate = () => ok(undefined)

/** Validators of what the route declares; other parts are not looked at. */
export function requestValidators(route: Route): Readonly<Record<Part, Validate>> {
  const of = (part: Part) => (route[part] ? validator(part, route[part]) : nothing)
  return { params: of('params'), query: of('query'), body: of('body') }
}

function safe(_: string, value: unknown): unknown {
  if (typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER) throw new RangeError('a number of an answer is above 2^53')
  return value
}

/**
 * The JSON text of an answer with only what the schema declares. Throws when a declared part is missing or of another
 * type: that is our bug, and nothing of it must leave.
 */
export function outputWriter(route: Route): (value: unknown) => string {
  const compiled = Compile(route.output)
  return (value) => {
    // A copy: cleaning changes its argument, which may be cached.
    const cleaned = compiled.Clean(JSON.parse(JSON.stringify(value, safe)))
    if (compiled.Check(cleaned)) return JSON.stringify(cleaned)
    const [first] = compiled.Errors(cleaned)
    throw new TypeError(`the answer of ${route.id} is not what its route declares: ${first?.schemaPath} ${first?.keyword}`)
  }
}
