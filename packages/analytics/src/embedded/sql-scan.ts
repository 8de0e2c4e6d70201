/** What a scan of one statement found. Text in strings and comments is not looked at. */
export interface SqlScan {
  /** First word in upper case. */
  readonly verb: string
  /** Names directly before `(`, in lower case, with where they and their argument list stand. */
  readonly calls: readonly { readonly name: string; readonly start: number; readonly open: number }[]
  /** Placeholders `{name:Type}`. */
  readonly placeholders: readonly string[]
  readonly statements: number
  /** All unquoted words, in upper case. */
  readonly words: ReadonlySet<string>
}

const wordStart = /[A-Za-z_]/
const wordPart = /[A-Za-z0-9_]/

function skipQuoted(sql: string, at: number, quote: string): number {
  for (let i = at + 1; i < sql.length; i++) {
    if (sql[i] === '\\') i++
    else if (sql[i] === quote) {
      if (sql[i + 1] !== quote) return i + 1
      i++
    }
  }
  return sql.length
}

function skipBlank(sql: string, from: number): number {
  let at = from
  for (;;) {
    const rest = sql.slice(at, at + 2)
    if (rest === '--') at = lineEnd(sql, at)
    else if (rest[0] === '#') at = lineEnd(sql, at)
    else if (rest === '/*') at = sql.indexOf('*/', at + 2) < 0 ? sql.length : sql.indexOf('*/', at + 2) + 2
    else if (rest !== '' && /\s/.test(rest[0]!)) at++
    else return at
  }
}

function lineEnd(sql: string, from: number): number {
  const end = sql.indexOf('\n', from)
  return end < 0 ? sql.length : end
}

interface Word { readonly name: string; readonly end: number; readonly quoted: boolean }

function wordAt(sql: string, at: number): Word | undefined {
  const c = sql[at]!
  if (c === '`' || c === '"') {
    const end = skipQuoted(sql, at, c)
    return { name: sql.slice(at + 1, end - 1), end, quoted: true }
  }
  if (!wordStart.test(c)) return undefined
  let end = at + 1
  while (end < sql.length && wordPart.test(sql[end]!)) end++
  return { name: sql.slice(at, end), end, quoted: false }
}

/** Reads SQL as ClickHouse's lexer does, as far as quotes, comments, words and placeholders go. */
export function scanSql(sql: string): SqlScan {
  const calls: { name: string; start: number; open: number }[] = []
  const placeholders: string[] = []
  const words = new Set<string>()
  let verb = ''
  let statements = 0
  let open = false
  for (let at = skipBlank(sql, 0); at < sql.length; at = skipBlank(sql, at)) {
    if (sql[at] === ';') {
      open = false
      at++
      continue
    }
    if (!open) statements++
    open = true
    if (sql[at] === "'") {
      at = skipQuoted(sql, at, "'")
      continue
    }
    const word = wordAt(sql, at)
    if (word) {
      if (!word.quoted) words.add(word.name.toUpperCase())
      if (verb === '' && !word.quoted) verb = word.name.toUpperCase()
      const next = skipBlank(sql, word.end)
      if (sql[next] === '(') calls.push({ name: word.name.toLowerCase(), start: at, open: next })
      at = word.end
      continue
    }
    const placeholder = sql[at] === '{' ? /^\{\s*([A-Za-z_][A-Za-z0-9_]*)\s*:/.exec(sql.slice(at, at + 80)) : null
    if (placeholder) placeholders.push(placeholder[1]!)
    at++
  }
  return { verb, calls, placeholders, statements, words }
}
