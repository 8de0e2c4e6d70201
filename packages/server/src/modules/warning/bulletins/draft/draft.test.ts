import assert from 'node:assert/strict'
import { describe, it, test } from 'node:test'
import { bulletinSlots, findingKinds, languages } from '@hirundo/contract'
import fc from 'fast-check'
import { findingView } from '../testing/findings.ts'
import { wordsOf } from '../words.ts'
import { holdsContent } from './advised.ts'
import { defangAddress, defangText, networkOf } from './defang.ts'
import { draftAll, draftIn } from './draft.ts'
import { facetsOf } from './facts.ts'
import { titleOf, whatOf } from './observed.ts'

const steers = (text: string): boolean => ['\r', '\0', '\u202e'].some((sign) => text.includes(sign))
const whole = (text: object): string => Object.values(text).join('\n')

for (const language of languages) {
  describe(`a draft in ${language}`, () => {
    for (const kind of findingKinds) {
      it(`of ${kind} fills every slot, in order, with nothing left over`, () => {
        const text = draftIn(language, findingView(kind))
        for (const slot of ['title', ...bulletinSlots] as const) assert.notEqual(text[slot].trim(), '', slot)
        assert.doesNotMatch(whole(text), /undefined|NaN|\[object|\{[a-z_]+[,}]|bulletin\.|warn\./)
        assert.ok(text.title.length <= 200 && !text.title.includes('\n'))
      })
    }

    it('has numbers with unit, period and what they are out of, and says how sure', () => {
      const words = wordsOf(language)
      const { evidence, certainty, since } = draftIn(language, findingView('worm'))
      for (const part of ['123,456', '812', '12', '60', words.span('2026-11-20T10:00:00Z', '2026-11-20T12:00:00Z')]) assert.ok(evidence.includes(part), `${part} in ${evidence}`)
      for (const part of ['90', '10', words.value('variance_ratio', 0.98), words.figure('sensors')]) assert.ok(certainty.includes(part), `${part} in ${certainty}`)
      assert.ok(certainty.includes(words.say('not_actor')))
      assert.ok(since.includes('UTC') && since.includes(words.at('2026-11-20T10:31:00Z')))
    })

    it('says that nobody judged, that one sensor saw it, that it is simulated', () => {
      const words = wordsOf(language)
      const facts = findingView('spike', { sensors: 1, simulated: true, detector: { version: 1, parameters: {}, precision: { confirmed: 0, dismissed: 0, precision: null } } })
      const text = draftIn(language, facts)
      assert.ok(text.certainty.includes(words.say('certainty_unjudged')) && text.certainty.includes(words.say('certainty_one_sensor')))
      assert.ok(text.title.startsWith(`[${words.say('simulated_mark')}]`) && text.what.startsWith(words.say('simulated')))
    })
  })
}

test('the same finding gives the same texts', () => {
  assert.deepEqual(draftAll(findingView('campaign')), draftAll(structuredClone(findingView('campaign'))))
})

describe('who is named', () => {
  it('a victim is named to its own constituency only; others learn the network', () => {
    for (const kind of ['rsdos', 'drdos'] as const) {
      for (const language of languages) {
        const others = whole(draftIn(language, findingView(kind)))
        assert.ok(!/\[\.\]77|\[:\]77|100\.77|::77/.test(others), others)
        assert.ok(others.includes(kind === 'rsdos' ? '198[.]51[.]100[.]0/24' : '2001[:]db8[:]7[:][:]/48'))
        const own = draftIn(language, findingView(kind, { own: true }))
        assert.ok(own.title.includes(kind === 'rsdos' ? '198[.]51[.]100[.]77' : '2001[:]db8[:]7[:][:]77') && own.indicators.includes('77'))
      }
    }
  })

  it('the own team reads the victim in notices', () => {
    const words = wordsOf('en')
    assert.ok(titleOf(findingView('rsdos'), words, 'own-team').includes('198[.]51[.]100[.]77'))
    assert.ok(whatOf(findingView('rsdos'), words, 'own-team').includes('198[.]51[.]100[.]77'))
  })

  it('no address can be opened', () => {
    for (const kind of findingKinds) {
      const text = whole(draftIn('en', findingView(kind)))
      assert.doesNotMatch(text, /\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}|https?:|(?<!\[):\/\/|2001:db8|c2\.example/)
    }
  })

  it('a login is not passed on, a URL is, marked as content', () => {
    const login = findingView('new', { subject: { protocol: 'tcp', port: 23, novelty: 'credential', value: 'root/hunter2' } })
    assert.ok(!whole(draftIn('en', login)).includes('hunter2') && !holdsContent(login))
    assert.ok(draftIn('en', findingView('new')).indicators.includes('hxxp[://]203[.]0[.]113[.]66/a[.]sh') && holdsContent(findingView('new')))
    assert.ok(!holdsContent(findingView('new', { subject: { protocol: 'tcp', port: 23, novelty: 'url', value: null } })))
  })
})

describe('what strangers wrote', () => {
  const nasty = '<script>alert(1)</script>\r\nSubject: x\u202egnp.exe\u0000 {n, plural, one {x}} http://evil.example/ \'quoted\''
  it('stays one line of text in every slot', () => {
    const facts = findingView('campaign', { as_name: nasty, subject: { source: nasty, protocol: nasty, port: 1, signature: nasty, novelty: 'payload', value: nasty }, members: [nasty] })
    for (const language of languages) {
      const text = whole(draftIn(language, facts))
      assert.ok(!steers(text))
      assert.doesNotMatch(text, /^Subject/m)
      assert.doesNotMatch(text, /http:|evil\.example/)
    }
  })

  it('never breaks a draft', () => {
    const text = fc.string({ unit: 'binary', maxLength: 80 })
    fc.assert(fc.property(text, text, text, fc.constantFrom(...findingKinds), fc.constantFrom(...languages), (a, b, c, kind, language) => {
      const draft = draftIn(language, findingView(kind, { as_name: a, subject: { victim: b, source: b, protocol: c, port: 80, signature: a, value: c, novelty: 'url' }, members: [a, b, c] }))
      return Object.values(draft).every((slot) => slot.isWellFormed() && !steers(slot)) && draft.title.length <= 200
    }), { numRuns: 200 })
  })
})

test('evidence counts one as one, and says of what the ports are and how large the packets', () => {
  const { evidence } = draftIn('en', findingView('rsdos', { figures: { ports: 6, bytes: 323_752, estimated_ppm: 1_333_518_072 }, evidence: [{ query: { of: 'backscatter', from: '2026-11-20T10:00:00.000Z', to: '2026-11-20T12:00:00.000Z', research: 'exclude' }, packets: 1, sources: 1, sensors: 1 }], sensors_total: null }))
  for (const part of [': 1 packet,', '1 source address,', 'at 1 sensor ', '- ports of the victim: 6', '- size of all packets: 323,752 bytes', '1,330,000,000 packets a minute']) assert.ok(evidence.includes(part), `${part} in ${evidence}`)
  assert.doesNotMatch(evidence, /bytes: .* bytes|1 sources|1 packets/)
})

test('indicators name no port where there is none', () => {
  const of = (subject: object, own = false) => draftIn('en', findingView('rsdos', { subject, own })).indicators
  assert.match(of({ victim: '198.51.100.77', protocol: 'tcp' }), /^None: there is no port/)
  assert.match(of({ victim: '198.51.100.77', protocol: 'tcp', port: 443 }), /None beside the port\.$/)
  assert.doesNotMatch(of({ victim: '198.51.100.77', protocol: 'tcp' }, true), /None/)
})

test('addresses and texts are defanged, networks hide the machine', () => {
  assert.equal(defangAddress('192.0.2.1'), '192[.]0[.]2[.]1')
  assert.equal(defangText('wget https://a.b.example/x; ftp://1.2.3.4'), 'wget hxxps[://]a[.]b[.]example/x; ftp[://]1[.]2[.]3[.]4')
  assert.deepEqual(['192.0.2.200', '2001:db8:1:2::3', 'nonsense'].map(networkOf), ['192.0.2.0/24', '2001:db8:1::/48', ''])
})

test('facets: the port of the subject and ports among the members, nothing else', () => {
  assert.deepEqual(facetsOf(findingView('scan'), ['tcp/22', 'tcp/2222', '203.0.113.1', 'icmp/8']).ports, ['tcp/22', 'tcp/2222'])
  assert.deepEqual(facetsOf(findingView('drdos')), { kind: 'drdos', severity: 'warning', tlp: 'TLP:AMBER', ports: [], economies: ['XA'], asns: [64_500] })
})
