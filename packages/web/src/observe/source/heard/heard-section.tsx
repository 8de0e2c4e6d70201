import { handshakes, type Handshake } from '@hirundo/contract'
import { useFormat } from '../../../text/format.ts'
import { useText, type TextKey } from '../../../text/text.tsx'
import { Button } from '../../../ui/button.tsx'
import { Answered, Notice } from '../../../ui/state.tsx'
import { useParam } from '../../../node/use-param.ts'
import '../../answering/answering.css'
import { Sentences } from '../../answering/sentences.tsx'
import type { Asking } from '../../question/question.ts'
import { EvidenceList } from './evidence-list.tsx'
import './heard.css'
import { MarksNotice } from './marks-notice.tsx'
import { PieceDrawer } from './piece-drawer.tsx'
import { pieceKey } from './piece-key.ts'
import { useEvidence, type EvidenceAnswer } from './use-evidence.ts'

const order = handshakes.toReversed()
const proves: Readonly<Record<Handshake, readonly TextKey[]>> = {
  none: ['answering.proves_none', 'heard.reflection'], completed: ['answering.proves_handshake'], dialogue: ['answering.proves_handshake', 'answering.proves_dialogue'],
}

/** How strong the strongest piece is, in words that claim no more. */
function StrengthNotice({ answer: { data }, strength }: { readonly answer: EvidenceAnswer; readonly strength: Handshake }) {
  const t = useText()
  const format = useFormat()
  return (
    <Notice>
      <strong>{t(`heard.strength_${strength}`)}</strong>
      <span><Sentences texts={proves[strength].map((key) => t(key))} /></span>
      <dl className="strengths">{order.map((one) => <div key={one}><dt>{t(`answering.${one}`)}</dt><dd data-value>{format.number(data.counts[one])}</dd></div>)}</dl>
      <span className="quiet">{t('heard.when', { sensors: data.sensors, first: data.first_seen === null ? '—' : format.second(data.first_seen), last: data.last_seen === null ? '—' : format.second(data.last_seen) })}</span>
    </Notice>
  )
}

/** Everything that answering sensors heard of one address, with its strength. */
export function HeardSection({ address, asking }: { readonly address: string; readonly asking: Asking }) {
  const t = useText()
  const { answer, has_more, busy, more } = useEvidence(address, asking)
  const [chosen, choose] = useParam('piece')
  const piece = answer.data?.pieces.find((one) => pieceKey(one) === chosen)
  return (
    <section className="stack heard-section" aria-labelledby="heard">
      <h2 id="heard">{t('heard.title')}</h2>
      <Answered answer={answer} lines={6}>
        {(heard) => {
          const { strength, marks } = heard.first.data
          return (
            <>
              <MarksNotice marks={marks} />
              {strength === null ? <p className="quiet">{t('heard.nothing')}</p> : <StrengthNotice answer={heard.first} strength={strength} />}
              {heard.pieces.length > 0 && <EvidenceList asking={asking} heard={heard} />}
              {has_more && <div><Button isPending={busy} onPress={more}>{t('ui.more')}</Button></div>}
            </>
          )
        }}
      </Answered>
      {piece && <PieceDrawer piece={piece} content={answer.data!.first.data.content} onClose={() => choose(undefined)} />}
    </section>
  )
}
