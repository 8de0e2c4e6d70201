import { useText } from '../../text/text.tsx'
import { Page } from '../page.tsx'
import { Colours } from './colours.tsx'
import { RankFigures, TimeFigures } from './figures.tsx'
import { Buttons, Fields } from './inputs.tsx'
import { Dialogs, States } from './states.tsx'
import { Tables } from './tables.tsx'
import './gallery.css'

/** Every component in every state, in the reader's language: what is not here is not part of the design. */
export function GalleryPage() {
  const t = useText()
  return (
    <Page name={t('node.gallery')} sentence={t('node.gallery_page')}>
      <Colours />
      <Buttons />
      <Fields />
      <Tables />
      <TimeFigures />
      <RankFigures />
      <States />
      <Dialogs />
    </Page>
  )
}
