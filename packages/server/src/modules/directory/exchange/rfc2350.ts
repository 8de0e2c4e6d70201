/** Sections of a profile, RFC 2350 section 3 and appendix B, in order. */
export const headings: readonly (readonly [string, string])[] = [
  ['1', 'Document Information'], ['1.1', 'Date of Last Update'], ['1.2', 'Distribution List for Notifications'], ['1.3', 'Locations where this Document May Be Found'], ['1.4', 'Authenticating this Document'],
  ['2', 'Contact Information'], ['2.1', 'Name of the Team'], ['2.2', 'Address'], ['2.3', 'Time Zone'], ['2.4', 'Telephone Number'], ['2.5', 'Facsimile Number'], ['2.6', 'Other Telecommunication'],
  ['2.7', 'Electronic Mail Address'], ['2.8', 'Public Keys and Encryption Information'], ['2.9', 'Team Members'], ['2.10', 'Other Information'], ['2.11', 'Points of Customer Contact'],
  ['3', 'Charter'], ['3.1', 'Mission Statement'], ['3.2', 'Constituency'], ['3.3', 'Sponsorship and Affiliation'], ['3.4', 'Authority'],
  ['4', 'Policies'], ['4.1', 'Types of Incidents and Level of Support'], ['4.2', 'Co-operation, Interaction and Disclosure of Information'], ['4.3', 'Communication and Authentication'],
  ['5', 'Services'], ['5.1', 'Incident Response'], ['5.1.1', 'Incident Triage'], ['5.1.2', 'Incident Coordination'], ['5.1.3', 'Incident Resolution'], ['5.2', 'Proactive Activities'],
  ['6', 'Incident Reporting Forms'], ['7', 'Disclaimers'],
]
const places = new Map(headings.map(([number], i) => [number, i]))
const INDENT = '   '

export type Sections = Readonly<Record<string, string>>
export interface Parsed {
  readonly sections: Sections
  /** What stands before the first heading. */
  readonly preamble: string
}

const indentOf = (line: string): number => line.length - line.trimStart().length
const words = (text: string): string[] => text.toLowerCase().split(/[^a-z]+/).filter((word) => word.length > 3)

/** The place of the heading that a line is, if its number is one of the form's and its words say the same. */
function headingOf(line: string): number | undefined {
  const [number, title] = /^([1-7](?:\.\d{1,2}){0,2})\.?[ \t]+(\S.{0,100})$/.exec(line.trim())?.slice(1) ?? []
  const at = number === undefined ? undefined : places.get(number)
  if (at === undefined) return undefined
  const ours = words(headings[at]![1])
  return words(title!).some((word) => ours.includes(word)) ? at : undefined
}

/** Without empty lines around it and without the indentation that all its lines have. */
function trimmed(lines: readonly string[]): string {
  const ended = lines.map((line) => line.trimEnd())
  const first = ended.findIndex((line) => line !== '')
  if (first < 0) return ''
  const whole = ended.slice(first, ended.findLastIndex((line) => line !== '') + 1)
  const indent = Math.min(...whole.filter((line) => line !== '').map(indentOf))
  return whole.map((line) => line.slice(indent)).join('\n')
}

/**
 * Sections of a profile. A heading has a number and the words of the form, stands no deeper than the first heading and
 * comes after the one before it; everything else is text of its section. Lines end by `\n`, tabs are spaces.
 */
export function parseProfile(text: string): Parsed {
  const found = new Map<string, string[]>()
  const preamble: string[] = []
  let [lines, last, depth] = [preamble, -1, Number.POSITIVE_INFINITY]
  for (const line of text.split('\n')) {
    const at = indentOf(line) <= depth ? headingOf(line) : undefined
    if (at === undefined || at <= last) {
      lines.push(line)
      continue
    }
    ;[lines, last, depth] = [[], at, Math.min(depth, indentOf(line))]
    found.set(headings[at]![0], lines)
  }
  const sections = [...found].map(([number, own]) => [number, trimmed(own)] as const).filter(([, own]) => own !== '')
  return { sections: Object.fromEntries(sections), preamble: trimmed(preamble) }
}

/** The text of a profile: every heading of the form, text indented below it. What is read back are the same sections. */
export function formatProfile(sections: Sections): string {
  return headings.flatMap(([number, title]) => {
    const text = sections[number]
    return [`${number} ${title}`, '', ...(text === undefined || text === '' ? [] : [...text.split('\n').map((line) => (line === '' ? '' : `${INDENT}${line}`)), ''])]
  }).join('\n')
}
