import { fail, formatMillis, isUuid, ok, parseInstant, type Result } from '@hirundo/base'
import { LABEL_CHARS_MAX, labelPurposes, layers, paps, TEAMS_OF_CIRCLE_MAX, tlps } from '@hirundo/contract'
import { communityKey, type Circle, type Label } from './label.ts'

const FINGERPRINT = /^[a-z2-7]{4}(?:-[a-z2-7]{4}){4}$/
export const isFingerprint = (text: string): boolean => text.length === 24 && FINGERPRINT.test(text)

function circleText(circle: Circle): string {
  if (circle.kind === 'own') return 'own'
  return circle.kind === 'teams' ? `teams:${circle.teams.toSorted().join(',')}` : `community:${communityKey(circle)}`
}

/**
 * The one text of a label, on the wire and where it is interned:
 * `TLP:GREEN;layer=operations;circle=community:<fingerprint>/<uuid>;purpose=any;pap=PAP:AMBER;embargo=<instant>;expiry=<instant>`,
 * the last three only where the label has them; teams in the order of their text.
 */
export const formatLabel = (label: Label): string => [
  label.tlp, `layer=${label.layer}`, `circle=${circleText(label.circle)}`, `purpose=${label.purpose}`,
  ...(label.pap === undefined ? [] : [`pap=${label.pap}`]),
  ...(label.embargo_ms === undefined ? [] : [`embargo=${formatMillis(label.embargo_ms)}`]),
  ...(label.expiry_ms === undefined ? [] : [`expiry=${formatMillis(label.expiry_ms)}`]),
].join(';')

const invalid = (what: string) => fail('label/invalid', { what })
const among = <T extends string>(names: readonly T[], text: string | undefined): T | undefined => names.find((name) => name === text)

function circleOf(text: string): Circle | undefined {
  if (text === 'own') return { kind: 'own' }
  if (text.startsWith('teams:')) {
    const teams = text.slice('teams:'.length).split(',')
    return teams.length <= TEAMS_OF_CIRCLE_MAX && teams.every(isUuid) && new Set(teams).size === teams.length ? { kind: 'teams', teams } : undefined
  }
  if (!text.startsWith('community:')) return undefined
  const [founder = '', id = '', ...more] = text.slice('community:'.length).split('/')
  return more.length === 0 && isFingerprint(founder) && isUuid(id) ? { kind: 'community', founder, id } : undefined
}

const fieldNames = ['layer', 'circle', 'purpose', 'pap', 'embargo', 'expiry'] as const
type Fields = Partial<Record<(typeof fieldNames)[number], string>>

/** `name=value` parts in their order. Problem: `label/invalid`. */
function fieldsOf(parts: readonly string[]): Result<Fields> {
  const fields: Fields = {}
  for (const part of parts) {
    const equals = part.indexOf('=')
    const name = among(fieldNames, part.slice(0, Math.max(0, equals)))
    if (name === undefined || fields[name] !== undefined) return invalid('field')
    fields[name] = part.slice(equals + 1)
  }
  return ok(fields)
}

/** Absent stays absent; undefined where it is no instant. */
function instantOf(text: string | undefined): { readonly value?: number } | undefined {
  if (text === undefined) return {}
  const parsed = parseInstant(text)
  return parsed.ok ? { value: parsed.value } : undefined
}

/**
 * Reads the canonical text and nothing else: another order, an unknown or repeated field, a name in another case, teams out of
 * order are refused, so that two texts never mean one label. Problem: `label/invalid` with what is wrong.
 */
export function parseLabel(text: string): Result<Label> {
  if (text.length > LABEL_CHARS_MAX) return invalid('length')
  const [first, ...parts] = text.split(';', fieldNames.length + 2)
  const fields = fieldsOf(parts)
  if (!fields.ok) return fields
  const { layer: layer_text, circle: circle_text = '', purpose: purpose_text, pap: pap_text, embargo: embargo_text, expiry: expiry_text } = fields.value
  const [tlp, layer, circle, purpose, pap] = [among(tlps, first), among(layers, layer_text), circleOf(circle_text), among(labelPurposes, purpose_text), among(paps, pap_text)]
  const [embargo, expiry] = [instantOf(embargo_text), instantOf(expiry_text)]
  if (!tlp) return invalid('tlp')
  if (!layer) return invalid('layer')
  if (!circle) return invalid('circle')
  if (!purpose) return invalid('purpose')
  if (pap_text !== undefined && !pap) return invalid('pap')
  if (!embargo || !expiry) return invalid('instant')
  const label: Label = {
    tlp, layer, circle, purpose, ...(pap ? { pap } : {}),
    ...(embargo.value === undefined ? {} : { embargo_ms: embargo.value }), ...(expiry.value === undefined ? {} : { expiry_ms: expiry.value }),
  }
  if (expiry.value !== undefined && embargo.value !== undefined && expiry.value <= embargo.value) return invalid('instant')
  return formatLabel(label) === text ? ok(label) : invalid('form')
}
