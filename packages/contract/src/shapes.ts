import { Type } from 'typebox'

/** RFC 3339 in UTC, `2026-01-01T00:00:00.000Z`. */
export const Instant = Type.String({ minLength: 16, maxLength: 40, description: 'RFC 3339 instant' })

export const UuidText = Type.String({
  pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
  description: 'UUID in lower case',
})

/** What no name holds: control characters, and those that end a line or turn the direction of what is written around it. */
export const NOT_IN_NAMES = '\\u0000-\\u001f\\u007f-\\u009f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069'

/** A name given by people: 1 to 100 characters. */
export const Name = Type.String({ minLength: 1, maxLength: 100, pattern: `^[^${NOT_IN_NAMES}]+$` })

/** Answer of an operation that has nothing to say. */
export const Nothing = Type.Object({})

/** Keyset paging: pass `next` of the last page as `after`. */
export const pageQuery = {
  after: Type.Optional(Type.String({ maxLength: 100, description: '`next` of the page before' })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: 'Rows of this page; 100 when absent' })),
}
export const Next = Type.Union([Type.String(), Type.Null()], { description: 'Cursor of the next page; null: this was the last' })
