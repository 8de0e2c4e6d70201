import { Type, type Static, type TSchema } from 'typebox'
import { questionQuery, ResearchChoice } from './observatory.ts'
import { route } from './route.ts'
import { Instant, Name, Next, Nothing, pageQuery, UuidText } from './shapes.ts'

const Count = Type.Integer({ minimum: 0 })
const MaybeInstant = Type.Union([Instant, Type.Null()])
const MaybeText = Type.Union([Type.String(), Type.Null()])
const oneOf = <T extends string>(values: readonly T[], description?: string) =>
  Type.Unsafe<T>({ type: 'string', enum: [...values], ...(description === undefined ? {} : { description }) })

/** An answer about what answering sensors heard, with everything that a reader must know to judge it. */
export const heardAnswerOf = <D extends TSchema>(data: D) => Type.Object({
  from: Instant,
  to: Instant,
  sensors_heard: Type.Integer({ description: 'Sensors that sent an interaction in the range' }),
  sensors_total: Type.Integer({ description: 'Sensors that are asked about; most of them need not answer anybody' }),
  simulated: Type.Boolean({ description: 'At least one sensor of the question sends made-up traffic' }),
  research: ResearchChoice,
  tables_as_of: MaybeText,
  note: Type.Union([Type.Literal('location-of-address-not-of-actor'), Type.Null()]),
  data,
})

export const handshakes = ['none', 'completed', 'dialogue'] as const
export type Handshake = (typeof handshakes)[number]
const HandshakeName = oneOf(handshakes, 'none: the address may be forged. completed: it answered, so it is not forged. dialogue: it then spoke the protocol. None of them says that the machine is infected')

export const addressMarkKinds = ['cgnat', 'vpn', 'tor-exit', 'proxy', 'shared'] as const
export type AddressMarkKind = (typeof addressMarkKinds)[number]
export const AddressMark = Type.Object({
  kind: oneOf(addressMarkKinds, 'Why one address may stand for many people'),
  list: Type.String({ description: 'Name of the list that says so' }),
  as_of: Type.String({ description: 'Date of that list' }),
})
export type AddressMark = Static<typeof AddressMark>

export const Evidence = Type.Object({
  at: Instant,
  clock_error_ms: Type.Union([Type.Integer(), Type.Null()], { description: 'How far the sensor’s clock may be off; null: not known' }),
  sensor: Type.String(),
  transport: oneOf(['tcp', 'udp']),
  src_port: Type.Integer({ description: 'Behind CGNAT an ISP finds its customer only with it (RFC 6302)' }),
  dst_port: Type.Integer(),
  protocol: Type.String(),
  handshake: HandshakeName,
  requests: Count,
  bytes_in: Count,
  bytes_out: Count,
  duration_ms: Count,
  truncated: Type.Boolean(),
  payload_sha256: Type.Union([Type.String(), Type.Null()], { description: 'Null without the scope content:read (payloads are short, and a hash can be tried), or when nothing came' }),
  sample: Type.Union([Type.String(), Type.Null()], { description: 'First bytes of what came, in base64; null without the scope content:read, or when nothing came' }),
  logins: Type.Array(Type.Object({ user: MaybeText, password: MaybeText }), { description: 'Both null without the scope content:read' }),
  urls: Type.Array(Type.String(), { description: 'As the client wrote them; never fetched. Without the scope content:read: no user, password, query or fragment' }),
  facts: Type.Record(Type.String(), Type.String(), { description: 'By registered names. Without the scope content:read: only closed vocabularies, numbers and fingerprints' }),
  guess: Type.Union([Type.Object({ name: Type.String(), rule: Type.String() }), Type.Null()]),
})
export type Evidence = Static<typeof Evidence>

export const sourceEvidence = route({
  id: 'interactions.evidence', method: 'GET', path: '/sources/:address/evidence', needs: 'observatory:read',
  summary: 'What answering sensors heard from one source address, newest first, with the strength of each piece',
  params: Type.Object({ address: Type.String({ maxLength: 45 }) }),
  query: Type.Object({ ...questionQuery, ...pageQuery }),
  output: heardAnswerOf(Type.Object({
    source: Type.String(),
    strength: Type.Union([HandshakeName, Type.Null()], { description: 'Of the strongest piece; null: no answering sensor heard it' }),
    counts: Type.Object({ none: Count, completed: Count, dialogue: Count }),
    first_seen: MaybeInstant,
    last_seen: MaybeInstant,
    sensors: Count,
    marks: Type.Array(AddressMark),
    content: Type.Boolean({ description: 'Whether samples and logins are in this answer (scope content:read)' }),
    evidence: Type.Array(Evidence),
    next: Next,
  })),
  errors: ['request/invalid', 'sensor/not-found', 'query/too-wide', 'query/timeout', 'node/unavailable'],
})

export const heardKeys = [
  'sources', 'protocols', 'users', 'passwords', 'credentials', 'urls', 'paths', 'payloads', 'tools', 'ja4', 'functions', 'amplifiers',
] as const
export type HeardKey = (typeof heardKeys)[number]

export const HeardRow = Type.Object({
  rank: Type.Integer({ minimum: 1 }),
  key: Type.Union([Type.String(), Type.Null()], { description: 'null: hidden from who lacks the scope content:read' }),
  of: Type.Union([Type.String(), Type.Null()], { description: 'The user of a password, the protocol of a function, the rule of a tool' }),
  interactions: Count,
  requests: Count,
  sources: Count,
  sensors: Count,
  bytes_in: Count,
  bytes_out: Count,
  first_seen: Instant,
  last_seen: Instant,
})
export type HeardRow = Static<typeof HeardRow>
const listErrors = ['request/invalid', 'sensor/not-found', 'query/too-wide', 'query/timeout', 'node/unavailable'] as const

export const heardTop = route({
  id: 'interactions.top', method: 'GET', path: '/interactions/top/:what', needs: 'observatory:read',
  summary: 'What answering sensors heard most: logins, URLs, payloads, tools, functions of control systems, amplifiers …',
  params: Type.Object({ what: oneOf(heardKeys) }),
  query: Type.Object({ ...questionQuery, limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: '10 when absent' })) }),
  output: heardAnswerOf(Type.Object({
    content: Type.Boolean({ description: 'Whether users, passwords, payload hashes and whole URLs are in this answer (scope content:read)' }),
    rows: Type.Array(HeardRow),
  })),
  errors: listErrors,
})

export const heardSeries = route({
  id: 'interactions.series', method: 'GET', path: '/interactions/series', needs: 'observatory:read',
  summary: 'Interactions over time by strength of evidence',
  query: Type.Object({ ...questionQuery, step: Type.Optional(Type.Integer({ minimum: 60, maximum: 86_400, description: 'Seconds: 60 times a whole number that divides a day' })) }),
  output: heardAnswerOf(Type.Object({
    step_s: Type.Integer(),
    points: Type.Array(Type.Object({ at: Instant, none: Count, completed: Count, dialogue: Count, requests: Count, sources: Count })),
  })),
  errors: listErrors,
})

/**
 * When requests in one victim's name count as one attack. AmpPot: Krämer et al., RAID 2015; Hopscotch: Thomas et al.,
 * eCrime 2017. Platforms come to comparable results in spite of different settings (SoK, arXiv 2302.04614).
 */
export const attackDefinitions = {
  ampot: { packets_min: 100, gap_s: 600 },
  hopscotch: { packets_min: 5, gap_s: 900 },
} as const
export type AttackDefinition = keyof typeof attackDefinitions

export const drdosAttacks = route({
  id: 'interactions.drdos', method: 'GET', path: '/drdos', needs: 'observatory:read',
  summary: 'Reflection attacks by victim, as answering sensors were asked to take part in them; the settings stand beside the figure',
  query: Type.Object({
    ...questionQuery,
    definition: Type.Optional(oneOf(['ampot', 'hopscotch'] as const, 'ampot when absent; packets_min and gap_s replace its numbers')),
    packets_min: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
    gap_s: Type.Optional(Type.Integer({ minimum: 60, maximum: 86_400, description: 'The longest silence within an attack; records are folded to a minute' })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000, description: '100 when absent' })),
  }),
  output: heardAnswerOf(Type.Object({
    settings: Type.Object({
      definition: Type.Union([Type.Literal('ampot'), Type.Literal('hopscotch'), Type.Literal('own')]),
      packets_min: Type.Integer(), gap_s: Type.Integer(),
      pooled: Type.Literal('victim-and-protocol', { description: 'Requests of all sensors for one victim and protocol are looked at together' }),
    }),
    total: Count,
    attacks: Type.Array(Type.Object({
      victim: Type.String(), economy: Type.String(), asn: Count, as_name: Type.String(), protocol: Type.String(),
      start: Instant, end: Instant, requests: Count, bytes_in: Count, bytes_out: Count, sensors: Count,
      victim_ports: Type.Array(Type.Integer()), max_ppm: Count,
      running: Type.Boolean({ description: 'Its silence is shorter than the gap: it may go on' }),
    })),
  })),
  errors: listErrors,
})

export const indicatorKinds = ['users', 'passwords', 'urls', 'payloads'] as const
export const sharedIndicators = route({
  id: 'interactions.indicators', method: 'GET', path: '/interactions/indicators/:kind', needs: 'observatory:read',
  summary: 'Values as keyed HMACs, fit for sharing: only of what many sources sent; equal values match among those who hold the same key',
  params: Type.Object({ kind: oneOf(indicatorKinds) }),
  query: Type.Object({ ...questionQuery, limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000, description: '1000 when absent' })) }),
  output: heardAnswerOf(Type.Object({
    algorithm: Type.Literal('hmac-sha256'),
    key_id: Type.String({ description: 'Names the key without telling it: first 16 hexadecimal digits of its HMAC over hirundo-indicator-key-v1' }),
    sources_min: Type.Integer({ description: 'Values of fewer sources are left out' }),
    indicators: Type.Array(Type.Object({
      hmac: Type.String({ description: '64 hexadecimal digits over kind, a line feed and the value' }),
      sources_at_least: Type.Integer({ description: 'Rounded down to 5, 10, 20, 50, 100 …' }),
      first_day: Type.String({ description: 'UTC date' }), last_day: Type.String(),
    })),
  })),
  errors: listErrors,
})

export const setIndicatorKey = route({
  id: 'interactions.set-indicator-key', method: 'PUT', path: '/interactions/indicator-key', needs: 'node:operate', step_up: true,
  summary: 'Takes the key that a community shares, 32 to 64 bytes in base64; the one before is forgotten. The key is never shown',
  body: Type.Object({ key: Type.String({ minLength: 43, maxLength: 88 }) }),
  output: Type.Object({ key_id: Type.String() }),
  errors: ['request/invalid'],
})

export const DecoyView = Type.Object({
  id: UuidText,
  network: Type.String({ description: 'CIDR or address of our own honeypots and sensors that answer' }),
  note: Type.String(),
  created_by: Name,
  created_at: Instant,
})
export type DecoyView = Static<typeof DecoyView>

/** Private: these are addresses of our own sensors. Who may change sensors may see them, nobody else. */
export const listDecoys = route({
  id: 'decoys.list', method: 'GET', path: '/decoys', needs: 'sensors:write',
  summary: 'Register of own decoys: their addresses are kept out of every intake and report',
  output: Type.Object({ decoys: Type.Array(DecoyView) }),
  errors: [],
})
export const addDecoy = route({
  id: 'decoys.add', method: 'POST', path: '/decoys', needs: 'sensors:write',
  summary: 'Registers a network of own decoys; the same network again changes its note',
  body: Type.Object({ network: Type.String({ maxLength: 50 }), note: Type.Optional(Type.String({ maxLength: 200 })) }),
  output: DecoyView,
  errors: ['request/invalid', 'decoy/too-many'],
})
export const removeDecoy = route({
  id: 'decoys.remove', method: 'DELETE', path: '/decoys/:id', needs: 'sensors:write',
  summary: 'Takes a network out of the register',
  params: Type.Object({ id: UuidText }),
  output: Nothing,
  errors: ['decoy/not-found'],
})

export const MarkList = Type.Object({
  list: Name, kind: oneOf(addressMarkKinds), as_of: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }), networks: Count, loaded_at: Instant,
})
export type MarkList = Static<typeof MarkList>
export const listMarks = route({
  id: 'marks.list', method: 'GET', path: '/address-marks', needs: 'observatory:read',
  summary: 'Lists of addresses that stand for many people (CGNAT, VPN, Tor exits, proxies)',
  output: Type.Object({ lists: Type.Array(MarkList) }),
  errors: [],
})
export const loadMarks = route({
  id: 'marks.load', method: 'PUT', path: '/address-marks/:list', needs: 'node:operate',
  summary: 'Loads or replaces a list: one CIDR or address a line, # begins a comment',
  params: Type.Object({ list: Name }),
  query: Type.Object({ kind: oneOf(addressMarkKinds), as_of: Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' }) }),
  raw_body: 'text/plain',
  output: MarkList,
  errors: ['request/invalid'],
})
export const removeMarks = route({
  id: 'marks.remove', method: 'DELETE', path: '/address-marks/:list', needs: 'node:operate',
  summary: 'Removes a list',
  params: Type.Object({ list: Name }),
  output: Nothing,
  errors: ['marks/not-found'],
})

/** Routes about what answering sensors heard. */
export const interactionRoutes = [
  sourceEvidence, heardTop, heardSeries, drdosAttacks, sharedIndicators, setIndicatorKey, listDecoys, addDecoy, removeDecoy, listMarks, loadMarks, removeMarks,
] as const
